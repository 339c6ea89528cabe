import type { Diff, NodeReport } from 'samepad/models'
import { shortNames } from '../../../src/words/network.ts'
import { type Fall, fallOf, HEAD, LETTER, largest, layoutOf, lengthsOf, padsOf } from './drawing.ts'
import { foldName, linesOf, shortened } from './folds.ts'

// Two exports of one network as two columns of layers, with the drift of their grids between them: plain data.

/** A layer of one of the exports. */
interface Side {
  readonly length: number
  readonly pads: string
  readonly lean: NodeReport['lean']
}

/** A line of the picture: layers that are one another's like, or one that has none. */
export interface PairRow {
  readonly y: number
  /** Which line it is of all, and how many it stands for. */
  readonly at: number
  readonly count: number
  readonly name: string
  readonly a: Side | undefined
  readonly b: Side | undefined
  readonly differs: boolean
  /** How far apart the grids are behind it, in cells of the input; undefined where that is not known. */
  readonly apart: number | undefined
}

export interface PairDrawing {
  readonly rows: readonly PairRow[]
  readonly width: number
  readonly height: number
  /** Height of a line, and where its bars are in it. */
  readonly step: number
  readonly barAt: number
  /** Where the first column ends, and the second one begins; the drift grows between them from the middle. */
  readonly begin: number
  readonly end: number
  /** Cells of the largest drift. */
  readonly most: number
  readonly fall: Fall | undefined
}

interface Pairing {
  readonly a: NodeReport | undefined
  readonly b: NodeReport | undefined
  readonly differs: boolean
  readonly apart: number | undefined
}

/** The layers of both in the order of the first; those of the second alone before what follows them there. */
function pairingsOf({ pairs, onlyA, onlyB }: Diff): Pairing[] {
  const all: Pairing[] = [
    ...pairs.map(({ a, b, difference, drift }) => ({ a, b, differs: difference !== undefined, apart: largest(drift) })),
    ...onlyA.map((a) => ({ a, b: undefined, differs: true, apart: undefined })),
  ].sort((one, two) => one.a.index - two.a.index)
  for (const b of onlyB) {
    const at = all.findIndex((one) => one.b && one.b.index > b.index)
    all.splice(at < 0 ? all.length : at, 0, { a: undefined, b, differs: true, apart: undefined })
  }
  return all
}

/** Whether a line tells nothing that the one before it does not tell. */
const isLike = (one: Pairing, before: Pairing): boolean =>
  !one.differs && !before.differs && one.apart === before.apart && one.a?.lean === before.a?.lean

/**
 * The picture of two exports on so many units of width. Of many layers, those that are alike in both and follow one another
 * are one line.
 *
 * @param open which lines begin what is not to be one line
 */
export function pairsOf(diff: Diff, width: number, open: ReadonlySet<number> = new Set()): PairDrawing {
  const all = pairingsOf(diff)
  const lines = linesOf(all, isLike, open)
  const names = shortNames(all.map(({ a, b }) => (a ?? b)?.name ?? ''))
  const { isNarrow, step, barAt } = layoutOf(width)
  const named = isNarrow ? 0 : width * 0.26
  const begin = named + (width - named) * 0.36
  const end = width - (begin - named)
  const room = (begin - named) * 0.55
  const letters = Math.floor((isNarrow ? width : named - 8) / LETTER) - 2
  const lengths = [all.flatMap(({ a }) => a ?? []), all.flatMap(({ b }) => b ?? [])].map(
    (nodes) => new Map(lengthsOf(nodes, room).map((length, at) => [nodes[at], length])),
  )
  const side = (node: NodeReport | undefined, at: number, isFold: boolean): Side | undefined =>
    node && { length: lengths[at].get(node) ?? 0, pads: isFold ? '' : padsOf(node), lean: node.lean }
  return {
    rows: lines.map(({ first: { a, b, ...rest }, at, count }, index) => ({
      ...{ ...rest, at, count, y: HEAD + index * step, a: side(a, 0, count > 1), b: side(b, 1, count > 1) },
      name: count > 1 ? foldName(count, names[at], names[at + count - 1], letters) : shortened(names[at], letters),
    })),
    ...{ width, step, barAt, begin, end },
    height: HEAD + lines.length * step,
    most: Math.max(0, ...all.map(({ apart }) => apart ?? 0)),
    fall: fallOf(
      all.flatMap(({ a, b }) => a ?? b ?? []),
      names,
      all.map(({ apart }) => apart),
    ),
  }
}
