import { fault } from './fault.ts'

/** A piece of a setting's text. */
export interface Token {
  /** A word or number, a text in quotes (without them), or a mark such as `(`, `=` or `,`. */
  readonly kind: 'word' | 'quoted' | 'mark'
  readonly text: string
  /** Where it stands in the text. */
  readonly start: number
  readonly end: number
}

/** The most characters of a text; a network's listing has fewer. */
const LONGEST = 20_000

/**
 * Padding on several sides or axes (`p0,1`, `p1,0x0,2`) is one word; so is what stands between blanks, brackets,
 * quotes and separators; `::` belongs to a path. A comment stands behind `#` after a blank, between slashes with stars, or behind `//`
 * where no value stands before it: in Python `k // 2` is a quotient.
 */
const TOKEN =
  /(?<pads>p(?:ad)?-?\d+(?:[,x]-?\d+)+(?![\w.]))|(?<comment>(?<![^\s])#[^\n]*|(?<=(?:^|[\n,;([{])[ \t]*)\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)|(?<word>(?:[^\s()[\]{}<>,=:;'"`?&|]|::)+)|(?<quoted>'[^'\n]*'|"[^"\n]*"|`[^`\n]*`)|(?<mark>[()[\]{}<>,=:;'"`?&|])|\s+/giy

/** The tokens of a text; comments and blanks are left out. Takes time in proportion to the text. */
export function tokensOf(text: string): Token[] {
  if (text.length > LONGEST) throw fault(`a text must have at most ${LONGEST} characters`, text.length)
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [whole] = match
    const { pads, word, quoted, mark } = match.groups ?? {}
    const [start, end] = [match.index, match.index + whole.length]
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1), start, end })
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, start, end })
    else if ((pads ?? word) !== undefined) tokens.push({ kind: 'word', text: pads ?? word, start, end })
    if (TOKEN.lastIndex === text.length) break
  }
  return tokens
}
