import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { loadEngines } from './engines/index.ts'
import { timeFirstCalls } from './first-calls.ts'
import { measureGrowth } from './growth.ts'
import { counts, quick, thorough } from './interleave.ts'
import type { BenchLayer } from './layers.ts'
import type { Options } from './options.ts'
import type { Results } from './results.ts'
import { sameToValid } from './same-to-valid.ts'
import { steadyStates } from './steady-states.ts'
import { timeLayers } from './time-layers.ts'

/** Measures everything, one thing after the other. */
export async function runBench(layers: readonly BenchLayer[], options: Options): Promise<Results> {
  const manifest = join(import.meta.dirname, '..', 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const budget = options.quick ? quick : thorough
  const engines = await loadEngines(version)
  const timed = await timeLayers(layers, engines, budget)
  return {
    ...timed,
    machine: {
      cpu: cpus()[0].model.trim(),
      cores: cpus().length,
      node: process.version,
      versions: Object.fromEntries(engines.map((engine) => [engine.name, engine.version])),
    },
    firstCalls: await timeFirstCalls(options.layers, options.only, options.quick ? 3 : 7),
    sameToValid: await sameToValid(layers, budget),
    steadyStates: steadyStates(),
    growth: options.growth ? await measureGrowth(engines, budget) : [],
    disturbed: counts.disturbed / counts.runs,
  }
}
