import { memberAt, valueIn } from '../../bytes/json-places.ts'
import type { Pads } from '../../geometry/index.ts'
import { type SpellText, type TextPart, withParts } from '../respell-text.ts'

/** Words of paddings in base64, as the file has texts. */
const words = { SAME: 'U0FNRQ==', VALID: 'VkFMSUQ=', EXPLICIT: 'RVhQTElDSVQ=' } as const

/** Operators that take numbers; pools of TensorFlow.js have words alone. */
const taking = /Conv2D|Conv2d/

/** A node with other padding. */
export const spellJson: SpellText = (text, { opType }, { padding, word, outputPadding }) => {
  if (padding === 'SAME_LOWER') return { refused: 'TensorFlow has only SAME that gives the odd cell to the end' }
  if (outputPadding?.some((cells) => cells !== 0))
    return { refused: 'TensorFlow says cells at the end by the output shape' }
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0))
  const whole = valueIn(bytes)
  const textAt = (...path: readonly string[]): string => {
    const { begin = 0, end = 0 } = memberAt(bytes, whole, ...path)?.value ?? {}
    return text.slice(begin, end)
  }
  const own = memberAt(bytes, whole, 'attr', 'padding', 's')
  if (!own) return { refused: 'its padding is not written' }
  const say = (name: keyof typeof words): TextPart => ({ ...own.value, by: `"${words[name]}"` })
  if (typeof padding === 'string') return withParts(text, [say('SAME')])
  if (padding.every((pair) => Math.max(...pair) === 0)) return withParts(text, [say('VALID')])
  if (!taking.test(textAt('op')) || padding.length !== 2) {
    if (word === 'SAME_UPPER') return withParts(text, [say('SAME')])
    return { refused: `${opType} of TensorFlow.js pads SAME or VALID alone` }
  }
  const list = JSON.stringify({ list: { i: numbersOf(padding, textAt('attr', 'data_format', 's').startsWith(NC)) } })
  const numbers = memberAt(bytes, whole, 'attr', 'explicit_paddings')?.value
  const end = memberAt(bytes, whole, 'attr', 'padding')?.end ?? 0
  const added = numbers ? { ...numbers, by: list } : { begin: end, end, by: `,"explicit_paddings":${list}` }
  return withParts(text, [say('EXPLICIT'), added])
}

/** How layouts with channels before cells begin, in base64. */
const NC = '"TkN'

/** A pair for each dimension, in the order of the node's layout; integers are texts. */
function numbersOf(padding: readonly Pads[], isChannelsFirst: boolean): string[] {
  const zero: Pads = [0, 0]
  return (isChannelsFirst ? [zero, zero, ...padding] : [zero, ...padding, zero]).flat().map(String)
}
