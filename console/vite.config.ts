import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  // The client's sources, of this checkout: nothing is installed or built for them.
  resolve: {
    alias: {
      "webctp-client": decodeURIComponent(
        new URL("../clients/typescript/src/index.ts", import.meta.url).pathname,
      ),
    },
  },
  build: {
    outDir: "../webctp/console",
    emptyOutDir: true,
    target: "es2022",
    // A data: URL in a style would need a looser policy; a preload's polyfill would be inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // In all the page has 300 kB compressed at the most, which a test holds.
    chunkSizeWarningLimit: 1000,
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
