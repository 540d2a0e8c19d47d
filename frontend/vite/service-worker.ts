import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Plugin, transformWithOxc } from "vite";
import { firstLoad } from "./first-load.ts";

const PLACE = fileURLToPath(new URL("../service-worker/", import.meta.url));
/** What the page has to have beside its assets, to open without a line. */
const PUBLIC = ["/theme.js", "/favicon.svg", "/manifest.webmanifest"];

/**
 * Builds `sw.js`, which knows the files that the first load uses, and `sw-off.js`, which takes it away again.
 *
 * `late` names modules that are fetched by an `import()` and are kept with the first load all the same.
 */
export function serviceWorker({ late }: { late: string[] }): Plugin {
  let publicDir = "";
  return {
    name: "service-worker",
    apply: "build",
    configResolved: (config) => {
      publicDir = config.publicDir;
    },
    async generateBundle(_, bundle) {
      const files = ["/", ...PUBLIC, ...firstLoad(bundle, late)];
      const html = Object.values(bundle).find(({ fileName }) => fileName === "index.html");
      const contents = await Promise.all(PUBLIC.map((name) => readFile(publicDir + name, "utf8")));
      const version = hashOf([...files, ...contents, html?.type === "asset" ? String(html.source) : ""]);
      const known = { __FILES__: JSON.stringify(files), __VERSION__: JSON.stringify(version) };
      this.emitFile({ type: "asset", fileName: "sw.js", source: await script("worker.ts", known) });
      this.emitFile({ type: "asset", fileName: "sw-off.js", source: await script("off.ts", {}) });
    },
  };
}

function hashOf(parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);
}

async function script(file: string, known: Record<string, string>): Promise<string> {
  const source = await readFile(PLACE + file, "utf8");
  const { code } = await transformWithOxc(source, file, { sourcemap: false });
  return Object.entries(known).reduce((text, [name, value]) => text.replaceAll(name, () => value), code);
}
