import type { Op } from '../geometry/index.ts'
import type { Count, Share, Total } from './forward-rules.ts'
import type { RejectionName } from './rejections.ts'
import type { Crop, TransposedSize } from './transposed-rules.ts'
import type { Zeros, ZerosEnd } from './zeros.ts'

/** How a forward operation pads: the total, its share at the start, and what becomes of it. */
export interface ForwardRule {
  readonly total: Total
  readonly share: Share
  /** How windows are counted. Default: `'floor'`. */
  readonly count?: Count
  /** With `ceilMode`, whether a last window that starts in the end padding is dropped (as it should) or kept. */
  readonly ceil?: 'drop' | 'keep' | 'drop if padded'
  /** Sizes of pools are rounded up unless `ceilMode` is false. */
  readonly roundsUp?: true
  /** What an input without a single window gives: default, an error; or an empty output, perhaps below that too. */
  readonly empty?: 'an empty output' | 'an empty output, however small the input'
  /** Whether pooling sees padding as cells that hold zero. Default: never. */
  readonly zeros?: Zeros
  /** Where they end. Default: with the padding. */
  readonly zerosEnd?: ZerosEnd
  /** A pool of one tap with as many outputs as inputs gives its input, whatever the stride and the padding. */
  readonly passesThrough?: true
  /** A negative padding at the end hides the last real cells from an average. */
  readonly hides?: true
  /** The framework runs the layer without the dilation that it was given. */
  readonly dilationDropped?: true
}

/** How a transposed convolution sizes its output and crops. */
export interface TransposedRule {
  readonly size: TransposedSize
  readonly crop: Crop
}

/** The versions to which a row applies, as numbers with dots: those from one on, those below another. */
export interface Versions {
  readonly from?: string
  readonly below?: string
}

/** A framework's rule for padding, as a row of data: all that samepad says of the framework follows from it. */
export interface Convention {
  /** Stable name: the framework, what is special, and the word that a user writes; `onnxruntime.pool.same-upper`. */
  readonly id: string
  /** Key of `frameworks`. */
  readonly framework: string
  /** The word for the padding, the last part of the id: `same`, `same-lower`, `valid`, `explicit`, ... */
  readonly padding: string
  readonly ops: readonly Op[]
  /** Versions to which the row applies. Without it, all that were looked at. */
  readonly versions?: Versions
  /**
   * Layers that the row is for, where the setting of an axis does not tell: those with so many axes, those of files that
   * leave sizes open, those from an operator set of ONNX on. Without it, all of them.
   */
  readonly only?: { readonly axes?: number; readonly sizes?: 'open'; readonly opset?: number }
  readonly rule: ForwardRule | TransposedRule
  readonly rejects: readonly RejectionName[]
  /** What is wrong with the rule, and the row that says what its specification wants. */
  readonly fault?: { readonly what: string; readonly wanted: string }
  /** Where the rule was read: repository and file or function, or the section of a specification. */
  readonly source: string
  /** How often people mean it, 0 to 3: only to order several explanations of the same numbers. */
  readonly weight: number
}

/** Whether a rule is of the transposed kind. */
export function isTransposed(rule: ForwardRule | TransposedRule): rule is TransposedRule {
  return 'crop' in rule
}
