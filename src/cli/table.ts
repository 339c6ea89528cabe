import { width } from './style.ts'

/** The longest line that is ever printed. */
export const COLUMNS = 80

/**
 * Rows as aligned lines, two spaces between columns, nothing at the end of a line.
 *
 * @param sides `'<'` or `'>'` for each column: the side on which its texts line up
 */
export function table(rows: readonly (readonly string[])[], sides: string): string[] {
  const widths = [...sides].map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))))
  return rows.map((row) => {
    const cells = row.map((text, column) => {
      const space = ' '.repeat(widths[column] - width(text))
      return sides[column] === '>' ? space + text : text + space
    })
    return cells.join('  ').trimEnd()
  })
}

/**
 * Text in lines of at most `COLUMNS`, broken at spaces.
 *
 * @param first what the first line begins with; the others are indented by as much
 */
export function wrap(text: string, first = ''): string[] {
  const indent = ' '.repeat(width(first))
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && width(indent) + width(line) + 1 + width(word) > COLUMNS) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line].map((one, index) => (index === 0 ? first : indent) + one)
}

/** Names and what is to be said of them: the names in one column, the texts wrapped in another. */
export function definitions(entries: readonly (readonly [name: string, text: string])[], indent = ''): string[] {
  const widest = Math.max(...entries.map(([name]) => width(name)))
  return entries.flatMap(([name, text]) => wrap(text, `${indent}${name}${' '.repeat(widest - width(name))}  `))
}

/** A text of at most so many characters. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

/** A text of at most so many characters, of which the end is kept: that of a path says more than its begin. */
export function fromEnd(text: string, longest: number): string {
  return text.length > longest ? `…${text.slice(1 - longest)}` : text
}

/** The longest name in a sentence. */
const LONGEST_NAME = 60

/** A sentence with its names short enough for a line; converters join those of all that they fused. */
export const withShortNames = (text: string): string =>
  text
    .split(' ')
    .map((word) => fromEnd(word, LONGEST_NAME))
    .join(' ')

/** The first of some tables that fits into the columns; the last one where none does. */
export function fitting(...tables: readonly (() => string[])[]): string[] {
  for (const lines of tables) {
    const made = lines()
    if (made.every((line) => width(line) <= COLUMNS)) return made
  }
  return tables[tables.length - 1]()
}
