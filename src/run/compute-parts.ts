import { Remembered } from '../analysis/remembered.ts'
import { emitElementwise } from '../emit/elementwise.ts'
import { type ElementwisePlan, planElementwise } from '../plan/elementwise.ts'
import { type ElementwiseProblem, elementwise } from '../reference/elementwise.ts'
import { probeFeatures } from '../wasm/engine.ts'
import { computedBy } from './engine.ts'
import { alignedTo, type Block, current, floats, free, take, type Values } from './memory.ts'
import { holdProgram, letGo } from './programs.ts'

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
  return simd ? plans.get(JSON.stringify(problem), () => planElementwise(problem, relaxed)) : undefined
}

/** Runs all parts on programs; false, and nothing is done, where one has none or the memory that they need is not to be had. */
function runParts(parts: readonly OutputPart[], output: Values): boolean {
  if (parts.length === 0) return false
  const planned = parts.map(({ problem }) => planOf(problem)).filter((plan) => plan !== undefined)
  if (planned.length < parts.length) return false
  // Taken first, since taking may move all of memory, and freed before anybody else can ask for more.
  const taken: Block[] = []
  const held: ReturnType<typeof holdProgram>[] = []
  const addressOf = (bytes: number): number => {
    const block = take(bytes)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  try {
    const places = new Map<Values, number>()
    for (const values of [output, ...parts.flatMap(({ inputs }) => inputs)]) {
      if (!places.has(values)) places.set(values, values.address ?? addressOf(4 * values.data.length))
    }
    const tables = planned.map(({ tables }) => addressOf(alignedTo(4 * tables.length)))
    if (Math.min(...tables, ...places.values()) < 0) return false
    for (const plan of planned) {
      const { strategy, structure } = plan
      const program = holdProgram(JSON.stringify([strategy, structure]), () => emitElementwise(plan))
      if (!program) return false
      held.push(program)
    }
    for (const [values, address] of places) {
      if (values.address === undefined && values !== output) floats().set(values.data, address / 4)
    }
    parts.forEach(({ problem, inputs }, index) => {
      const integers = planned[index].tables
      new Int32Array(current().buffer, tables[index], integers.length).set(integers)
      const views = [output, ...inputs].map((values, view) => {
        return (places.get(values) as number) + 4 * [problem.output, ...problem.inputs][view].offset
      })
      const [to, ...from] = views
      held[index]?.answer?.run(to, tables[index], ...from)
    })
    if (output.address === undefined) {
      const begin = (places.get(output) as number) / 4
      output.data.set(floats().subarray(begin, begin + output.data.length))
    }
    return true
  } finally {
    for (const program of held) if (program) letGo(program)
    for (const block of taken) free(block)
  }
}
