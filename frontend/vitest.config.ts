import { defineConfig, mergeConfig } from "vitest/config";
import viteConfig from "./vite.config";

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      environment: "jsdom",
      environmentOptions: { jsdom: { url: "http://lamla.test/" } },
      setupFiles: ["src/testing/setup.ts"],
      restoreMocks: true,
    },
  }),
);
