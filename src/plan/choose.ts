import { type Axis, Geometry, isPool } from '../geometry/index.ts'
import { single } from '../reference/loops.ts'
import { alongAxes, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { planChannels } from './channels.ts'
import { type DensePlan, planDense } from './dense.ts'
import type { NarrowPlan } from './narrow.ts'
import { cellsInLine, flattened, type PointwisePlan, planPointwise } from './pointwise.ts'
import { total } from './row-tiles.ts'
import { planWidth } from './width.ts'
import { planTiles, planWinograd, type WinogradPlan } from './winograd.ts'
import type { TileForm } from './winograd-tiling.ts'

/** What a program does, in which order, as plain data: equal plans are equal programs. */
export type Plan = DensePlan | NarrowPlan | PointwisePlan | WinogradPlan

/** The plans of some strategies, by their names. */
export type PlanOf<Name extends Plan['strategy']> = { [N in Name]: Plan & { readonly strategy: N } }[Name]

/** A strategy: the form in which it sees a problem, and what it makes of that. */
interface Planner<P extends Plan> {
  readonly form?: (problem: Problem) => Problem
  readonly plan: (problem: Problem, features: Features) => P | undefined
  /** Plans a part of what it has a plan for; the same by default. */
  readonly part?: (part: Problem, features: Features, whole: Plan) => P | undefined
}

/** A plan with what it was made of: the same tensors, perhaps with their axes seen otherwise. */
export interface Choice<P extends Plan = Plan> {
  readonly plan: P
  readonly problem: Problem
  /** Plans a part of the problem in the same way: each of its outputs is computed as it is in the whole. */
  readonly planPart: (part: Problem) => P | undefined
}

/** Strategies for an operation. The first that fits is taken: those that win where they fit come first. */
export interface Planners<P extends Plan> {
  /** Not for what is to be deterministic. */
  readonly rounding: readonly Planner<P>[]
  readonly direct: readonly Planner<P>[]
}

/** For convolutions of both kinds. */
export const filterPlanners: Planners<Plan> = {
  rounding: [{ plan: planWinograd, part: (part, features, whole) => planTiles(part, features, tilesOf(whole)) }],
  direct: [
    { plan: planWidth },
    { plan: planChannels },
    { form: cellsInLine, plan: planPointwise },
    { form: flattened, plan: planDense },
  ],
}

/** The tiles of a part are those of the whole. */
const tilesOf = (whole: Plan): TileForm | undefined => (whole.strategy === 'winograd' ? whole.structure : undefined)

export const poolPlanners: Planners<NarrowPlan> = {
  rounding: [],
  direct: [{ plan: planWidth }, { plan: planChannels }],
}

/** What every machine can do: sums are added in the same order everywhere where all have the same plan. */
const oldest: Features = { simd: true, relaxed: false, ordered: false }

/** Beyond these bytes a problem is left to the reference: addresses have 32 bits, and half of them stay positive. */
const MOST_BYTES = 2 ** 31 - 2 ** 20

/** Plans list taps and tiles; an axis that has more of them is left to the reference too. */
const LONGEST = { kernel: 2 ** 16, output: 2 ** 24 } as const

/** Outputs of an axis that may be looked up one by one where its code would be too long. */
const MOST_LOOKED_UP = 2 ** 14

/** A plan for a problem of any operation, or undefined where no program fits. */
export function planProgram(problem: Problem, features: Features, deterministic: boolean): Plan | undefined {
  return chooseAny(problem, features, deterministic)?.plan
}

/** The same with what it was made of. */
export function chooseAny(problem: Problem, features: Features, deterministic: boolean): Choice | undefined {
  const planners = isPool(problem.geometry.op) ? poolPlanners : filterPlanners
  return choosePlan<Plan>(planners, problem, features, deterministic)
}

/**
 * A plan by some strategies, or undefined where none fits.
 *
 * @param deterministic multiply and add with a rounding each, in the order of the direct sum: the same bits everywhere
 */
export function choosePlan<P extends Plan>(
  planners: Planners<P>,
  problem: Problem,
  features: Features,
  deterministic: boolean,
): Choice<P> | undefined {
  const { axes } = problem.geometry
  if (axes.some(({ kernel, output }) => kernel > LONGEST.kernel || output > LONGEST.output)) return undefined
  if (!features.simd) return undefined
  const using = deterministic ? oldest : features
  const whole = withoutSingles(problem)
  const rows = lookedUpRows(whole)
  const { rounding, direct } = planners
  for (const problem of rows ? [whole, rows] : [whole]) {
    for (const planner of deterministic ? direct : [...rounding, ...direct]) {
      const own = planner.form?.(problem) ?? problem
      const plan = planner.plan(own, using)
      if (plan && total(Object.values(plan.bytes), (bytes) => bytes) <= MOST_BYTES) {
        return { plan, problem: own, planPart: (part) => (planner.part ?? planner.plan)(part, using, plan) }
      }
    }
  }
  return undefined
}

/** The same problem without axes of one cell and one tap, all but one: what is 1 wide and long is a row then. */
function withoutSingles(problem: Problem): Problem {
  const { axes } = problem.geometry
  const says = ({ input, kernel, output, padBegin }: Axis): boolean =>
    Math.max(input, kernel, output) > 1 || padBegin !== 0
  const said = axes.filter(says)
  return said.length === axes.length ? problem : withAxes(problem, said.length > 0 ? said : [single])
}

/**
 * The same problem with rows of a single output: what was a row is looked up output by output, as the axes before it are,
 * which takes little code. Undefined on three axes, since there is no fourth, and for rows that are too long for that.
 */
function lookedUpRows(problem: Problem): Problem | undefined {
  const { axes } = problem.geometry
  const fits = axes.length < 3 && axes[axes.length - 1].output <= MOST_LOOKED_UP
  return fits ? withAxes(problem, [...axes, single]) : undefined
}

function withAxes(problem: Problem, axes: readonly Axis[]): Problem {
  return alongAxes(problem, new Geometry(problem.geometry.op, axes))
}
