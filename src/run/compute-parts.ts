import { Remembered } from '../analysis/remembered.ts'
import { emitElementwise } from '../emit/elementwise.ts'
import { type ElementwisePlan, planElementwise } from '../plan/elementwise.ts'
import { type ElementwiseProblem, elementwise } from '../reference/elementwise.ts'
import { probeFeatures } from '../wasm/engine.ts'
import { computedBy } from './engine.ts'
import type { Values } from './memory.ts'
import { type PlacedRun, runPlaced } from './run-placed.ts'

/** A part of an output, and what it is made of: tensors, of which one may be the output itself, as the parts before left it. */
export interface OutputPart {
  readonly problem: ElementwiseProblem
  readonly inputs: readonly Values[]
}

/** Functions of elements below which there is no program: the reference takes some 20 ns for each, a new program 0.3 ms. */
const SMALL = 4096

const plans = new Remembered<ElementwisePlan | undefined>()
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

function computeEach(parts: readonly OutputPart[], output: Values): void {
  for (const { problem, inputs } of parts) {
    elementwise(
      problem,
      inputs.map(({ data }) => data),
      output.data,
    )
  }
}

function isSmall(parts: readonly OutputPart[]): boolean {
  let functions = 0
  for (const { problem } of parts) {
    functions += problem.sizes.reduce((product, size) => product * size, Math.max(1, problem.steps.length))
  }
  return functions < SMALL
}

function planOf(problem: ElementwiseProblem): ElementwisePlan | undefined {
  const { simd, relaxed } = probeFeatures()
  return simd ? plans.get(textOf(problem), () => planElementwise(problem, relaxed)) : undefined
}

/** Tells problems apart. Of numbers the bits: JSON has no infinities, and one zero. */
function textOf({ sizes, output, inputs, steps, numbers }: ElementwiseProblem): string {
  let text = `${sizes}`
  for (const view of [output, ...inputs]) text += `;${view.offset}:${view.steps}`
  for (const { name, operands } of steps) {
    text += `;${name}`
    for (const operand of operands) text += 'input' in operand ? ` i${operand.input}` : ` n${operand.number}`
  }
  return numbers.length === 0 ? text : `${text};${new Int32Array(Float32Array.from(numbers).buffer)}`
}

/** Runs all parts on programs; false where one has none or the memory that they need is not to be had. */
function runParts(parts: readonly OutputPart[], output: Values): boolean {
  const runs: PlacedRun[] = []
  for (const { problem, inputs } of parts) {
    const plan = planOf(problem)
    if (!plan) return false
    const offsets = [problem.output, ...problem.inputs].map(({ offset }) => 4 * offset)
    runs.push({ plan, emit: () => emitElementwise(plan), inputs, offsets })
  }
  return runPlaced(runs, output)
}
