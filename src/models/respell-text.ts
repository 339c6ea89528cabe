import type { Span } from '../bytes/bytes.ts'
import type { Pads } from '../geometry/index.ts'
import type { Edit, Node, Refused, Respell, Rewrite } from '../network/model.ts'
import { padRefused, withPad } from './pad-in-front.ts'

/** Writes the text of a node otherwise. */
export type SpellText = (text: string, node: Node, rewrite: Rewrite) => string | Refused

/** Writes the text of a Pad with other amounts along the axes of the window behind it. */
export type SpellPad = (text: string, pads: readonly Pads[]) => string | Refused

/**
 * Rewrites the text of a node where it stands; of what comes back only what differs is written.
 *
 * @param bytes the whole file, or the part of it that is the text
 * @param offset where that part begins
 * @param spellPad how the format writes a Pad; where it is left out, a Pad stays as it is
 */
export function respellText(bytes: Uint8Array, spell: SpellText, offset = 0, spellPad?: SpellPad): Respell {
  const edited = ({ frame: { begin, end } }: Node, write: (text: string) => string | Refused): Edit[] | Refused => {
    if (begin === end) return { refused: 'it has no place of its own in the text' }
    const before = fromLatin1(bytes.subarray(begin - offset, end - offset))
    const after = write(before)
    if (typeof after !== 'string') return after
    return after === before ? [] : [changed(before, after, begin)]
  }
  return ({ node }, rewrite) => {
    if (rewrite.inFront) return padRefused(rewrite)
    if (!rewrite.folded) return edited(node, (text) => spell(text, node, rewrite))
    if (!spellPad) return padRefused(rewrite)
    const parts = withPad(rewrite)
    if ('refused' in parts) return parts
    const own = edited(node, (text) => spell(text, node, parts.window))
    const pad = edited(parts.node, (text) => spellPad(text, parts.pads))
    return 'refused' in own ? own : 'refused' in pad ? pad : [...pad, ...own]
  }
}

/** The part of a text that differs. */
function changed(before: string, after: string, at: number): { begin: number; end: number; bytes: Uint8Array } {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  const bytes = Uint8Array.from(after.slice(head, after.length - tail), (char) => char.charCodeAt(0))
  return { begin: at + head, end: at + before.length - tail, bytes }
}

/** A character for each byte, so that places in a text are places in its bytes. */
function fromLatin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** One number for both sides of each axis; undefined where the sides of one differ. */
export function alike(padding: readonly Pads[]): number[] | undefined {
  return padding.every(([begin, end]) => begin === end) ? padding.map(([begin]) => begin) : undefined
}

/** Puts another text in the place of a part of a text. */
export const replaced = (text: string, begin: number, end: number, by: string): string =>
  text.slice(0, begin) + by + text.slice(end)

/** A part of a text that is written otherwise. */
export interface TextPart extends Span {
  readonly by: string
}

/** A text with other parts; they must not overlap. */
export const withParts = (text: string, parts: readonly TextPart[]): string =>
  [...parts]
    .sort((a, b) => b.begin - a.begin)
    .reduce((whole, { begin, end, by }) => replaced(whole, begin, end, by), text)
