import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["specs/**/*.test.ts"],
    environment: "node",
    testTimeout: 120_000, // a slow machine is no failure
  },
});
