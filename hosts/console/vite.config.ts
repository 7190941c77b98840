import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { firstLoadGroups } from "./scripts/firstLoad.ts";

/** The hubchat that a console in development talks to. */
const server = process.env.HUBCHAT_URL ?? "http://127.0.0.1:8080";

// The Host header stays that of the page: hubchat takes log-ins from pages of its own origin only.
const proxy = {
  "/api": { target: server, ws: true },
  "/media": { target: server },
};

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { port: 5173, strictPort: true, host: "localhost", proxy },
  preview: { port: 4173, strictPort: true, host: "localhost", proxy },
  build: {
    target: "es2022",
    manifest: true,
    // Small files would become data: addresses, which a strict content policy refuses.
    assetsInlineLimit: 0,
    // The libraries are one file on purpose; scripts/budget.mjs weighs what matters.
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: firstLoadGroups() } } },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
