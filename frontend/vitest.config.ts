import { defineConfig, mergeConfig } from "vitest/config";
import viteConfig from "./vite.config.ts";

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      environment: "jsdom",
      environmentOptions: { jsdom: { url: "http://lamla.test/" } },
      setupFiles: ["src/testing/setup.ts"],
      restoreMocks: true,
      // Generous: a limit is there to end what hangs, not to measure a busy machine.
      testTimeout: 30_000,
    },
  }),
);
