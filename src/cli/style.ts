/** The few ways in which text can stand out; each of them leaves its width as it is. */
export interface TextStyle {
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  readonly tap: (text: string) => string
  readonly alert: (text: string) => string
}

const plainly = (text: string): string => text

/** For files, pipes and NO_COLOR. */
export const plain: TextStyle = { strong: plainly, faint: plainly, tap: plainly, alert: plainly }

// Written by hand: `styleText` asks the real stdout on newer versions of Node, and nobody on older ones.
const painted =
  (on: number, off: number) =>
  (text: string): string =>
    text && `\x1b[${on}m${text}\x1b[${off}m`

/** For a terminal. */
export const coloured: TextStyle = {
  strong: painted(1, 22),
  faint: painted(2, 22),
  tap: painted(36, 39),
  alert: painted(33, 39),
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour is made of
const paint = /\x1b\[(?:1|2|22|33|36|39)m/g

/** Cells that a text takes on a terminal. Everything printed here is one cell wide. */
export function width(text: string): number {
  return text.replace(paint, '').length
}

/** What a terminal obeys instead of showing it: control characters, line ends, and turns of the direction of writing. */
const commanding = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/**
 * A line in which everything can be seen: names in a file may hold anything, also what clears the screen or begins a new
 * line. Each such character becomes one that is as wide: control characters their pictures.
 *
 * @param isPainted whether colours of this module may be in it, which stay
 */
export function visible(line: string, isPainted: boolean): string {
  if (!isPainted) return line.replace(commanding, pictureOf)
  const paints = line.match(paint) ?? []
  return line
    .split(paint)
    .map((text, index) => text.replace(commanding, pictureOf) + (paints[index] ?? ''))
    .join('')
}

/** JSON in which the same is escaped, as far as JSON leaves it as it is; line ends are its own. */
export function visibleJson(json: string): string {
  return json.replace(commanding, (char) =>
    char === '\n' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function pictureOf(char: string): string {
  const code = char.charCodeAt(0)
  if (code < 32) return String.fromCharCode(0x2400 + code)
  return code === 127 ? '\u2421' : '\ufffd'
}
