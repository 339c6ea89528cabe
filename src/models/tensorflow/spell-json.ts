import { memberAt, valueIn } from '../../bytes/json-places.ts'
import { type SpellText, type TextPart, withParts } from '../respell-text.ts'
import { spelled } from './spell.ts'

/** A node of a graph-model of TensorFlow.js with other padding. Texts are base64, integers are texts. */
export const spellJson: SpellText = (text, _, rewrite) => {
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0))
  const whole = valueIn(bytes)
  const textAt = (...path: readonly string[]): string => {
    const { begin = 0, end = 0 } = memberAt(bytes, whole, ...path)?.value ?? {}
    return text.slice(begin, end).replace(/^"|"$/g, '')
  }
  const own = memberAt(bytes, whole, 'attr', 'padding', 's')
  if (!own) return { refused: 'its padding is not written' }
  const format = textAt('attr', 'data_format', 's') === NCHW ? 'NCHW' : ''
  const said = spelled(textAt('op'), format, rewrite)
  if ('refused' in said) return said
  const word: TextPart = { ...own.value, by: `"${btoa(said.word)}"` }
  if (!said.numbers) return withParts(text, [word])
  const list = JSON.stringify({ list: { i: said.numbers.map(String) } })
  const numbers = memberAt(bytes, whole, 'attr', 'explicit_paddings')?.value
  const end = memberAt(bytes, whole, 'attr', 'padding')?.end ?? 0
  const added = numbers ? { ...numbers, by: list } : { begin: end, end, by: `,"explicit_paddings":${list}` }
  return withParts(text, [word, added])
}

const NCHW = btoa('NCHW')
