import type { Followed, FollowedNode } from '../network/followed.ts'
import type { Node } from '../network/model.ts'
import type { AxisSource } from '../operators/axes.ts'
import { padStep } from '../operators/axis-step.ts'
import { cellSources } from '../operators/cell-sources.ts'
import { numbersOf } from '../operators/fact.ts'
import { operatorOf } from '../operators/index.ts'
import { type Interval, madeWithin } from './halo.ts'
import { isMixed, type Marks } from './marks.ts'

/** Cells of a value in a piece, beside those of the whole. */
export interface PieceCells {
  /** Cells of the whole value. */
  readonly size: number
  /** The place in the whole of the piece's first cell. */
  readonly begin: number
  /** Cells of the value that the piece makes. */
  readonly count: number
  /** The cells, by their place in the whole, that the piece has as the whole has them. */
  readonly right: Interval
}

/** Why a piece does not lie on the cells of the whole. */
export interface Astray {
  readonly node: Node
  readonly why: string
}

export const isAstray = (cells: PieceCells | Astray | undefined): cells is Astray =>
  cells !== undefined && 'why' in cells

/** The cells of every value of a piece. */
export type PieceValues = ReadonlyMap<string, readonly (PieceCells | Astray | undefined)[]>

/**
 * Which cells of each value a piece of the input makes as the whole does: those whose taps fall on cells that the piece has
 * right, and on padding only where that is the picture's own.
 *
 * @param piece the network, followed on an input of the piece's size
 * @param read the cells of the input that the piece is made of
 */
export function pieceOf(
  whole: Followed,
  piece: Followed,
  marks: Marks,
  input: string,
  axis: number,
  read: Interval,
): PieceValues {
  const values = new Map<string, readonly (PieceCells | Astray | undefined)[]>()
  const sizeOf = ({ scope }: Followed, value: string, at: number): number => scope.fact(value)?.shape?.[at] as number
  const entire = { size: sizeOf(whole, input, axis), begin: read[0], count: read[1] - read[0], right: read }
  values.set(
    input,
    marks.of(input).map((mark) => mark && entire),
  )
  whole.nodes.forEach((one, index) => {
    const other = piece.nodes[index]
    const counts = one.read.find((name, at) => marks.isOfSizes(name) && !isAlike(whole, piece, one, name, at))
    one.node.outputs.forEach((value, output) => {
      const sources = marks.of(value)
      if (!sources.some(Boolean)) return
      const made = sources.map((mark, at) => {
        const [source, inPiece] = [one.sources[output]?.[at], other.sources[output]?.[at]]
        if (!mark || isMixed(mark) || !source || !inPiece) return undefined
        if (counts)
          return { node: one.node, why: `computes with '${counts}', which depends on the size of the picture` }
        const sizes = [sizeOf(whole, value, at), sizeOf(piece, value, at)] as const
        return cellsOf(one, source, inPiece, sizes, (place) => values.get(one.read[place.input])?.[place.axis])
      })
      values.set(value, made)
    })
  })
  return values
}

/** Whether a value that is computed of sizes is the same in a piece, or says where cells move, which is followed. */
function isAlike(whole: Followed, piece: Followed, { node }: FollowedNode, value: string, input: number): boolean {
  const row = operatorOf(node)
  if (input > 0 && row?.cells === 'move' && cellSources[row.name]) return true
  const [all, some] = [whole, piece].map(({ scope }) => numbersOf(scope.fact(value)))
  return all !== undefined && JSON.stringify(all) === JSON.stringify(some)
}

type SourcePlace = AxisSource['from'][number]

function cellsOf(
  { node, call }: FollowedNode,
  source: AxisSource,
  inPiece: AxisSource,
  [size, count]: readonly [number, number],
  of: (place: SourcePlace) => PieceCells | Astray | undefined,
): PieceCells | Astray {
  const read = source.from.map(of).filter((cells) => cells !== undefined)
  const before = read.find(isAstray)
  if (before) return before
  const cells = (read as PieceCells[]).reduce<PieceCells | undefined>(
    (a, b) => a && together(a, b),
    read[0] as PieceCells,
  )
  if (!cells) return { node, why: 'joins cells that lie at different places in a piece' }
  if (!isSame(source, inPiece)) return { node, why: 'lays cells in other rows in a piece' }
  if (!source.step && !inPiece.step) return { ...cells, size, count }
  // What pads by the size may leave one of them as it is.
  const [step, own] = [source.step ?? padStep(0), inPiece.step ?? padStep(0)]
  if (step.jump.over !== own.jump.over || step.jump.under !== own.jump.under || step.reach !== own.reach) {
    return { node, why: 'has another step in a piece' }
  }
  if (own.uneven && !step.uneven) return { node, why: `${own.uneven} in a piece` }
  const { over, under } = step.jump
  const [first, ownFirst] = [step.first ?? Number.NaN, own.first ?? Number.NaN]
  const exact = ((cells.begin + ownFirst - first) * under) / over
  const begin = Math.round(exact)
  if (!(Math.abs(exact - begin) < 1e-6)) return { node, why: 'lies between the cells of the whole in a piece' }
  const [low, high] = cells.right
  // At the picture's own border the piece has the same padding, if it has the cells that are mirrored there. The outermost one, which
  // the mode edge repeats, it has there anyway.
  const mirrors = node.opType === 'Pad' && call.attribute('mode')?.string === 'reflect'
  const [ahead, behind] = mirrors ? [-first, size - cells.size + first] : [0, 0]
  if (cells.count <= Math.max(ahead, behind)) return { node, why: 'mirrors more cells than a piece has' }
  const opensLow = low === 0 && cells.begin === 0 && high > ahead
  const opensHigh = high === cells.size && cells.begin + cells.count === cells.size && low < high - behind
  const made = madeWithin(cells.right, step)
  const [least, most] = [opensLow ? 0 : made[0], opensHigh ? size : made[1]]
  return { size, begin, count, right: [Math.max(0, begin, least), Math.min(size, begin + count, most)] }
}

/** Whether cells come from the same axes: where a node gives elements another shape, that depends on sizes. */
const isSame = (a: AxisSource, b: AxisSource): boolean =>
  a.from.length === b.from.length &&
  a.from.every(({ input, axis }, at) => input === b.from[at].input && axis === b.from[at].axis)

/** Values whose cells are joined place by place. */
function together(a: PieceCells, b: PieceCells): PieceCells | undefined {
  if (a.size !== b.size || a.begin !== b.begin || a.count !== b.count) return undefined
  return { ...a, right: [Math.max(a.right[0], b.right[0]), Math.min(a.right[1], b.right[1])] }
}
