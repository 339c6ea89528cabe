import type { FunctionName } from '../../functions/rows.ts'
import type { Geometry } from '../../geometry/index.ts'
import type { ReduceProblem } from '../../reference/reduce.ts'
import type { Layout, Tensor } from '../../tensor/tensor.ts'

// What a step of a schedule does, as data. `bind.ts` makes each kind a call of an operation of samepad.

/** A tensor of a schedule. */
export interface GraphValue {
  /** The model's name for it; what stands between the steps of one node has none. */
  readonly name: string
  readonly shape: readonly number[]
  /** Of a constant: its elements. */
  readonly constant?: Float32Array | undefined
  /** Of the same elements in another shape: the value that has them. */
  readonly of?: GraphValue | undefined
}

/** What a function takes beside the element: a number, or the input of its step with this place in the list. */
export type ChainOperand = number | { readonly input: number }

/** One function of a chain, with what it takes. */
export interface ChainLink {
  readonly name: FunctionName
  readonly operands: readonly ChainOperand[]
}

/** What a function of an epilogue takes: a number, one for each output channel, or the second input's element at the output's place. */
export type LinkOperand = number | { readonly channels: GraphValue } | { readonly residual: true }

/** One function of an epilogue, which is what outputs pass through before they are stored. */
export interface EpilogueLink {
  readonly name: FunctionName
  readonly operands: readonly LinkOperand[]
}

/** A window that slides over the first input. */
export interface WindowOperation {
  readonly kind: 'window'
  readonly geometry: Geometry
  readonly groups: number
  readonly outChannels: number
  /** Of convolutions, in ONNX's order. */
  readonly weights?: GraphValue | undefined
  readonly bias?: GraphValue | undefined
  readonly epilogue?: readonly EpilogueLink[] | undefined
  readonly countIncludePad?: boolean | undefined
  /** How its tensors lie; `nchw` by default. */
  readonly layout?: Layout | undefined
}

/** Every element of the first input, sent through functions. */
export interface ChainOperation {
  readonly kind: 'chain'
  readonly links: readonly ChainLink[]
}

/** A product of the rows of the first input, along its last axis, with a constant matrix [inner, columns]. */
export interface DenseOperation {
  readonly kind: 'dense'
  readonly weights: GraphValue
  readonly bias?: GraphValue | undefined
  readonly epilogue?: readonly EpilogueLink[] | undefined
}

/** All inputs, one after the other along an axis. */
export interface ConcatOperation {
  readonly kind: 'concat'
  readonly axis: number
}

/** Which axis of its input a loop of a move follows, and by how many cells each time; none where the same cells come again. */
export interface MoveLoop {
  readonly axis: number | undefined
  readonly step: number
}

/** Elements of the first input, one after the other in loops of so many. */
export interface MoveOperation {
  readonly kind: 'move'
  /** What it is called in print. */
  readonly name: string
  readonly detail: string
  readonly sizes: readonly number[]
  /** What each of the loops goes along. */
  readonly along: readonly MoveLoop[]
  /** The first cell of each axis of the input. */
  readonly begin: readonly number[]
}

/** Anything else: a call that reads some tensors and fills others. */
export interface CallOperation {
  readonly kind: 'call'
  /** What it is called in print. */
  readonly name: string
  /** What it is told, in print. */
  readonly detail: string
  /**
   * The axes of its output that it works along, where it can work on tensors whose axes lie in any order, the same for all of
   * them; `run` gets their places. Without them tensors lie in the model's order.
   */
  readonly axes?: readonly number[] | undefined
  /** Whether these axes must follow one another in memory. */
  readonly isBlock?: boolean | undefined
  readonly run: (inputs: readonly Tensor[], outputs: readonly Tensor[], axes: readonly number[]) => void
}

/** Passes over groups of elements of the first input: a reduction, shares of a sum. */
export interface GroupsOperation {
  readonly kind: 'groups'
  /** What it is called in print. */
  readonly name: string
  /** What it is told, in print. */
  readonly detail: string
  /** The axes of its output that it works along; tensors may lie in any order of axes, the same for both. */
  readonly axes: readonly number[]
  /** What is to be computed of a tensor of such a shape, whose axes to work along have these places. */
  readonly problem: (shape: readonly number[], axes: readonly number[]) => ReduceProblem
}

export type GraphOperation =
  | WindowOperation
  | ChainOperation
  | DenseOperation
  | ConcatOperation
  | MoveOperation
  | CallOperation
  | GroupsOperation

/** A step of a schedule: an operation, what it reads, and what it fills. */
export interface GraphStep {
  /** The node that it belongs to, by its name. */
  readonly node: string
  readonly operation: GraphOperation
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
}

/** The value whose memory another one is seen in. */
export function rootOf(value: GraphValue): GraphValue {
  return value.of ? rootOf(value.of) : value
}

/** The constant of every value that has no elements: no step makes one. */
export const NO_ELEMENTS = new Float32Array(0)

/** Elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** The lists of one number for each channel that an epilogue takes, each once. */
export function channelOperands(epilogue: readonly EpilogueLink[] = []): readonly GraphValue[] {
  const all = epilogue.flatMap(({ operands }) =>
    operands.flatMap((one) => (typeof one === 'object' && 'channels' in one ? [one.channels] : [])),
  )
  return [...new Set(all)]
}
