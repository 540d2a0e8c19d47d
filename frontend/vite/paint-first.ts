import type { Plugin } from "vite";

/** Lets the page's shape and its style come before its scripts, which are far larger: on a slow line they share it. */
export function paintFirst(): Plugin {
  return {
    name: "paint-first",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html) =>
        html.replace(/<(?:script type="module"|link rel="modulepreload")/g, '$& fetchpriority="low"'),
    },
  };
}
