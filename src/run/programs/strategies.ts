import { emitDense } from '../../emit/dense.ts'
import { emitNarrowConv } from '../../emit/narrow-conv.ts'
import { emitNarrowPool } from '../../emit/narrow-pool.ts'
import { emitPointwise } from '../../emit/pointwise.ts'
import { emitWinograd } from '../../emit/winograd.ts'
import { isPool } from '../../geometry/index.ts'
import { type Choice, choosePlan, filterPlanners, type Plan, type PlanOf, poolPlanners } from '../../plan/choose.ts'
import { type NarrowPlan, packNarrow } from '../../plan/narrow.ts'
import { packDense } from '../../plan/pack-dense.ts'
import { packWinograd } from '../../plan/pack-winograd.ts'
import type { PackedFilter } from '../../plan/plan.ts'
import { packPointwise } from '../../plan/pointwise.ts'
import type { Filter, Problem } from '../../reference/problem.ts'
import type { Features } from '../../wasm/engine.ts'

type Name = Plan['strategy']

/** How plans of one strategy become programs. */
interface Strategy<P extends Plan> {
  readonly emit: (plan: P) => Uint8Array
  /** Fills room, which is all zeros, or makes it. */
  readonly pack: (plan: P, filter: Filter, room?: PackedFilter) => PackedFilter
  /** What of a plan the packing depends on: plans that are alike in it share packed weights. */
  readonly packing: (plan: P) => unknown
}

/** Strategies by their names. */
type Strategies<N extends Name = Name> = { readonly [M in N]: Strategy<PlanOf<M>> }

const narrowPacking = ({ structure: { kernel } }: NarrowPlan): unknown => kernel
const narrowConv: Strategy<NarrowPlan> = {
  emit: ({ structure }) => emitNarrowConv(structure),
  pack: packNarrow,
  packing: narrowPacking,
}
const narrowPool: Strategy<NarrowPlan> = {
  emit: ({ structure }) => emitNarrowPool(structure),
  pack: packNarrow,
  packing: narrowPacking,
}

/** Those of convolutions of both kinds. */
const filterStrategies: Strategies = {
  channels: narrowConv,
  dense: {
    emit: ({ structure }) => emitDense(structure),
    pack: packDense,
    packing: ({ bytes, structure: { vectors, lookups, columns } }) => [
      bytes.weights,
      vectors,
      lookups.map(({ taps }) => taps),
      columns.map(({ taps }) => taps),
    ],
  },
  pointwise: {
    emit: ({ structure }) => emitPointwise(structure),
    pack: packPointwise,
    packing: ({ structure: { blocks } }) => blocks,
  },
  width: narrowConv,
  winograd: {
    emit: ({ structure }) => emitWinograd(structure),
    pack: packWinograd,
    packing: ({ bytes, structure: { depth, filterTaps } }) => [bytes.weights, depth, filterTaps],
  },
}

const poolStrategies: Strategies<NarrowPlan['strategy']> = { channels: narrowPool, width: narrowPool }

/** A plan, and what is made of it. */
export interface PlannedProgram {
  readonly plan: Plan
  /** What it was made of, and how a part of that is planned. */
  readonly problem: Problem
  readonly planPart: (part: Problem) => PlannedProgram | undefined
  /** Its program as WebAssembly. */
  readonly emit: () => Uint8Array
  /** Weights and bias as its program reads them, in room that is all zeros, or that is made. */
  readonly pack: (filter: Filter, room?: PackedFilter) => PackedFilter
  /** Equal for plans that read weights in the same order. */
  readonly packing: unknown
}

/** Plans a problem; undefined where no program fits. */
export type PlanProblem = (problem: Problem, features: Features, deterministic: boolean) => PlannedProgram | undefined

export const planFilter: PlanProblem = (...asked) => {
  const choice = choosePlan<Plan>(filterPlanners, ...asked)
  return choice && plannedBy(filterStrategies, choice)
}

export const planPool: PlanProblem = (...asked) => {
  const choice = choosePlan(poolPlanners, ...asked)
  return choice && plannedBy(poolStrategies, choice)
}

function plannedBy<N extends Name>(strategies: Strategies<N>, choice: Choice<PlanOf<N>>): PlannedProgram {
  const { plan, problem, planPart } = choice
  return {
    ...{ ...madeBy(strategies, plan), problem },
    planPart: (part) => {
      const plan = planPart(part)
      return plan && plannedBy(strategies, { ...choice, plan, problem: part })
    },
  }
}

function madeBy<N extends Name>(
  strategies: Strategies<N>,
  plan: PlanOf<N>,
): Omit<PlannedProgram, 'problem' | 'planPart'> {
  const { emit, pack, packing } = strategies[plan.strategy]
  return {
    plan,
    emit: () => emit(plan),
    pack: (filter, room) => pack(plan, filter, room),
    packing: [plan.strategy, packing(plan)],
  }
}

/** The program of a plan of any operation as WebAssembly. */
export function emitPlan(plan: Plan): Uint8Array {
  return ofAny(plan).emit()
}

/** Weights and bias as the program of a plan of any operation reads them. */
export function packFilter(plan: Plan, filter: Filter): PackedFilter {
  return ofAny(plan).pack(filter)
}

function ofAny<N extends Name>(plan: PlanOf<N>): ReturnType<typeof madeBy> {
  const all: Strategies = isPool(plan.structure.op) ? { ...filterStrategies, ...poolStrategies } : filterStrategies
  return madeBy<N>(all, plan)
}
