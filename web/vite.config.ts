import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The dashboard: index.html -> dist, served by the cloud. `npx vite` proxies to a running cloud. */
const cloud = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': cloud, '/live': { target: cloud, ws: true } } },
});
