import { measureBetween } from './between/measure-between.ts'
import type { Engine } from './engines/engine.ts'
import type { Packages } from './engines/packages.ts'
import type { Peer } from './engines/peers.ts'
import { epiloguePrices } from './epilogues.ts'
import { measureFace } from './face/measure-face.ts'
import { measureGrowth } from './growth.ts'
import { measureInTurns } from './in-turns.ts'
import { type Budget, counts } from './interleave.ts'
import type { BenchLayer } from './layers.ts'
import { measureNewSizes } from './new-sizes.ts'
import type { Part } from './parts.ts'
import type { Failure, Machine, Results } from './results.ts'
import { sameToValid } from './same-to-valid.ts'
import { timeLayers, timeLimit } from './time-layers.ts'

/** What a part of the bench works on. */
export interface Context {
  readonly layers: readonly BenchLayer[]
  readonly engines: readonly Engine[]
  readonly budget: Budget
  /** Where other engines come from, which of them were asked for, and a part of the names of what to run. */
  readonly packages: Packages
  readonly peers: readonly Peer[]
  readonly only: string
}

type Measure = (context: Context) => Promise<Partial<Results>>

/** How parts are measured, in this order. */
export type Measures = Readonly<Partial<Record<Part, Measure>>>

/** The parts that any host can measure. */
export const everywhere: Measures = {
  layers: ({ layers, engines, budget }) => timeLayers(layers, engines, budget),
  padding: async ({ layers, budget }) => ({ sameToValid: await sameToValid(layers, budget) }),
  epilogues: async ({ layers, budget }) => ({ epilogues: await epiloguePrices(layers, budget) }),
  'new-sizes': async ({ layers }) => ({ newSizes: await measureNewSizes(layers) }),
  'in-turns': async () => ({ inTurns: [await measureInTurns()] }),
  between: async ({ packages, peers, only, budget }) => ({
    between: await measureBetween(packages, peers, only, budget),
  }),
  face: async ({ packages, peers, budget }) => ({ face: await measureFace(packages, peers, budget) }),
  growth: async ({ engines, budget }) => ({ growth: await measureGrowth(engines, budget) }),
}

/** Measures what was asked for and the host can, one part after the other. One that fails takes none of the others with it. */
export async function measureParts(
  parts: readonly Part[],
  measures: Measures,
  context: Context,
  machine: Omit<Machine, 'versions'>,
): Promise<Results> {
  const limit = await timeLimit(context.budget)
  const found: Partial<Results>[] = []
  const failures: Failure[] = []
  for (const [part, measure] of Object.entries(measures) as [Part, Measure][]) {
    if (!parts.includes(part)) continue
    try {
      found.push(await measure(context))
    } catch (error) {
      failures.push({ part, error: error instanceof Error ? error.message : String(error) })
    }
  }
  const versions = Object.fromEntries(context.engines.map(({ name, version }) => [name, version]))
  const nothing = { rows: [], disagreements: [], notes: [], arrays: [], firstCalls: [], sameToValid: [], epilogues: [] }
  return Object.assign(
    {
      ...{ limit, machine: { ...machine, versions }, ...nothing },
      ...{ steadyStates: [], newSizes: [], inTurns: [], large: [], growth: [], between: [], face: [] },
    },
    ...found,
    { failures, disturbed: counts.runs > 0 ? counts.disturbed / counts.runs : 0 },
  )
}
