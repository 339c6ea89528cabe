import { emitDense } from '../emit/dense.ts'
import { emitNarrow } from '../emit/narrow.ts'
import { emitPointwise } from '../emit/pointwise.ts'
import { emitWinograd } from '../emit/winograd.ts'
import type { Plan, PlanOf } from '../plan/choose.ts'
import { type NarrowPlan, packNarrow } from '../plan/narrow.ts'
import { packDense } from '../plan/pack-dense.ts'
import { packWinograd } from '../plan/pack-winograd.ts'
import type { PackedFilter } from '../plan/plan.ts'
import { packPointwise } from '../plan/pointwise.ts'
import type { Filter } from '../reference/problem.ts'

/** How plans of one strategy become programs. */
interface Strategy<P extends Plan> {
  readonly emit: (plan: P) => Uint8Array
  readonly pack: (plan: P, filter: Filter) => PackedFilter
  readonly packing: (plan: P) => unknown
}

const narrow: Strategy<NarrowPlan> = {
  emit: ({ structure }) => emitNarrow(structure),
  pack: packNarrow,
  packing: ({ structure: { kernel } }) => [kernel],
}

/** Every strategy by its name. */
const strategies: { readonly [Name in Plan['strategy']]: Strategy<PlanOf<Name>> } = {
  channels: narrow,
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
    packing: ({ structure: { blocks } }) => [blocks],
  },
  width: narrow,
  winograd: {
    emit: ({ structure }) => emitWinograd(structure),
    pack: packWinograd,
    packing: ({ bytes, structure: { taps } }) => [bytes.weights, taps],
  },
}

/** A plan's program as WebAssembly. */
export function emitPlan<Name extends Plan['strategy']>(plan: PlanOf<Name>): Uint8Array {
  return strategies[plan.strategy].emit(plan)
}

/** Weights and bias as a plan's program reads them. */
export function packFilter<Name extends Plan['strategy']>(plan: PlanOf<Name>, filter: Filter): PackedFilter {
  return strategies[plan.strategy].pack(plan, filter)
}

/** What of a plan the packing depends on: plans that are alike in it share packed weights. */
export function packingOf<Name extends Plan['strategy']>(plan: PlanOf<Name>): unknown {
  return [plan.strategy, strategies[plan.strategy].packing(plan)]
}
