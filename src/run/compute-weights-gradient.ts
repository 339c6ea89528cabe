import { Remembered } from '../analysis/remembered.ts'
import { emitWeightsGradient } from '../emit/weights-gradient.ts'
import { FLOAT } from '../plan/plan.ts'
import { gradientParts, packedLengths, packingParts, planWeightsGradient } from '../plan/weights-gradient.ts'
import type { FilterSteps, Problem } from '../reference/problem.ts'
import { weightsGradient as reference } from '../reference/weights-gradient.ts'
import { probeFeatures } from '../wasm/engine.ts'
import { computeParts, PLANNED, type PlannedPart, partOf } from './compute-parts.ts'
import { computedBy } from './engine.ts'
import { type Block, floatsOf, free, take, Values } from './memory.ts'
import { multiplications, SMALL } from './once.ts'
import { PlacedPlan, runPlaced } from './run-placed.ts'

/** A program, and how tensors are brought to it and the gradient from it. */
interface PlannedGradient {
  readonly placed: PlacedPlan
  readonly input: readonly PlannedPart[]
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
  const { input, change } = packingParts(problem, plan)
  return {
    placed: new PlacedPlan(plan, () => emitWeightsGradient(plan), [0, 0, 0]),
    input: input.map(partOf),
    change: change.map(partOf),
    gradient: gradientParts(problem, plan, steps).map(partOf),
    lengths: packedLengths(problem, plan),
  }
}

/** @returns false where there is no memory for it */
function run({ placed, lengths, ...parts }: PlannedGradient, input: Values, change: Values, gradient: Values): boolean {
  const blocks: Block[] = []
  const roomFor = (length: number): Block | undefined => {
    const block = take(length * FLOAT)
    if (block) blocks.push(block)
    return block
  }
  /** A copy in the order of the program, where it reads one. */
  const packed = (values: Values, length: number, copies: readonly PlannedPart[]): Values | undefined => {
    if (copies.length === 0) return values
    const block = roomFor(length)
    return block && copied(copies, values, zeros(block, length))
  }
  try {
    const [cells, changes] = [packed(input, lengths.input, parts.input), packed(change, lengths.change, parts.change)]
    const room = roomFor(lengths.gradient)
    if (!cells || !changes || !room) return false
    const sums = zeros(room, lengths.gradient)
    if (!runPlaced([{ placed, inputs: [cells, changes] }], sums)) return false
    copied(parts.gradient, sums, gradient)
    return true
  } finally {
    for (const block of blocks) free(block)
  }
}

function copied(parts: readonly PlannedPart[], from: Values, to: Values): Values {
  const inputs = [from]
  computeParts(
    parts.map((part) => ({ part, inputs })),
    to,
  )
  return to
}

function zeros(block: Block, length: number): Values {
  return new Values(floatsOf(block, length).fill(0))
}
