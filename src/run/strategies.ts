import { emitDense } from '../emit/dense.ts'
import { emitNarrow } from '../emit/narrow.ts'
import { emitPointwise } from '../emit/pointwise.ts'
import { emitWinograd } from '../emit/winograd.ts'
import type { DensePlan } from '../plan/dense.ts'
import { type NarrowPlan, packNarrow } from '../plan/narrow.ts'
import { packDense } from '../plan/pack-dense.ts'
import { packWinograd } from '../plan/pack-winograd.ts'
import type { PackedFilter, Plan } from '../plan/plan.ts'
import { type PointwisePlan, packPointwise } from '../plan/pointwise.ts'
import type { WinogradPlan } from '../plan/winograd.ts'

/** How plans of one strategy become programs. */
export interface Strategy<P extends Plan = Plan> {
  /** The program as WebAssembly. */
  emit(plan: P): Uint8Array
  /** Weights and bias as the program reads them. */
  pack(plan: P, weights: Float32Array, bias: Float32Array | undefined): PackedFilter
  /** What of the plan the packing depends on: plans that are alike in it share packed weights. */
  packing(plan: P): unknown
}

const dense: Strategy<DensePlan> = {
  emit: emitDense,
  pack: packDense,
  packing: ({ strategy, bytes, vectors, lookups, columns }) => [
    strategy,
    bytes.weights,
    vectors,
    lookups.map(({ lines }) => lines.taps),
    columns.map(({ taps }) => taps),
  ],
}

const pointwise: Strategy<PointwisePlan> = {
  emit: emitPointwise,
  pack: packPointwise,
  packing: ({ strategy, blocks }) => [strategy, blocks],
}

const narrow: Strategy<NarrowPlan> = {
  emit: emitNarrow,
  pack: packNarrow,
  packing: ({ strategy, kernel }) => [strategy, kernel],
}

const winograd: Strategy<WinogradPlan> = {
  emit: emitWinograd,
  pack: packWinograd,
  packing: ({ strategy, bytes, taps }) => [strategy, bytes.weights, taps],
}

/** Every strategy by its name. */
const strategies: Readonly<Record<string, Strategy<never>>> = {
  channels: narrow,
  dense,
  pointwise,
  width: narrow,
  winograd,
}

/** The strategy of a plan. */
export function strategyOf(plan: Plan): Strategy {
  return strategies[plan.strategy] as Strategy<Plan>
}
