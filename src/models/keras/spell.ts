import { memberAt, valueIn } from '../../bytes/json-places.ts'
import { attributeOf } from '../../network/model.ts'
import { replaced, type SpellText } from '../respell-text.ts'

/**
 * A layer with other padding: `same` or `valid`.
 *
 * @param length whether the text must stay as long as it is, as a part of an archive; spaces then make up for it
 */
export const spellKeras =
  (length?: 'as long as before'): SpellText =>
  (text, node, { padding, word, outputPadding }) => {
    if (outputPadding?.some((cells) => cells !== 0)) return { refused: 'other crops would have to be worked out anew' }
    const isNone = typeof padding !== 'string' && padding.every((pair) => Math.max(...pair) === 0)
    const isSame = padding === 'SAME_UPPER' || (!isNone && word === 'SAME_UPPER')
    if (!isNone && !isSame) return { refused: 'layers of Keras pad same or valid; other pads are a layer in front' }
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0))
    const found = memberAt(bytes, valueIn(bytes), 'config', 'padding')?.value
    if (!found) return { refused: 'its padding is not written' }
    const value = isNone ? '"valid"' : '"same"'
    // A separable layer is two convolutions; the text has the padding of the first.
    if (text.slice(found.begin, found.end) !== `"${attributeOf(node, 'auto_pad')?.string}"`)
      return isNone ? text : { refused: 'it has no padding of its own' }
    if (text.slice(found.begin, found.end) === value) return text
    if (!length) return replaced(text, found.begin, found.end, value)
    const [ahead, behind] = [/\s*$/.exec(text.slice(0, found.begin)), /^\s*/.exec(text.slice(found.end))]
    const [begin, end] = [found.begin - (ahead?.[0].length ?? 0), found.end + (behind?.[0].length ?? 0)]
    const spaces = end - begin - value.length
    if (spaces < 0) return { refused: 'there is no room for a longer word in its place' }
    const first = Math.min(spaces, found.begin - begin)
    return replaced(text, begin, end, ' '.repeat(first) + value + ' '.repeat(spaces - first))
  }
