// Units of a letter of 13 units' height, on average and a little more.
const LETTER = 6.7
const BOLD = 8

/** A text in lines that are not wider than so many units. */
export function linesOf(text: string, width: number, isBold = false): string[] {
  const most = Math.max(12, Math.floor(width / (isBold ? BOLD : LETTER)))
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Whether two texts stand beside one another; the first is bold and written with wide letters. */
export const fitBeside = (first: string, second: string, width: number): boolean =>
  first.length * 8.6 + second.length * LETTER + 16 <= width
