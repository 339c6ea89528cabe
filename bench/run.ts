import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { loadEngines } from './engines/index.ts'
import { nodePackages } from './engines/packages-node.ts'
import { timeFirstCalls } from './first-calls.ts'
import { quick, thorough } from './interleave.ts'
import { measureLarge } from './large.ts'
import type { BenchLayer } from './layers.ts'
import { everywhere, type Measures, measureParts } from './measure.ts'
import type { Options } from './options.ts'
import { needsEngines } from './parts.ts'
import type { Results } from './results.ts'
import { steadyStates } from './steady-states.ts'

/** Measures what was asked for in this process. */
export async function runBench(layers: readonly BenchLayer[], options: Options): Promise<Results> {
  const measures: Measures = {
    ...everywhere,
    'first-calls': async () => ({
      firstCalls: await timeFirstCalls(options.layers, options.only, options.quick ? 3 : 7),
    }),
    steady: async () => ({ steadyStates: steadyStates() }),
    large: async () => ({ large: await measureLarge() }),
  }
  const peers = needsEngines(options.parts) ? options.peers : []
  const engines = await loadEngines(samepadVersion(), peers, nodePackages)
  const budget = options.quick ? quick : thorough
  const host = `Node ${process.version}`
  return measureParts(
    options.parts,
    measures,
    { layers, engines, budget, packages: nodePackages, peers, only: options.only },
    { ...processor(), host },
  )
}

/** The version of samepad that is here. */
export function samepadVersion(): string {
  const manifest = join(import.meta.dirname, '..', 'package.json')
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

export function processor(): { readonly cpu: string; readonly cores: number } {
  return { cpu: cpus()[0].model.trim(), cores: cpus().length }
}
