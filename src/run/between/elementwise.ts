import { Remembered } from '../../analysis/remembered.ts'
import { type FunctionName, functions, rowOf } from '../../functions/rows.ts'
import { Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import { checkOptions } from '../../geometry/options.ts'
import type { ChainStep } from '../../reference/elementwise.ts'
import { checkTensor, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { Values } from '../memory/memory.ts'
import { checkGrown, isSameShape, resultOf, sharesMemory } from '../memory/result.ts'
import { computeParts, MOST_PLANNED, PLANNED, PlannedPart, stepsText } from '../programs/compute-parts.ts'
import { broadcastShape, broadcastSteps } from './broadcast.ts'
import { type KnownOperand, RecentChain } from './recent-chain.ts'

/** What a function takes beside the value: a number for all elements, or a tensor that is broadcast. */
export type StepOperand = number | TensorLike

type FunctionRows = typeof functions
/** How many operands a function takes beside the value. */
export type OperandCount<Name extends FunctionName> = FunctionRows[Name]['operands']['length']
/** The functions that can be named without operands: they take none, or have defaults. */
export type PlainName = {
  [N in FunctionName]: OperandCount<N> extends 0 ? N : FunctionRows[N] extends { defaults: unknown } ? N : never
}[FunctionName]
/** What a function takes: one operand, or a list of two. */
export type OperandsOf<Name extends FunctionName> =
  OperandCount<Name> extends 1 ? StepOperand : readonly [StepOperand, StepOperand]
/** A function by its name, with what it takes: `{ leakyRelu: 0.1 }`. */
export type WithOperands<Name extends FunctionName> = {
  [N in Name]: OperandCount<N> extends 0 ? never : { readonly [Key in N]: OperandsOf<N> }
}[Name]

/** The functions of two operands that stand for themselves as operations. */
export type ArithmeticName = 'add' | 'subtract' | 'multiply' | 'divide' | 'minimum' | 'maximum'

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
export interface StepList {
  readonly tensors: { readonly what: string; readonly tensor: Tensor }[]
  readonly numbers: number[]
  readonly steps: ChainStep[]
}

/** What follows from the shapes and steps of a chain. */
interface SolvedChain {
  readonly shape: readonly number[]
  readonly part: PlannedPart
}

/** The same chain on tensors of the same shapes comes again and again: a network runs each of its steps for every image. */
const solved = new Remembered<SolvedChain>({
  ...{ weigh: () => PLANNED, most: MOST_PLANNED },
  dropped: ({ part }) => part.release(),
})

/** What ran last of each operation on an input of program memory, by the input's shape: the same object for the same tensor. */
const recent = new Map<string, WeakMap<readonly number[], RecentChain>>()

function recentOf(stage: string): WeakMap<readonly number[], RecentChain> {
  const known = recent.get(stage) ?? new WeakMap()
  recent.set(stage, known)
  return known
}

/** Checks and runs a chain. */
export function runChain(
  stage: string,
  input: StepOperand,
  steps: readonly unknown[],
  { output }: ElementwiseOptions,
): Tensor {
  const known = output && recent.get(stage)?.get((input as Tensor | undefined)?.shape as readonly number[])
  if (output && known?.run(input, steps, output)) return output
  const first = typeof input === 'number' ? { data: Float32Array.of(input), shape: [] } : input
  const chain: StepList = {
    tensors: [{ what: 'input', tensor: checkTensor(stage, 'input', first) }],
    numbers: [],
    steps: [],
  }
  // Not forEach, which leaves out the holes of a sparse list.
  for (let index = 0; index < steps.length; index++) addStep(stage, chain, steps[index], `step ${index}`)
  const { tensors } = chain
  const { shape, part } = solved.get(chainText(chain), () => solve(stage, chain))
  const result = resultOf(stage, output, shape)
  for (const { what, tensor } of tensors) checkOverlap(stage, what, tensor, result)
  const inputs = tensors.map(({ tensor }) => new Values(tensor.data))
  const destination = new Values(result.data)
  computeParts([{ part, inputs }], destination)
  const isInPlace = destination.address !== undefined && inputs.every(({ address }) => address !== undefined)
  if (output && isInPlace) remember(stage, input, steps, chain, shape, part)
  return output ?? result
}

/** Remembers a chain that ran. */
function remember(
  stage: string,
  input: StepOperand,
  written: readonly unknown[],
  { tensors, numbers, steps }: StepList,
  shape: readonly number[],
  part: PlannedPart,
): void {
  const given = (input as Tensor).shape // undefined of those that call it otherwise
  if (given === undefined) return
  const known = ({ operands }: ChainStep): KnownOperand[] =>
    operands.map((operand) => ('input' in operand ? tensors[operand.input].tensor.shape : numbers[operand.number]))
  const list = steps.map((step, index) => {
    return { name: step.name, operands: typeof written[index] === 'string' ? undefined : known(step) }
  })
  recentOf(stage).set(given, new RecentChain(tensors[0].tensor.shape, list, shape, part))
}

/** Tells chains apart. */
export function chainText({ tensors, numbers, steps }: StepList): string {
  let text = ''
  for (const { tensor } of tensors) text += `${tensor.shape};`
  text += stepsText(steps)
  for (const number of numbers) text += Object.is(number, -0) ? ' -0' : ` ${number}`
  return text
}

function solve(stage: string, { tensors, numbers, steps }: StepList): SolvedChain {
  const shape = broadcastShape(stage, tensors)
  checkGrown(stage, shape)
  const view = (own: readonly number[]) => ({ offset: 0, steps: broadcastSteps(own, shape) })
  const inputs = tensors.map(({ tensor }) => view(tensor.shape))
  return { shape, part: new PlannedPart({ sizes: shape, output: view(shape), inputs, steps, numbers }) }
}

/** Reads a step as people write it into a chain; errors call it by its name. */
export function addStep(stage: string, { tensors, numbers, steps }: StepList, step: unknown, called: string): void {
  const isObject = typeof step === 'object' && step !== null
  const keys = isObject ? Object.keys(step) : [step]
  const name = keys[0] as FunctionName
  if (keys.length !== 1 || typeof name !== 'string' || !Object.hasOwn(functions, name)) {
    const names = Object.keys(functions).join(', ')
    throw new SamepadError(stage, `${called} must be a function or an object with one (${names})`, step)
  }
  const { operands, defaults } = rowOf(name)
  const written: unknown = isObject ? (step as Record<string, unknown>)[name] : (defaults ?? [])
  const list: readonly unknown[] = Array.isArray(written) ? written : [written]
  if (list.length !== operands.length) {
    const must = operands.length > 0 ? `take ${operands.join(' and ')}` : 'take nothing'
    throw new SamepadError(stage, `${name} of ${called} must ${must}`, isObject ? written : new Verbatim('nothing'))
  }
  const read = (value: unknown, at: number) => {
    if (typeof value === 'number') return { number: numbers.push(Math.fround(value)) - 1 }
    const what = `${operands[at]} of ${called}`
    return { input: tensors.push({ what, tensor: checkTensor(stage, what, value) }) - 1 }
  }
  steps.push({ name, operands: list.map(read) })
}

/** An output may lie where an input does that is read just where it is written. */
export function checkOverlap(stage: string, what: string, { data, shape }: Tensor, output: Tensor): void {
  if (!sharesMemory(data, output.data)) return
  if (data.byteOffset === output.data.byteOffset && isSameShape(shape, output.shape)) return
  throw new SamepadError(stage, `output must not overlap ${what}, or be all of it`, new Verbatim('shared memory'))
}
