import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

const server = process.env.ZLAHODA_DEV_SERVER ?? "http://127.0.0.1:8000";

/** The first script is small and loads the program: the page names the program's files itself, so that they do not wait for that script. */
function preloadProgram(): Plugin {
  return {
    name: "preload-program",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) => {
        const files = new Set<string>();
        const styles = new Set<string>();
        const add = (file: string) => {
          const chunk = bundle[file];
          if (chunk?.type !== "chunk" || files.has(file)) return;
          files.add(file);
          for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style);
          for (const imported of chunk.imports) add(imported);
        };
        for (const chunk of Object.values(bundle)) if (chunk.type === "chunk" && chunk.name === "start") add(chunk.fileName);
        const link = (rel: string, file: string) => ({ tag: "link", attrs: { rel, crossorigin: true, href: `/${file}` } });
        return [...[...files].map((file) => link("modulepreload", file)), ...[...styles].map((style) => link("stylesheet", style))];
      },
    },
  };
}

export default defineConfig({
  plugins: [
    react(),
    preloadProgram(),
    VitePWA({
      strategies: "generateSW",
      registerType: "prompt",
      injectRegister: false,
      manifest: {
        name: "Злагода",
        short_name: "Злагода",
        description: "Спільна робота органів влади над проєктами актів",
        lang: "uk",
        start_url: "/",
        scope: "/",
        display: "standalone",
        background_color: "#f6f7f9",
        theme_color: "#1f4fa3",
        icons: [
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
        ],
      },
      workbox: {
        // Only the alphabets the product is written in are kept for offline work; the rest loads when a text needs it.
        globPatterns: ["**/*.{js,css,html,svg,png}", "assets/*-{latin,cyrillic}-*.woff2"],
        globIgnores: ["assets/*-{latin,cyrillic}-ext-*.woff2"],
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/api\//, /^\/sync(\/|$)/, /^\/healthz/, /^\/readyz/, /^\/metrics/],
        cleanupOutdatedCaches: true,
        clientsClaim: false,
        skipWaiting: false,
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
      },
    }),
  ],
  build: {
    outDir: "../server/static",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "edge123", "firefox121", "safari17.5"],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  server: {
    fs: { allow: [".."] },
    proxy: {
      "/api": { target: server },
      "/healthz": { target: server },
      "/readyz": { target: server },
      "/sync": { target: server, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./src/setup-tests.ts"],
  },
});
