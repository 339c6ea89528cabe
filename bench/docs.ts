import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchLayer } from './layers.ts'
import { again, node24 } from './machine.ts'
import type { Options } from './options.ts'
import { pageOf } from './page.ts'
import { parts } from './parts.ts'
import { drawGrowth } from './plot.ts'
import type { Results } from './results.ts'

const root = join(import.meta.dirname, '..')

/**
 * Runs the bench on this Node and on Node 24 and writes docs/bench.md and docs/bench-growth.svg from what they found.
 *
 * @returns the exit code
 */
export function writeDocs(layers: readonly BenchLayer[], { only, quick, layers: file }: Options): number {
  const nodes = { node24: node24(), ...(process.version.startsWith('v24') ? {} : { here: process.execPath }) }
  const folder = join(root, 'build')
  mkdirSync(folder, { recursive: true })
  const found: Results[] = []
  for (const [name, node] of Object.entries(nodes)) {
    const json = join(folder, `bench-${name}.json`)
    const rest = [...(only ? ['--only', only] : []), ...(quick ? ['--quick'] : [])]
    const code = again(node, ['--parts', Object.keys(parts).join(','), '--json', json, '--layers', file, ...rest])
    if (code !== 0) return code
    found.push(JSON.parse(readFileSync(json, 'utf8')) as Results)
  }
  const names = layers.map(({ name }) => name)
  writeFileSync(join(root, 'docs', 'bench-growth.svg'), drawGrowth(found[0]))
  writeFileSync(join(root, 'docs', 'bench.md'), `${pageOf(found, names).join('\n')}\n`)
  return 0
}
