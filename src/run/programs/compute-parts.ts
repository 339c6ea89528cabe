import { Remembered } from '../../analysis/remembered.ts'
import { emitElementwise } from '../../emit/elementwise.ts'
import { planElementwise } from '../../plan/elementwise.ts'
import { type ChainStep, type ElementwiseProblem, elementwise } from '../../reference/elementwise.ts'
import type { Values } from '../memory/memory.ts'
import { computedBy } from './engine.ts'
import { isTooSmall, roundsAlike, usableFeatures } from './rounding.ts'
import { PlacedPlan, runPlaced } from './run-placed.ts'

/** A part of an output, and what it is made of: tensors, of which one may be the output itself, as the parts before left it. */
export interface OutputPart {
  readonly part: PlannedPart
  readonly inputs: readonly Values[]
}

/** What is computed of a part of an output, and its plan, which is made once. */
export class PlannedPart {
  readonly problem: ElementwiseProblem
  /** How many functions of an element there are to compute; a copy counts as one. */
  readonly functions: number
  #placed: PlacedPlan | undefined | null = null

  constructor(problem: ElementwiseProblem) {
    this.problem = problem
    this.functions = problem.sizes.reduce((product, size) => product * size, Math.max(1, problem.steps.length))
  }

  /** The plan with the places of its tensors; undefined where no program can do it. */
  get placed(): PlacedPlan | undefined {
    if (this.#placed === null) this.#placed = placedOf(this.problem)
    return this.#placed
  }

  /** Computes it from tensors in program memory; false, and nothing is done, where that is not how it is computed. */
  runInPlace(output: Float32Array, inputs: readonly Float32Array[]): boolean {
    if (isTooSmall(this.functions) || !this.placed?.runInPlace(output, inputs)) return false
    computedBy('program')
    return true
  }

  release(): void {
    this.#placed?.release()
  }
}

function placedOf(problem: ElementwiseProblem): PlacedPlan | undefined {
  const { simd, relaxed } = usableFeatures()
  const plan = simd ? planElementwise(problem, relaxed) : undefined
  if (!plan) return undefined
  const offsets = [problem.output, ...problem.inputs].map(({ offset }) => 4 * offset)
  return new PlacedPlan(plan, () => emitElementwise(plan), offsets)
}

/** About how many bytes a part takes with its plan. */
export const PLANNED = 4096

/** The most bytes that are remembered of plans in one place: some hundreds of them. */
export const MOST_PLANNED = 2 ** 21

const parts = new Remembered<PlannedPart>({
  ...{ weigh: () => PLANNED, most: MOST_PLANNED },
  dropped: (part) => part.release(),
})

/** A part by its problem; the same one where the problem comes again. */
export function partOf(problem: ElementwiseProblem): PlannedPart {
  return parts.get(`${textOf(problem)};${roundsAlike()}`, () => new PlannedPart(problem))
}

/** Tells problems without numbers apart. */
function textOf({ sizes, output, inputs, steps }: ElementwiseProblem): string {
  let text = `${sizes};${output.offset}:${output.steps}`
  for (const { offset, steps } of inputs) text += `;${offset}:${steps}`
  return text + stepsText(steps)
}

/** Tells the steps of chains apart. */
export function stepsText(steps: readonly ChainStep[]): string {
  let text = ''
  for (const { name, operands } of steps) {
    text += `;${name}`
    for (const operand of operands) text += 'input' in operand ? ` i${operand.input}` : ` n${operand.number}`
  }
  return text
}

/**
 * Computes the parts of an output, one after the other.
 *
 * @param reference does the same without programs; by default each part by its definition
 */
export function computeParts(
  parts: readonly OutputPart[],
  output: Values,
  reference = () => computeEach(parts, output),
): void {
  const ran = !isSmall(parts) && runParts(parts, output)
  if (!ran) reference()
  computedBy(ran ? 'program' : 'reference')
}

/** The same for parts that come again and again, which are worth a program however small they are. */
export function computeAgain(parts: readonly OutputPart[], output: Values): void {
  const ran = runParts(parts, output)
  if (!ran) computeEach(parts, output)
  computedBy(ran ? 'program' : 'reference')
}

function computeEach(parts: readonly OutputPart[], output: Values): void {
  for (const { part, inputs } of parts) {
    elementwise(
      part.problem,
      inputs.map(({ data }) => data),
      output.data,
    )
  }
}

function isSmall(parts: readonly OutputPart[]): boolean {
  let functions = 0
  for (const { part } of parts) functions += part.functions
  return isTooSmall(functions)
}

/** Runs all parts on programs; false where one has none or the memory that they need is not to be had. */
function runParts(parts: readonly OutputPart[], output: Values): boolean {
  const runs = []
  for (const { part, inputs } of parts) {
    const { placed } = part
    if (!placed) return false
    runs.push({ placed, inputs })
  }
  return runPlaced(runs, output)
}
