import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The control serves the folder as it is, so the page must be called index.html. */
const asIndex: Plugin = {
  name: 'simulator-as-index',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const page = bundle['simulator.html'];
    if (page !== undefined) page.fileName = 'index.html';
  },
};

/** A simulated cabinet to play with: simulator.html -> dist-simulator, served by the control of each simulator. */
export default defineConfig({
  plugins: [react(), asIndex],
  base: './',
  publicDir: 'public',
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist-simulator',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: 'simulator.html' },
  },
});
