import type { Pads } from '../../geometry/index.ts'
import type { Refused, Rewrite } from '../../network/model.ts'

/** What a node of TensorFlow says of its padding. */
export interface SpelledPadding {
  readonly word: 'SAME' | 'VALID' | 'EXPLICIT'
  /** Beside EXPLICIT: a pair for each dimension, in the order of the node's layout. */
  readonly numbers?: readonly number[]
}

/** Operators that take numbers; pools of TensorFlow.js have words alone. */
const taking = /Conv2D|Conv2d/

/**
 * A padding in TensorFlow's words.
 *
 * @param op as the file calls it
 * @param format its `data_format`
 */
export function spelled(
  op: string,
  format: string,
  { padding, word, outputPadding }: Rewrite,
): SpelledPadding | Refused {
  if (padding === 'SAME_LOWER') return { refused: 'TensorFlow has only SAME that gives the odd cell to the end' }
  if (outputPadding?.some((cells) => cells !== 0))
    return { refused: 'TensorFlow says cells at the end by the output shape' }
  if (typeof padding === 'string') return { word: 'SAME' }
  if (padding.every((pair) => Math.max(...pair) === 0)) return { word: 'VALID' }
  if (taking.test(op) && padding.length === 2) return { word: 'EXPLICIT', numbers: numbersOf(padding, format) }
  return word === 'SAME_UPPER' ? { word: 'SAME' } : { refused: `${op} of TensorFlow pads SAME or VALID alone` }
}

function numbersOf(padding: readonly Pads[], format: string): number[] {
  const zero: Pads = [0, 0]
  return (format.startsWith('NC') ? [zero, zero, ...padding] : [zero, ...padding, zero]).flat()
}
