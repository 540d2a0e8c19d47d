import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const GATEWAY_URL = process.env.GATEWAY_URL ?? "http://localhost:8000";
const GATEWAY_PATHS = ["/api", "/health", "/admin", "/_allauth"];

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
  plugins: [react(), woff2Only()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    port: 3000,
    strictPort: true,
    // The Host header stays the browser's own, so that the gateway's origin check sees one origin.
    proxy: Object.fromEntries(GATEWAY_PATHS.map((path) => [path, { target: GATEWAY_URL }])),
  },
  // Fonts and images stay files: the content security policy then needs no data: addresses.
  build: { assetsInlineLimit: 0 },
});
