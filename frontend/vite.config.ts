import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { firstLoadBudget } from "./vite/first-load.ts";
import { paintFirst } from "./vite/paint-first.ts";
import { precompressed } from "./vite/precompressed.ts";
import { serviceWorker } from "./vite/service-worker.ts";

const GATEWAY_URL = process.env.GATEWAY_URL ?? "http://localhost:8000";
const GATEWAY_PATHS = ["/api", "/health", "/admin", "/_allauth"];

/** What the first load fetches beside the page's own chunk. */
const FIRST_PARTS = [
  "/components/markdown/markdown.tsx",
  "/app/offline-desk.tsx",
  "/features/offline/state/query-keeper.ts",
  "/features/chat/components/queued-messages.tsx",
];

const INITIAL = ["$initial" as const];

/**
 * What the page always needs is one file: in many small ones it compresses worse, and each of them is a request.
 * What fetches parts is apart from it, since the page of diagrams has it, too.
 */
const GROUPS = [
  { name: "fetching", tags: INITIAL, test: /vite\/preload-helper/, priority: 1 },
  {
    name: "page",
    tags: INITIAL,
    test: /^(?!.*\/node_modules\/).*\/src\/(?!main|diagram-page|components\/diagram)|\/node_modules\/(?:react|react-dom|scheduler|@tanstack|wouter|lucide-react)\//,
  },
];

/** What is kept for when there is no line, though nothing fetches it before it is needed. */
const KEPT_PARTS = ["/components/ui/opened-menu.tsx"];

/** On a weak line each kB of the first load is a wait: what is not needed for it is fetched late (docs/page.md). */
const FIRST_LOAD_MAX_KB = 180;

/** Drops the woff and ttf copies of formula fonts: every browser that runs this page reads woff2. */
function woff2Only(): Plugin {
  return {
    name: "woff2-only",
    enforce: "pre",
    transform: (code, id) =>
      id.includes("katex") && id.endsWith(".css")
        ? code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\("(?:woff|truetype)"\)/g, "")
        : null,
  };
}

export default defineConfig({
  plugins: [
    react(),
    woff2Only(),
    paintFirst(),
    serviceWorker({ late: [...FIRST_PARTS, ...KEPT_PARTS] }),
    firstLoadBudget({ late: FIRST_PARTS, maxKb: FIRST_LOAD_MAX_KB }),
    precompressed(),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    port: 3000,
    strictPort: true,
    // The Host header stays the browser's own, so that the gateway's origin check sees one origin.
    proxy: Object.fromEntries(GATEWAY_PATHS.map((path) => [path, { target: GATEWAY_URL }])),
  },
  // Fonts and images stay files: the content security policy then needs no data: addresses.
  // Diagrams are drawn in a page of their own: src/diagram-page.
  build: {
    assetsInlineLimit: 0,
    // Where a browser cannot preload, nothing is lost but that.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["index.html", "diagram.html"],
      output: { codeSplitting: { groups: GROUPS } },
    },
  },
});
