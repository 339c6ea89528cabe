import { Remembered } from '../analysis/remembered.ts'
import { emitWeightsGradient } from '../emit/weights-gradient.ts'
import { changeParts, gradientParts, packedLengths, planWeightsGradient } from '../plan/weights-gradient.ts'
import type { FilterSteps, Problem } from '../reference/problem.ts'
import { weightsGradient as reference } from '../reference/weights-gradient.ts'
import { probeFeatures } from '../wasm/engine.ts'
import { computeParts, PLANNED, type PlannedPart, partOf } from './compute-parts.ts'
import { computedBy } from './engine.ts'
import { type Block, floatsOf, free, take, Values } from './memory.ts'
import { multiplications, SMALL } from './once.ts'
import { PlacedPlan, runPlaced } from './run-placed.ts'

/** A program, and how output gradients are brought to it and the gradient from it. */
interface PlannedGradient {
  readonly placed: PlacedPlan
  readonly change: readonly PlannedPart[]
  readonly gradient: readonly PlannedPart[]
  readonly lengths: ReturnType<typeof packedLengths>
}

const planned = new Remembered<PlannedGradient | undefined>({ weigh: () => PLANNED })

/**
 * How a loss changes with the weights of a convolution: on a program where it is worth one and there is memory for it, else by the
 * definition.
 *
 * @param change how the loss changes with each output
 * @param steps how the weights lie
 */
export function computeWeightsGradient(
  problem: Problem,
  input: Values,
  change: Values,
  steps: FilterSteps,
  gradient: Values,
): void {
  const isSmall = multiplications(problem) < SMALL
  const plan = isSmall ? undefined : planned.get(JSON.stringify([problem, steps]), () => planOf(problem, steps))
  const ran = plan !== undefined && run(plan, input, change, gradient)
  if (!ran) reference(problem, input.data, change.data, steps, gradient.data)
  computedBy(ran ? 'program' : 'reference')
}

function planOf(problem: Problem, steps: FilterSteps): PlannedGradient | undefined {
  const features = probeFeatures()
  const plan = features.simd ? planWeightsGradient(problem, features) : undefined
  if (!plan) return undefined
  return {
    placed: new PlacedPlan(plan, () => emitWeightsGradient(plan), [0, 0, 0]),
    change: changeParts(problem, plan).map(partOf),
    gradient: gradientParts(problem, plan, steps).map(partOf),
    lengths: packedLengths(problem, plan),
  }
}

/** @returns false where there is no memory for it */
function run(plan: PlannedGradient, input: Values, change: Values, gradient: Values): boolean {
  const { lengths } = plan
  const blocks = [take(lengths.change * 4), take(lengths.gradient * 4)]
  try {
    const [packed, sums] = blocks
    if (!packed || !sums) return false
    const changes = zeros(packed, lengths.change)
    computeParts(
      plan.change.map((part) => ({ part, inputs: [change] })),
      changes,
    )
    const result = zeros(sums, lengths.gradient)
    if (!runPlaced([{ placed: plan.placed, inputs: [input, changes] }], result)) return false
    computeParts(
      plan.gradient.map((part) => ({ part, inputs: [result] })),
      gradient,
    )
    return true
  } finally {
    for (const block of blocks) if (block) free(block)
  }
}

function zeros(block: Block, length: number): Values {
  return new Values(floatsOf(block, length).fill(0))
}
