// A row of positions of which some are drawn: pieces, and the gaps between them.

/** Positions from `begin` to before `end`. */
export interface Span {
  readonly begin: number
  readonly end: number
}

/** Positions that are left out, and how wide what stands for them is. */
export interface Gap extends Span {
  readonly width: number
}

export interface Pieces {
  readonly pieces: readonly Span[]
  readonly gaps: readonly Span[]
  /** How many positions are drawn. */
  readonly cells: number
}

export const GAP = 38 // units; fewer cells than have room in it are drawn instead

/**
 * The pieces of a row.
 *
 * @param must positions that are drawn in any case
 * @param may what is drawn besides, the most wanted first, as far as there is room
 * @param width units that there are
 * @param smallest units that a position needs
 */
export function piecesOf(
  span: Span,
  must: ReadonlySet<number>,
  may: ReadonlySet<number>,
  width: number,
  smallest: number,
): Pieces {
  const all = span.end - span.begin
  if (all * smallest <= width) return { pieces: [span], gaps: [], cells: all }
  const wanted = [...may]
  const some = (count: number): Pieces => cut(span, [...must, ...wanted.slice(0, count)], smallest)
  // The most that fits: what is added costs room or closes a gap, so the room that is needed hardly ever shrinks.
  let [fits, tooMany] = [0, wanted.length + 1]
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1
    if (widthOf(some(middle), smallest) <= width) fits = middle
    else tooMany = middle
  }
  return some(fits)
}

const widthOf = ({ cells, gaps }: Pieces, smallest: number): number => cells * smallest + gaps.length * GAP

/** Joins positions to pieces wherever what lies between takes no more room than a gap would. */
function cut(span: Span, positions: readonly number[], smallest: number): Pieces {
  const near = Math.floor(GAP / smallest)
  const pieces: { begin: number; end: number }[] = [{ begin: span.begin, end: span.begin }]
  const marks = [
    ...[...positions].sort((a, b) => a - b).map((at) => ({ begin: at, end: at + 1 })),
    { begin: span.end, end: span.end },
  ]
  for (const { begin, end } of marks) {
    const last = pieces[pieces.length - 1]
    if (begin - last.end <= near) last.end = Math.max(last.end, end)
    else pieces.push({ begin, end })
  }
  const gaps = pieces.slice(1).map((piece, index) => ({ begin: pieces[index].end, end: piece.begin }))
  const drawn = pieces.filter(({ begin, end }) => end > begin)
  return { pieces: drawn, gaps, cells: drawn.reduce((sum, { begin, end }) => sum + end - begin, 0) }
}

/** How many positions a gap leaves out, in as few letters as it has room for. */
export function leftOut({ begin, end, width }: Gap, count = end - begin): string {
  if (count < 1000 || (count < 1e5 && width >= GAP)) return `+${count}`
  if (count < 1e6) return `+${count < 1e4 ? (count / 1e3).toFixed(1) : Math.floor(count / 1e3)}k`
  return `+${count < 1e9 ? `${Math.floor(count / 1e6)}M` : count.toExponential(0)}`
}
