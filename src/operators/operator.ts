import type { Op } from '../geometry/index.ts'
import type { Call } from './call.ts'
import type { Fact } from './fact.ts'
import type { Sign } from './sign.ts'

/** Domains of operators: ONNX's own is `''`; `com.microsoft` fuses and quantises them and uses the same names for them. */
export type Domain = '' | 'com.microsoft' | 'ai.onnx.ml'

/**
 * What an operator does with the cells of a picture, the places along its spatial axes.
 *
 * - `stay`: each output cell is made of the inputs' cells at its own place. What is taken over the whole picture beside
 *   that, as statistics are, moves none.
 * - `move`: cells lie elsewhere in the output.
 * - `mix`: outputs are made of many cells, so that no place is left.
 * - `none`: there are no cells of an input in the output: constants, shapes, indices.
 */
export type Cells = 'stay' | 'move' | 'mix' | 'none'

/** What is known of a node's outputs, in their order; those that are missing or undefined are unknown. */
export type Infer = (call: Call) => readonly (Fact | undefined)[]

/** The window that an operator slides. */
export interface WindowRow {
  /** LpPool counts as `maxPool` (padding adds nothing, nothing is divided), DeformConv as `conv`. */
  readonly op: Op
  /** Which input has the weights. */
  readonly weights?: number
  /** Which input has the sizes of its output, batch and channels included. */
  readonly outputShape?: number
  /** Whether zeros around its input are what its own pads hold, so that a `Pad` before it can become them. */
  readonly padsLikePad: boolean
  /** Whether its padding is not written but follows from the kernel: all cells that it reaches back, before the first one. */
  readonly isCausal?: boolean
  /** Whether its taps lie where another input says. */
  readonly isFree?: boolean
  /** Which input has the zero point of what it reads, where that is quantised. */
  readonly zeroPoint?: number
}

interface Row {
  readonly name: string
  /** `''` and `com.microsoft` where nothing is said. */
  readonly domains?: readonly Domain[]
  readonly cells: Cells
  /**
   * Along which axes a cell depends on all others too, as by statistics or a softmax: cells taken away before it are missed.
   * `rank` is the number of axes of the output.
   */
  readonly takesWhole?: (call: Call, rank: number) => readonly number[]
  /** Whether its further inputs are lists with a number for each channel. */
  readonly takesLists?: true
  /** Whether it looks at the sizes of its input alone. */
  readonly takesSizes?: true
  /** Whether its outputs have nothing below zero. */
  readonly sign: Sign
}

/** An operator whose outputs' shapes, and small values that models compute sizes with, follow from its inputs alone. */
export interface Inferred extends Row {
  readonly infer: Infer
  readonly window?: undefined
}

/** An operator that slides a window: the shape of its first output follows from the conventions of windows. */
export interface Windowed extends Row {
  readonly window: WindowRow
  /** What is known of further outputs; they have the shape of the first one where nothing is said. */
  readonly others?: Infer
  readonly infer?: undefined
}

/** An operator whose outputs are those of the graphs in its attributes. */
export interface Nesting extends Row {
  readonly nests: true
  readonly window?: undefined
  readonly infer?: undefined
}

/** All that is known of an operator of ONNX, in one row. */
export type Operator = Inferred | Windowed | Nesting
