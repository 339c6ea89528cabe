/** The few ways in which text can stand out; each of them leaves its width as it is. */
export interface Style {
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  readonly tap: (text: string) => string
  readonly alert: (text: string) => string
}

const plainly = (text: string): string => text

/** For files, pipes and NO_COLOR. */
export const plain: Style = { strong: plainly, faint: plainly, tap: plainly, alert: plainly }

// Written by hand: `styleText` asks the real stdout on newer versions of Node, and nobody on older ones.
const painted =
  (on: number, off: number) =>
  (text: string): string =>
    text && `\x1b[${on}m${text}\x1b[${off}m`

/** For a terminal. */
export const coloured: Style = {
  strong: painted(1, 22),
  faint: painted(2, 22),
  tap: painted(36, 39),
  alert: painted(33, 39),
}

/** Cells that a text takes on a terminal. Everything printed here is one cell wide. */
export function width(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour is made of
  return text.replace(/\x1b\[\d+m/g, '').length
}
