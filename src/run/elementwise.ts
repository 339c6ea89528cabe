import { Remembered } from '../analysis/remembered.ts'
import { emitElementwise } from '../emit/elementwise.ts'
import { type FunctionName, functions, rowOf } from '../functions/rows.ts'
import { Verbatim } from '../geometry/error.ts'
import { SamepadError } from '../geometry/index.ts'
import { checkOptions } from '../geometry/options.ts'
import { type ElementwisePlan, planElementwise } from '../plan/elementwise.ts'
import {
  type ChainStep,
  type ElementwiseProblem,
  elementwise as reference,
  type View,
} from '../reference/elementwise.ts'
import { allocate, checkTensor, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { type Exports, instantiate, probeFeatures, type WasmMemory } from '../wasm/engine.ts'
import { broadcastShape, broadcastSteps } from './broadcast.ts'
import { computedBy } from './engine.ts'
import { type Block, current, floats, free, take, Values } from './memory.ts'

/** What a function takes beside the value: a number for all elements, or a tensor that is broadcast. */
export type StepOperand = number | TensorLike

type FunctionRows = typeof functions
type OperandCount<Name extends FunctionName> = FunctionRows[Name]['operands']['length']
/** The functions that can be named without operands: they take none, or have defaults. */
type PlainName = {
  [N in FunctionName]: OperandCount<N> extends 0 ? N : FunctionRows[N] extends { defaults: unknown } ? N : never
}[FunctionName]
type OperandsOf<Name extends FunctionName> =
  OperandCount<Name> extends 1 ? StepOperand : readonly [StepOperand, StepOperand]
type WithOperands<Name extends FunctionName> = {
  [N in Name]: OperandCount<N> extends 0 ? never : { readonly [Key in N]: OperandsOf<N> }
}[Name]

/** The functions of two operands that stand for themselves as operations. */
type ArithmeticName = 'add' | 'subtract' | 'multiply' | 'divide' | 'minimum' | 'maximum'

/**
 * What values are sent through: the name of a function (`'silu'`), or a name with what it takes (`{ leakyRelu: 0.1 }`,
 * `{ clip: [0, 6] }`, `{ prelu: slopes }`).
 */
export type ActivationStep = PlainName | WithOperands<Exclude<FunctionName, ArithmeticName>>

/** A step of a chain: an activation, or arithmetic with a number or a tensor (`{ add: bias }`). */
export type ElementwiseStep = ActivationStep | WithOperands<ArithmeticName>

/** Options of every operation on single elements. */
export interface ElementwiseOptions<Output extends Tensor = Tensor> {
  /** A tensor of the right shape to write into, which may be an input of the same shape; a new one by default. */
  readonly output?: Output | undefined
}

/**
 * Sends every element through a chain of functions in one pass, in which values are rounded to float32 after each function:
 * `elementwise(a, [{ multiply: s }, { add: b }, 'silu', { add: r }])` is silu(a * s + b) + r. Shapes are broadcast as in
 * NumPy. Exponentials are at most 2 units in the last place of float32 off, for all values.
 *
 * @throws SamepadError on shapes that cannot be broadcast, unknown functions, and an output that overlaps an input otherwise
 */
export function elementwise(input: TensorLike, steps: readonly ElementwiseStep[]): Tensor<ArrayBuffer>
export function elementwise<Output extends Tensor>(
  input: TensorLike,
  steps: readonly ElementwiseStep[],
  options: ElementwiseOptions<Output>,
): Output
export function elementwise(
  input: TensorLike,
  steps: readonly ElementwiseStep[],
  options: ElementwiseOptions = {},
): Tensor {
  const stage = 'elementwise'
  if (!Array.isArray(steps)) throw new SamepadError(stage, 'steps must be a list', steps)
  checkOptions(stage, options, ['output'])
  return runChain(stage, input, steps, options)
}

/** What a chain works on. */
interface StepList {
  readonly tensors: { readonly what: string; readonly tensor: Tensor }[]
  readonly numbers: number[]
  readonly steps: ChainStep[]
}

/** Checks and runs a chain. */
export function runChain(
  stage: string,
  input: StepOperand,
  steps: readonly unknown[],
  { output }: ElementwiseOptions,
): Tensor {
  const first = typeof input === 'number' ? { data: Float32Array.of(input), shape: [] } : input
  const chain: StepList = {
    tensors: [{ what: 'input', tensor: checkTensor(stage, 'input', first) }],
    numbers: [],
    steps: [],
  }
  for (const [index, step] of Array.from(steps).entries()) addStep(stage, chain, step, index)
  const { tensors, numbers } = chain
  const shape = broadcastShape(stage, tensors)
  const result = output === undefined ? allocate(stage, 'output', shape) : checkTensor(stage, 'output', output)
  if (String(result.shape) !== String(shape)) {
    throw new SamepadError(stage, `output must have shape [${shape}]`, result.shape)
  }
  for (const { what, tensor } of tensors) checkOverlap(stage, what, tensor, result)
  const view = (own: readonly number[]) => ({ offset: 0, steps: broadcastSteps(own, shape) })
  const problem = {
    ...{ sizes: shape.length > 0 ? shape : [1], output: view(shape), steps: chain.steps, numbers },
    inputs: tensors.map(({ tensor }) => view(tensor.shape)),
  }
  compute(
    problem,
    tensors.map(({ tensor }) => new Values(tensor.data)),
    new Values(result.data),
  )
  return output ?? result
}

/** Reads a step as people write it into a chain. */
function addStep(stage: string, { tensors, numbers, steps }: StepList, step: unknown, index: number): void {
  const isObject = typeof step === 'object' && step !== null
  const keys = isObject ? Object.keys(step) : [step]
  const name = keys[0] as FunctionName
  if (keys.length !== 1 || typeof name !== 'string' || !Object.hasOwn(functions, name)) {
    const names = Object.keys(functions).join(', ')
    throw new SamepadError(stage, `step ${index} must be a function or an object with one (${names})`, step)
  }
  const { operands, defaults } = rowOf(name)
  const written: unknown = isObject ? (step as Record<string, unknown>)[name] : (defaults ?? [])
  const list: readonly unknown[] = Array.isArray(written) ? written : [written]
  if (list.length !== operands.length) {
    const must = operands.length > 0 ? `take ${operands.join(' and ')}` : 'take nothing'
    throw new SamepadError(stage, `${name} of step ${index} must ${must}`, isObject ? written : new Verbatim('nothing'))
  }
  const read = (value: unknown, at: number) => {
    if (typeof value === 'number') return { number: numbers.push(Math.fround(value)) - 1 }
    const what = `${operands[at]} of step ${index}`
    return { input: tensors.push({ what, tensor: checkTensor(stage, what, value) }) - 1 }
  }
  steps.push({ name, operands: list.map(read) })
}

/** An output may lie where an input does that is read just where it is written. */
function checkOverlap(stage: string, what: string, { data, shape }: Tensor, output: Tensor): void {
  const other = output.data
  if (data.buffer !== other.buffer) return
  const [begin, end] = [data.byteOffset, data.byteOffset + data.byteLength]
  if (end <= other.byteOffset || other.byteOffset + other.byteLength <= begin) return
  if (begin === other.byteOffset && String(shape) === String(output.shape)) return
  throw new SamepadError(stage, `output must not overlap ${what}, or be all of it`, new Verbatim('shared memory'))
}

/** Functions of elements below which there is no program: the reference takes some 20 ns for each, a new program 0.3 ms. */
const SMALL = 4096

const plans = new Remembered<ElementwisePlan | undefined>()
/** Programs are bound to a memory, and gone with it. */
const programs = new WeakMap<WasmMemory, Remembered<Exports[string]>>()

function compute(problem: ElementwiseProblem, inputs: readonly Values[], output: Values): void {
  const elements = problem.sizes.reduce((product, size) => product * size, 1)
  const { simd, relaxed } = probeFeatures()
  const isSmall = elements * Math.max(1, problem.steps.length) < SMALL
  const sized = simd && !isSmall && plans.get(JSON.stringify(problem), () => planElementwise(problem, relaxed))
  const ran = sized && runSized(sized, problem, inputs, output)
  if (!ran) {
    reference(
      problem,
      inputs.map(({ data }) => data),
      output.data,
    )
  }
  computedBy(ran ? 'program' : 'reference')
}

/** Runs a plan; false where the memory that it needs is not to be had. */
function runSized(
  plan: ElementwisePlan,
  problem: ElementwiseProblem,
  inputs: readonly Values[],
  output: Values,
): boolean {
  // Taken first, since taking may move all of memory, and freed before anybody else can ask for more.
  const taken: Block[] = []
  const addressOf = (bytes: number): number => {
    const block = take(bytes)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  try {
    const { tables } = plan
    const table = addressOf(4 * tables.length)
    const to = output.address ?? addressOf(4 * output.data.length)
    const from = inputs.map((input) => input.address ?? addressOf(4 * input.data.length))
    if (Math.min(table, to, ...from) < 0) return false
    const run = programOf(plan)
    new Int32Array(current().buffer, table, tables.length).set(tables)
    inputs.forEach((input, index) => {
      if (input.address === undefined) floats().set(input.data, from[index] / 4)
    })
    const offset = (view: View): number => 4 * view.offset
    run(to + offset(problem.output), table, ...from.map((address, index) => address + offset(problem.inputs[index])))
    if (output.address === undefined) output.data.set(floats().subarray(to / 4, to / 4 + output.data.length))
    return true
  } finally {
    for (const block of taken) free(block)
  }
}

function programOf(plan: ElementwisePlan): Exports[string] {
  const memory = current()
  let known = programs.get(memory)
  if (!known) {
    known = new Remembered()
    programs.set(memory, known)
  }
  return known.get(JSON.stringify(plan.structure), () => instantiate(emitElementwise(plan), memory).run)
}
