import { defineConfig } from "vitest/config";

/** Apart from the UI's own tests, since these need a running gateway: backend/tests/test_ai_sdk.py starts one. */
export default defineConfig({
  test: {
    include: ["ai-sdk/*.live.tsx"],
    environment: "jsdom",
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
