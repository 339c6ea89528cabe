import { bitsOf } from '../../functions/float32.ts'
import { add, clip, hardSigmoid, hardSwish, leakyRelu, multiply, prelu, relu, relu6 } from '../../functions/plain.ts'
import type { FunctionRow } from '../../functions/row.ts'
import { Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import { checkChoice } from '../../geometry/options.ts'
import type { Epilogue, EpilogueOperand, EpilogueStep } from '../../reference/epilogue.ts'
import { checkTensor, type TensorLike } from '../../tensor/tensor.ts'

/** One number for each output channel. */
export type ChannelNumbers = Float32Array | TensorLike

/** Activations that layers know by name: they take a few instructions. Of the others only those are shipped that are imported. */
const named = { relu, relu6, clip, leakyRelu, prelu, hardSigmoid, hardSwish } as const

type Named = typeof named
type Operands<Row extends FunctionRow> = Row['operands'] extends readonly [unknown, unknown]
  ? readonly [number, number]
  : number | ChannelNumbers
/** An activation by its name; those that take something have defaults. */
export type PlainActivation = {
  [N in keyof Named]: Named[N]['operands'] extends readonly [] ? N : Named[N] extends { defaults: unknown } ? N : never
}[keyof Named]
/** An activation by its name, with what it takes. */
export type ActivationOperands = {
  [N in keyof Named]: Named[N]['operands'] extends readonly [] ? never : { readonly [Key in N]: Operands<Named[N]> }
}[keyof Named]

/**
 * What outputs are sent through: the name of a function of a few instructions (`'relu'`), or with what it takes
 * (`{ clip: [0, 6] }`, `{ prelu: slopes }`, one slope for each channel); or a function that is imported (`silu`), or with what
 * it takes (`[elu, 0.5]`).
 */
export type Activation =
  | PlainActivation
  | ActivationOperands
  | FunctionRow
  | readonly [FunctionRow, ...(number | ChannelNumbers)[]]

/** How a residual joins the outputs, and whether before the activation or after it. */
const joints = {
  'add-before': { row: add, isBefore: true },
  'add-after': { row: add, isBefore: false },
  'multiply-before': { row: multiply, isBefore: true },
  'multiply-after': { row: multiply, isBefore: false },
} as const

/** How a residual joins the outputs: it is added, or multiplied by, before the activation or after it. */
export type Residual = keyof typeof joints

/** What outputs pass through before they are stored. */
export interface EpilogueOptions {
  /** One number for each output channel, by which its outputs are multiplied (with their bias). Default: nothing. */
  readonly scale?: ChannelNumbers | undefined
  /** One number for each output channel, added behind that: with `scale` a normalization by known numbers. Default: nothing. */
  readonly shift?: ChannelNumbers | undefined
  /** What outputs are sent through then. Default: nothing. */
  readonly activation?: Activation | undefined
}

/** An option of layers that are prepared. */
export interface ResidualOptions {
  /** Whether `run` takes a tensor of the output's shape, and how it joins the outputs. Default: it takes none. */
  readonly residual?: Residual | undefined
}

/** The names of these options. */
export const epilogueNames: readonly (keyof EpilogueOptions)[] = ['scale', 'shift', 'activation']

/** An epilogue, and lists of one number for each channel that it takes. */
export interface ReadEpilogue {
  readonly epilogue: Epilogue
  readonly operands: readonly Float32Array[]
  /** Checks that lists have a number for each channel. */
  readonly check: (channels: number) => void
}

/** Reads what people write. Lists are copied. */
export function readEpilogue(
  stage: string,
  { scale, shift, activation, residual }: EpilogueOptions & ResidualOptions,
): ReadEpilogue {
  const lists: { readonly what: string; readonly data: Float32Array }[] = []
  const ofChannels = (what: string, value: ChannelNumbers): EpilogueOperand => {
    return { channels: lists.push({ what, data: channelNumbers(stage, what, value).slice() }) - 1 }
  }
  const epilogue: EpilogueStep[] = []
  if (scale !== undefined) epilogue.push({ row: multiply, operands: [ofChannels('scale', scale)] })
  if (shift !== undefined) epilogue.push({ row: add, operands: [ofChannels('shift', shift)] })
  const joint = residual === undefined ? undefined : joints[checkChoice(stage, 'residual', residual, residuals)]
  const joined: EpilogueStep[] = joint ? [{ row: joint.row, operands: [{ residual: true }] }] : []
  if (joint?.isBefore) epilogue.push(...joined)
  if (activation !== undefined) epilogue.push(activationStep(stage, activation, ofChannels))
  if (!joint?.isBefore) epilogue.push(...joined)
  return {
    epilogue,
    operands: lists.map(({ data }) => data),
    check: (channels) => {
      for (const { what, data } of lists) checkCount(stage, what, data, channels)
    },
  }
}

const residuals = Object.keys(joints) as Residual[]

function activationStep(
  stage: string,
  written: unknown,
  ofChannels: (what: string, value: ChannelNumbers) => EpilogueOperand,
): EpilogueStep {
  const { row, operands } = readActivation(stage, written)
  if (operands.length !== row.operands.length) {
    const must = row.operands.length > 0 ? `take ${row.operands.join(' and ')}` : 'take nothing'
    throw new SamepadError(
      stage,
      `activation ${row.name} must ${must}`,
      operands.length > 0 ? operands : new Verbatim('nothing'),
    )
  }
  const read = (value: unknown, at: number): EpilogueOperand => {
    if (typeof value === 'number') return { bits: bitsOf(value) }
    return ofChannels(`${row.operands[at]} of ${row.name}`, value as ChannelNumbers)
  }
  return { row, operands: operands.map(read) }
}

function readActivation(stage: string, written: unknown): { row: FunctionRow; operands: readonly unknown[] } {
  const [first, ...given]: readonly unknown[] = Array.isArray(written) ? written : [written]
  if (isRow(first)) return { row: first, operands: given.length > 0 ? given : (first.defaults ?? []) }
  const isObject = typeof written === 'object' && written !== null
  const [key, ...others] = isObject ? Object.keys(written) : [written]
  if (typeof key !== 'string' || others.length > 0 || !Object.hasOwn(named, key)) {
    const names = Object.keys(named).join(', ')
    throw new SamepadError(
      stage,
      `activation must be one of ${names}, or a function that is imported, as silu`,
      written,
    )
  }
  const row: FunctionRow = named[key as keyof Named]
  if (!isObject) return { row, operands: row.defaults ?? [] }
  const operands: unknown = (written as Record<string, unknown>)[key]
  return { row, operands: Array.isArray(operands) ? operands : [operands] }
}

function isRow(value: unknown): value is FunctionRow {
  return typeof value === 'object' && value !== null && 'reference' in value && 'vector' in value
}

/** The numbers themselves. */
export function channelNumbers(stage: string, what: string, value: ChannelNumbers): Float32Array {
  return value instanceof Float32Array ? value : checkTensor(stage, what, value).data
}

/** Checks that there is a number for each channel. */
export function checkCount(stage: string, what: string, { length }: Float32Array, channels: number): void {
  if (length === channels) return
  throw new SamepadError(stage, `${what} must have one element for each of the ${channels} output channels`, length)
}
