import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { entries } from './entries.ts'
import { pageWorkers } from './page-workers.ts'

/** Previews of links need the whole address of their picture: EXPLORER_ADDRESS=https://host/folder/ of the build. */
function address(): Plugin {
  const home = process.env.EXPLORER_ADDRESS ?? './'
  return { name: 'address', transformIndexHtml: (html) => html.replaceAll('%EXPLORER_ADDRESS%', home) }
}

// The page: `npm run explorer` serves it, `npm run explorer:build` writes it to explorer/dist for any static host.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './', // a page in any folder of a host
  resolve: { alias: entries },
  plugins: [pageWorkers(), address()],
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
