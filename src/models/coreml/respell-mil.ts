import type { Edit, Refused, Respell, Rewrite, Span } from '../../network/model.ts'
import { padRefused } from '../pad-in-front.ts'

/** An argument of an operation: the text of its value, and how many arguments have that text. */
export interface MilValue extends Span {
  readonly text: string
  readonly users: number
}

/** The arguments that say how an operation pads. */
export interface MilPadding {
  readonly word: MilValue | undefined
  readonly numbers: MilValue | undefined
}

/** Writes the constants that say how an operation of MIL pads: a word, and beside `custom` begin and end of each axis. */
export const respellMil =
  (paddingAt: (place: number) => MilPadding | undefined): Respell =>
  ({ node }, rewrite) => {
    if (rewrite.folded || rewrite.inFront) return padRefused(rewrite)
    if (rewrite.outputPadding?.some((cells) => cells !== 0))
      return { refused: 'MIL says cells at the end by the output shape' }
    const { word, numbers } = paddingAt(node.frame.begin) ?? {}
    const name = wordOf(rewrite)
    const said = changed(word, /"[^"]*"/, `"${name}"`)
    if (name !== 'custom' || typeof rewrite.padding === 'string' || 'refused' in said) return said
    const list = changed(numbers, /\[[^[\]]*\](?=\s*\)\s*$)/, `[${rewrite.padding.flat().join(', ')}]`)
    return 'refused' in list ? list : [...said, ...list]
  }

function wordOf({ padding }: Rewrite): 'same' | 'same_lower' | 'valid' | 'custom' {
  if (padding === 'SAME_UPPER') return 'same'
  if (padding === 'SAME_LOWER') return 'same_lower'
  return padding.every((pair) => pair.every((cells) => cells === 0)) ? 'valid' : 'custom'
}

/** Another value in the place of that of a constant, which no other operation may have. */
function changed(value: MilValue | undefined, pattern: RegExp, by: string): readonly Edit[] | Refused {
  const found = value && pattern.exec(value.text)
  if (!value || !found) return { refused: 'its padding is not written in full' }
  if (found[0] === by) return []
  if (value.users > 1) return { refused: 'the constant of its padding is that of other operations too' }
  const begin = value.begin + found.index
  const bytes = Uint8Array.from(by, (char) => char.charCodeAt(0))
  return [{ begin, end: begin + found[0].length, bytes }]
}
