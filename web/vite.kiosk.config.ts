import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The agent serves the folder as it is, so the page must be called index.html. */
const asIndex: Plugin = {
  name: 'kiosk-as-index',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const page = bundle['kiosk.html'];
    if (page !== undefined) page.fileName = 'index.html';
  },
};

/** The cabinet's own screen: kiosk.html -> dist-kiosk, served by the edge agent on loopback. */
export default defineConfig({
  plugins: [react(), asIndex],
  base: './',
  publicDir: 'public',
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist-kiosk',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: 'kiosk.html' },
  },
});
