import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Peer, peers } from './engines/peers.ts'
import { type Host, usualHosts } from './hosts.ts'
import type { BenchLayer } from './layers.ts'
import { measureOn } from './on-hosts.ts'
import type { Options } from './options.ts'
import { pageOf } from './page.ts'
import { type Part, parts } from './parts.ts'
import { drawGrowth } from './plot.ts'
import { isAtFault, type Results } from './results.ts'
import { withSectionsOf } from './section.ts'

const root = join(import.meta.dirname, '..')
/** Slow engines and what takes memory are measured on the first host, whose section is the longest. */
const first: Host = 'node24'

/**
 * Runs the bench everywhere and writes docs/bench.md and docs/bench-growth.svg from what was found.
 *
 * @returns the exit code
 */
export async function writeDocs(layers: readonly BenchLayer[], options: Options): Promise<number> {
  const build = join(root, 'build')
  mkdirSync(build, { recursive: true })
  const everything = { parts: Object.keys(parts) as Part[], peers: Object.keys(peers) as Peer[] }
  const elsewhere = everything.parts.filter((part) => part !== 'growth' && part !== 'large')
  const hosts = options.on.length > 0 ? options.on : [first, ...usualHosts.filter((host) => host !== first)]
  const found: Results[] = []
  for (const [index, host] of hosts.entries()) {
    const asked = index === 0 ? everything : { parts: elsewhere, peers: options.peers }
    const results = await measureOn(host, { ...options, ...asked })
    writeFileSync(join(build, `bench-${host}.json`), `${JSON.stringify(results, null, 2)}\n`)
    found.push(results)
  }
  for (const { failures, machine } of found) {
    for (const { part, error } of failures) console.error(`${machine.host}: ${part}: ${error}`)
  }
  if (found.some(isAtFault)) return 1
  writeFileSync(join(root, 'docs', 'bench-growth.svg'), drawGrowth(found[0]))
  const path = join(root, 'docs', 'bench.md')
  const lines = pageOf(
    found,
    layers.map(({ name }) => name),
  )
  writeFileSync(path, withSectionsOf(lines.join('\n'), readFileSync(path, 'utf8')))
  return 0
}
