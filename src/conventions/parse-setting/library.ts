import type { Op } from '../../geometry/index.ts'

/** What a parameter of a call says of a layer. */
export type Meaning =
  | 'kernel'
  | 'stride'
  | 'dilation'
  | 'padding'
  | 'outputPadding'
  | 'outputShape'
  | 'ceilMode'
  | 'countIncludePad'
  | 'paddingValues'
  | 'layout'
  | 'groups'
  | 'op'
  /** Steps between the cells of the input, which no setting says: they must be 1. */
  | 'inputDilation'
  /** A divisor of averages other than the number of cells, which no setting says. */
  | 'divisor'

/**
 * A way to write padding as numbers: one number for both sides of every axis, or one for each axis; `[begin, end]` pairs
 * for each axis; pairs for batch and channels too; begin and end of one axis after the other; all begins, then all ends;
 * a list of the begins and one of the ends.
 */
export type PadsForm = 'both sides' | 'pairs' | 'every dimension' | 'interleaved' | 'begins then ends' | 'two lists'

/** A constructor or function: how its arguments are read. */
export interface LibraryCall {
  /** Its name without modules; `{n}` stands for 1, 2 and 3 axes. */
  readonly name: string
  readonly op: Op
  /** Its parameters in order, those after `*` by name only. Parameters that `meanings` leaves out say nothing of padding. */
  readonly order: string
  /** What parameters are that are not given, as text. A stride is 1, of pools the kernel, unless a default says otherwise. */
  readonly defaults?: Readonly<Record<string, string>>
  /** Other words for the padding than the framework's usual ones: `conv3d` of TensorFlow.js has a SAME of its own. */
  readonly words?: Readonly<Record<string, string>>
  /** Lists of sizes have entries for batch and channels too: always, or where they are longer than the axes. */
  readonly everyDimension?: 'always' | 'perhaps'
  /** How many axes it has, where its name does not tell. */
  readonly rank?: number
  /** None of its arguments may be left out. */
  readonly takesAll?: true
  /** It is a method of a tensor, whose name may be any. */
  readonly isMethod?: true
}

/** A library whose calls can be read. */
export interface Library {
  /** Key of `frameworks`, whose rules it follows. */
  readonly framework: string
  /** Its modules in full; the last parts of one are enough. */
  readonly modules: readonly string[]
  readonly meanings: Readonly<Record<string, Meaning>>
  readonly pads: readonly PadsForm[]
  /** Its calls take an object or a structure, whose fields are parameters by name. */
  readonly takesFields?: true
  /** Its methods are written without their object too: nobody else has such. */
  readonly isBuilder?: true
  readonly calls: readonly LibraryCall[]
}
