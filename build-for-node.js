// Writes dist/node: what Node loads. Every file that it opens takes a third of a millisecond, and samepad has hundreds; so each
// entry is one file there, with files for what several of them share. Bundlers take the modules, of which they drop what is not used.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build } from 'esbuild'

const { exports, bin } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const entries = Object.values(exports).filter((entry) => typeof entry !== 'string')

await build({
  entryPoints: [
    ...entries.map((entry) => ({ in: entry.default, out: basename(entry.node, '.js') })),
    { in: 'dist/cli/main.js', out: basename(bin.samepad, '.js') },
  ],
  outdir: 'dist/node',
  chunkNames: 'shared-[hash]',
  ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' },
})
