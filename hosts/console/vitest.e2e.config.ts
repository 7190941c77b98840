import { defineConfig } from "vitest/config";

// The console in a real browser against a real hubchat with its fake providers. One file after another: each has a
// server and a browser of its own.
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/**/*.e2e.ts"],
    fileParallelism: false,
    retry: 0,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ["verbose"],
  },
});
