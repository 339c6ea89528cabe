import { type Axis, interior } from '../geometry/index.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { planChannels } from './channels.ts'
import { planDense } from './dense.ts'
import type { Plan } from './plan.ts'
import { flattened, planPointwise } from './pointwise.ts'
import { tapsOf, total } from './row-tiles.ts'
import { planWidth } from './width.ts'
import { planWinograd } from './winograd.ts'

type Planner = (problem: Problem, features: Features) => Plan | undefined

/** Every strategy, the first that fits is taken: those that win where they fit come first. */
const direct: readonly Planner[] = [
  planWidth,
  planChannels,
  planPointwise,
  (problem, features) => planDense(flattened(problem), features),
]
const all: readonly Planner[] = [planWinograd, ...direct]

/** What every machine can do: sums are added in the same order everywhere where all have the same plan. */
const oldest: Features = { simd: true, relaxed: false, ordered: false }

/** Beyond these bytes a problem is left to the reference: addresses have 32 bits, and half of them stay positive. */
const MOST_BYTES = 2 ** 31 - 2 ** 20

/** Plans list taps and tiles; an axis that has more of them is left to the reference too. */
const LONGEST = { kernel: 2 ** 16, output: 2 ** 24 } as const

/** Taps of the outputs of a row that see padding: nearly each has code of its own, which more of them would make too long. */
const MOST_AT_EDGES = 2 ** 18

/**
 * A plan for a problem, or undefined where no program fits.
 *
 * @param deterministic multiply and add with a rounding each, in the order of the direct sum: the same bits everywhere
 */
export function planProgram(problem: Problem, features: Features, deterministic: boolean): Plan | undefined {
  const { op, axes } = problem.geometry
  if (axes.some(({ kernel, output }) => kernel > LONGEST.kernel || output > LONGEST.output)) return undefined
  if (!features.simd) return undefined
  if (op !== 'convTranspose' && tapsAtEdges(axes[axes.length - 1]) > MOST_AT_EDGES) return undefined
  const using = deterministic ? oldest : features
  for (const planner of deterministic ? direct : all) {
    const plan = planner(problem, using)
    if (plan && total(Object.values(plan.bytes), (bytes) => bytes) <= MOST_BYTES) return plan
  }
  return undefined
}

/** Real taps of all outputs of an axis that see padding. */
function tapsAtEdges(axis: Axis): number {
  const { begin, end } = interior(axis)
  return tapsOf(axis, 0, begin) + tapsOf(axis, end, axis.output)
}
