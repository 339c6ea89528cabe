import type { Diff, NodeReport } from 'samepad/models'
import { shortNames } from '../../../src/words/network.ts'
import { HEAD, LETTER, largest, layoutOf, lengthsOf, MOST, padsOf, shortened } from './drawing.ts'

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
  /** Layers that are alike in both and are not drawn, since there are so many. */
  readonly hidden: number
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

/** Those that are drawn: of too many, those that differ or move the grid, and what has room of the others. */
function drawn(all: readonly Pairing[]): Pairing[] {
  if (all.length <= MOST) return [...all]
  const telling = all.filter((one, index) => one.differs || (one.apart ?? 0) !== (all[index - 1]?.apart ?? 0))
  const kept = new Set(telling.slice(0, MOST))
  for (const one of all) if (kept.size < MOST) kept.add(one)
  return all.filter((one) => kept.has(one))
}

/** The picture of two exports on so many units of width. */
export function pairsOf(diff: Diff, width: number): PairDrawing {
  const all = pairingsOf(diff)
  const shown = drawn(all)
  const names = shortNames(shown.map(({ a, b }) => (a ?? b)?.name ?? ''))
  const { isNarrow, step, barAt } = layoutOf(width)
  const named = isNarrow ? 0 : width * 0.26
  const begin = named + (width - named) * 0.36
  const end = width - (begin - named)
  const room = (begin - named) * 0.55
  const letters = Math.floor((isNarrow ? width : named - 8) / LETTER) - 2
  const lengths = [shown.flatMap(({ a }) => a ?? []), shown.flatMap(({ b }) => b ?? [])].map(
    (nodes) => new Map(lengthsOf(nodes, room).map((length, at) => [nodes[at], length])),
  )
  const side = (node: NodeReport | undefined, at: number): Side | undefined =>
    node && { length: lengths[at].get(node) ?? 0, pads: padsOf(node), lean: node.lean }
  return {
    rows: shown.map(({ a, b, ...rest }, index) => ({
      ...rest,
      ...{ y: HEAD + index * step, name: shortened(names[index], letters), a: side(a, 0), b: side(b, 1) },
    })),
    ...{ width, step, barAt, begin, end },
    height: HEAD + shown.length * step,
    most: Math.max(0, ...shown.map(({ apart }) => apart ?? 0)),
    hidden: all.length - shown.length,
  }
}
