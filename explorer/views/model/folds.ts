// Many rows as few lines: rows that follow one another and are alike are folded into one, which can be opened.

/** A line of a column: one row, or several that are alike. */
export interface Line<Row> {
  /** The first of its rows, and the last. */
  readonly first: Row
  readonly last: Row
  /** Where the first one stands among all rows. */
  readonly at: number
  readonly count: number
}

const FEW = 60 // rows, which are looked through at once: nothing is folded
const LEAST = 3 // rows of a fold

/**
 * Rows as lines.
 *
 * @param isLike whether a row tells nothing that the one before it does not tell
 * @param open where folds begin that are opened
 */
export function linesOf<Row>(
  rows: readonly Row[],
  isLike: (row: Row, before: Row) => boolean,
  open: ReadonlySet<number>,
): Line<Row>[] {
  const single = (at: number): Line<Row> => ({ first: rows[at], last: rows[at], at, count: 1 })
  if (rows.length <= FEW) return rows.map((_, at) => single(at))
  const starts = rows.flatMap((row, at) => (at > 0 && isLike(row, rows[at - 1]) ? [] : [at]))
  return starts.flatMap((at, index) => {
    const end = starts[index + 1] ?? rows.length
    if (end - at >= LEAST && !open.has(at)) return [{ first: rows[at], last: rows[end - 1], at, count: end - at }]
    return Array.from({ length: end - at }, (_, step) => single(at + step))
  })
}

/** The end of a name that is too long: exporters put the module in front. */
export const shortened = (name: string, letters: number): string =>
  name.length > Math.max(6, letters) ? `…${name.slice(1 - Math.max(6, letters))}` : name

/** The name of a line of so many letters: `× 23: conv2 … conv24`. */
export function foldName(count: number, first: string, last: string, letters: number): string {
  const each = Math.floor((letters - 7 - String(count).length) / 2)
  return `× ${count}: ${shortened(first, each)} … ${shortened(last, each)}`
}
