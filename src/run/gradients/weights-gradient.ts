import { Remembered } from '../../analysis/remembered.ts'
import { emitDepthwiseGradient } from '../../emit/depthwise-gradient.ts'
import { emitWeightsGradient } from '../../emit/weights-gradient.ts'
import { adjoint } from '../../geometry/index.ts'
import { isDepthwise, planDepthwiseGradient } from '../../plan/depthwise-gradient.ts'
import { FLOAT } from '../../plan/plan.ts'
import { planWeightsGradient } from '../../plan/weights-gradient.ts'
import { type GradientPacking, gradientParts, packedLengths, packingParts } from '../../plan/weights-packing.ts'
import type { FilterSteps, Problem } from '../../reference/problem.ts'
import { weightsGradient as reference } from '../../reference/weights-gradient.ts'
import { probeFeatures } from '../../wasm/engine.ts'
import { multiplications, SMALL } from '../layers/once.ts'
import type { Block } from '../memory/heap.ts'
import { floatsOf, free, take, Values } from '../memory/memory.ts'
import { computeAgain, MOST_PLANNED, PLANNED, type PlannedPart, partOf } from '../programs/compute-parts.ts'
import { computedBy } from '../programs/engine.ts'
import { PlacedPlan, runPlaced } from '../programs/run-placed.ts'
import { acrossSteps, exchanged } from './leading-back.ts'

/** A program, and how tensors are brought to it and the gradient from it. */
interface PlannedGradient {
  readonly placed: PlacedPlan
  readonly input: readonly PlannedPart[]
  readonly change: readonly PlannedPart[]
  readonly gradient: readonly PlannedPart[]
  readonly lengths: ReturnType<typeof packedLengths>
}

/**
 * How a loss changes with the weights of a convolution of either kind, for one size: on a program where it is worth one and there is
 * memory for it, else by the definition.
 */
export class WeightsGradient {
  readonly #problem: Problem
  readonly #steps: FilterSteps
  readonly #isTransposed: boolean
  readonly #plan: PlannedGradient | undefined

  /**
   * @param steps how the weights lie
   * @param isSmall whether a program is not worth while
   */
  constructor(problem: Problem, steps: FilterSteps, isSmall: boolean) {
    this.#isTransposed = problem.geometry.op === 'convTranspose'
    // <y, convTranspose x> is <conv y, x>: the output's gradient is what that convolution reads.
    this.#problem = this.#isTransposed ? exchanged(problem, 'conv', problem.geometry.axes.map(adjoint)) : problem
    this.#steps = this.#isTransposed ? acrossSteps(steps) : steps
    this.#plan = isSmall ? undefined : planOf(this.#problem, this.#steps)
  }

  /**
   * @param change how the loss changes with each output, before its epilogue
   * @param gradient in the order of the weights
   */
  run(input: Values, change: Values, gradient: Values): void {
    const [cells, changes] = this.#isTransposed ? [change, input] : [input, change]
    const ran = this.#plan !== undefined && run(this.#plan, cells, changes, gradient)
    if (!ran) reference(this.#problem, cells.data, changes.data, this.#steps, gradient.data)
    computedBy(ran ? 'program' : 'reference')
  }

  release(): void {
    this.#plan?.placed.release()
  }
}

const remembered = new Remembered<WeightsGradient>({
  ...{ weigh: () => PLANNED, most: MOST_PLANNED },
  dropped: (gradient) => gradient.release(),
})

/** That of a problem that comes once, or now and then; plans of problems that come again are remembered. */
export function weightsGradientOnce(problem: Problem, steps: FilterSteps): WeightsGradient {
  const { epilogue: _, ...plain } = problem
  const isSmall = multiplications(problem) < SMALL
  if (isSmall) return new WeightsGradient(plain, steps, true)
  return remembered.get(JSON.stringify([plain, steps]), () => new WeightsGradient(plain, steps, false))
}

function planOf(problem: Problem, steps: FilterSteps): PlannedGradient | undefined {
  const placed = placedOf(problem)
  if (!placed) return undefined
  const { packing } = placed
  const { input, change } = packingParts(problem, packing)
  return {
    placed: placed.plan,
    input: input.map(partOf),
    change: change.map(partOf),
    gradient: gradientParts(problem, packing, steps).map(partOf),
    lengths: packedLengths(problem, packing),
  }
}

function placedOf(problem: Problem): { readonly plan: PlacedPlan; readonly packing: GradientPacking } | undefined {
  const features = probeFeatures()
  if (!features.simd) return undefined
  const depthwise = isDepthwise(problem) ? planDepthwiseGradient(problem, features) : undefined
  if (depthwise) {
    const emit = (): Uint8Array => emitDepthwiseGradient(depthwise)
    return { plan: new PlacedPlan(depthwise, emit, [0, 0, 0]), packing: depthwise.packing }
  }
  const plan = planWeightsGradient(problem, features)
  return plan && { plan: new PlacedPlan(plan, () => emitWeightsGradient(plan), [0, 0, 0]), packing: plan.packing }
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
  computeAgain(
    parts.map((part) => ({ part, inputs })),
    to,
  )
  return to
}

function zeros(block: Block, length: number): Values {
  return new Values(floatsOf(block, length).fill(0))
}
