import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Engine } from './engines/engine.ts'
import { loadEngines } from './engines/index.ts'
import { timeFirstCalls } from './first-calls.ts'
import { measureGrowth } from './growth.ts'
import { measureInTurns } from './in-turns.ts'
import { type Budget, counts, quick, thorough } from './interleave.ts'
import type { BenchLayer } from './layers.ts'
import { measureNewSizes } from './new-sizes.ts'
import type { Options } from './options.ts'
import type { Part } from './parts.ts'
import type { Results } from './results.ts'
import { sameToValid } from './same-to-valid.ts'
import { steadyStates } from './steady-states.ts'
import { timeLayers, timeLimit } from './time-layers.ts'

interface Context {
  readonly layers: readonly BenchLayer[]
  readonly engines: readonly Engine[]
  readonly budget: Budget
  readonly options: Options
}

/** How each part is measured, in this order. */
const measures: Readonly<Record<Part, (context: Context) => Promise<Partial<Results>>>> = {
  layers: ({ layers, engines, budget }) => timeLayers(layers, engines, budget),
  'first-calls': async ({ options: { layers, only, quick } }) => ({
    firstCalls: await timeFirstCalls(layers, only, quick ? 3 : 7),
  }),
  padding: async ({ layers, budget }) => ({ sameToValid: await sameToValid(layers, budget) }),
  steady: async () => ({ steadyStates: steadyStates() }),
  'new-sizes': async ({ layers }) => ({ newSizes: await measureNewSizes(layers) }),
  'in-turns': async () => ({ inTurns: [await measureInTurns()] }),
  growth: async ({ engines, budget }) => ({ growth: await measureGrowth(engines, budget) }),
}

/** Measures what was asked for, one thing after the other. */
export async function runBench(layers: readonly BenchLayer[], options: Options): Promise<Results> {
  const manifest = join(import.meta.dirname, '..', 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const needsEngines = options.parts.some((part) => part === 'layers' || part === 'growth')
  const engines = needsEngines ? await loadEngines(version) : []
  const context = { layers, engines, options, budget: options.quick ? quick : thorough }
  const nothing = { limit: await timeLimit(context.budget), rows: [], disagreements: [], notes: [], arrays: [] }
  const lists = { firstCalls: [], sameToValid: [], steadyStates: [], newSizes: [], inTurns: [], growth: [] }
  const found: Partial<Results>[] = []
  for (const [part, measure] of Object.entries(measures)) {
    if (options.parts.includes(part as Part)) found.push(await measure(context))
  }
  return Object.assign(
    {
      ...nothing,
      ...lists,
      machine: {
        cpu: cpus()[0].model.trim(),
        cores: cpus().length,
        node: process.version,
        versions: { samepad: version, ...Object.fromEntries(engines.map(({ name, version }) => [name, version])) },
      },
      disturbed: counts.runs > 0 ? counts.disturbed / counts.runs : 0,
    },
    ...found,
  )
}
