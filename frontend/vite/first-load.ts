import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

/** The addresses of the entry's chunk, of the late ones, of all that they import, and of their styles. */
export function firstLoad(bundle: Rolldown.OutputBundle, late: string[]): string[] {
  const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
  const isLate = (id: string | null) => late.some((module) => id?.endsWith(module));
  const begun = chunks.filter(
    ({ isEntry, facadeModuleId }) =>
      (isEntry && facadeModuleId?.endsWith("index.html")) || isLate(facadeModuleId),
  );
  const names = new Set<string>();
  const add = (chunk: Rolldown.OutputChunk | undefined) => {
    if (!chunk || names.has(chunk.fileName)) return;
    names.add(chunk.fileName);
    for (const style of chunk.viteMetadata?.importedCss ?? []) names.add(style);
    for (const name of chunk.imports) add(chunks.find(({ fileName }) => fileName === name));
  };
  for (const chunk of begun) add(chunk);
  return [...names].map((name) => `/${name}`).sort();
}

/** Ends the build when the scripts of the first load take more than `maxKb` together, gzipped, in kB of 1,000 bytes. */
export function firstLoadBudget({ late, maxKb }: { late: string[]; maxKb: number }): Plugin {
  // A build that is not minified is for somebody who reads it.
  let isServed = true;
  return {
    name: "first-load-budget",
    apply: "build",
    configResolved: ({ build }) => {
      isServed = build.minify !== false;
    },
    generateBundle(_, bundle) {
      const files = firstLoad(bundle, late);
      const bytes = Object.values(bundle)
        .filter((output) => output.type === "chunk")
        .filter(({ fileName }) => files.includes(`/${fileName}`))
        .reduce((sum, { code }) => sum + gzipSync(code).length, 0);
      const said = `the first load takes ${(bytes / 1_000).toFixed(1)} kB of JavaScript; the limit is ${maxKb}`;
      if (isServed && bytes > maxKb * 1_000) this.error(said);
      this.info(said);
    },
  };
}
