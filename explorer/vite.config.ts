import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { entries } from './entries.ts'
import { pageWorkers } from './page-workers.ts'

// The page: `npm run explorer` serves it, `npm run explorer:build` writes it to explorer/dist for any static host.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './', // a page in any folder of a host
  resolve: { alias: entries },
  plugins: [pageWorkers()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A file for what the same parts of the page share: nobody loads what it does not use, and nothing is loaded twice.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, entriesAware: true }] } },
    },
    assetsInlineLimit: 0, // the page's policy allows no data: addresses
  },
})
