import type { Interval, TileAxis, TilePlan } from 'samepad/tiles'
import type { Planned } from './messages.ts'

// A plan of pieces as the page draws it, worked out without a page.

export interface Piece {
  readonly own: Interval
  readonly read: Interval
}

/** An axis of the picture, cut. */
export interface Cut {
  readonly size: number
  readonly pieces: readonly Piece[]
  /** Cells that several pieces read. */
  readonly twice: readonly Interval[]
  /** Cells whose outputs are not those of the whole picture. */
  readonly wrong: readonly Interval[]
}

/** A picture that is cut along one axis or two. */
export interface Cutting {
  /** Along the height; undefined for a picture of one axis. */
  readonly down: Cut | undefined
  readonly across: Cut
  /** Cells that are read, over those of the picture. */
  readonly share: number
  /** Whether the halo is one that somebody chose too small. */
  readonly isShort: boolean
}

/** The halo that is shown of a plan: the one that was asked for, or what the network needs, in steps of its grid. */
export const haloOf = ({ plan, halo }: Planned, wanted: number | undefined): number =>
  wanted ?? halo ?? Math.ceil(neededOf(plan) / stepOf(plan)) * stepOf(plan)

/** Pieces begin on multiples of so many cells, along the axis where that is most. */
export const stepOf = ({ axes }: TilePlan): number => Math.max(...axes.map(({ step }) => step))

/** The most cells that the network needs around a piece. */
export const neededOf = ({ axes }: TilePlan): number => Math.max(0, ...axes.flatMap((axis) => axis.halo))

/** What is drawn of a plan; with a halo that is too small what somebody who guesses it gets. */
export function cuttingOf({ plan, mixed }: Planned, tile: number, halo: number | undefined): Cutting {
  const isShort = mixed === undefined && halo !== undefined && halo < neededOf(plan) && plan.pieces > 1
  const cuts = plan.axes
    .slice(-2)
    .map((axis) => cutOf(axis, isShort ? guessed(axis, tile, halo) : axis.pieces, isShort ? halo : undefined))
  return {
    down: cuts.length > 1 ? cuts[0] : undefined,
    across: cuts[cuts.length - 1],
    share: isShort ? cuts.reduce((product, cut) => product * shareOf(cut), 1) : plan.share,
    isShort,
  }
}

/** As many cells as a halo has on the network's grid; a piece that begins beside it is wrong everywhere. */
const onGrid = (halo: number, step: number): number => Math.floor(halo / step) * step

/** Pieces on the network's grid with no more than so many cells around them. */
function guessed({ size, step }: TileAxis, tile: number, wanted: number): Piece[] {
  const halo = onGrid(wanted, step)
  const owned = tile >= size ? size : Math.max(step, Math.floor((tile - 2 * halo) / step) * step)
  return Array.from({ length: Math.ceil(size / owned) }, (_, index) => {
    const own = [index * owned, Math.min(size, (index + 1) * owned)] as const
    return { own, read: [Math.max(0, own[0] - halo), Math.min(size, own[1] + halo)] }
  })
}

function cutOf(
  { size, step, halo: [before, behind] }: TileAxis,
  pieces: readonly Piece[],
  short: number | undefined,
): Cut {
  const inside = pieces.slice(1).map(({ own }) => own[0])
  const wrong = inside.map((cut) => {
    const [left, right] = [behind, before].map((needed) =>
      short === undefined ? 0 : Math.max(0, needed - onGrid(short, step)),
    )
    return [Math.max(0, cut - left), Math.min(size, cut + right)] as const
  })
  const twice = pieces.slice(1).map(({ read }, at) => [read[0], pieces[at].read[1]] as const)
  return { size, pieces: pieces.map(({ own, read }) => ({ own, read })), twice: merged(twice), wrong: merged(wrong) }
}

/** Intervals that meet become one; what has no cell goes. */
function merged(intervals: readonly Interval[]): Interval[] {
  const found: [number, number][] = []
  for (const [begin, end] of intervals) {
    if (begin >= end) continue
    const last = found[found.length - 1]
    if (last && begin <= last[1]) last[1] = Math.max(last[1], end)
    else found.push([begin, end])
  }
  return found
}

const lengthOf = ([begin, end]: Interval): number => end - begin
const shareOf = ({ size, pieces }: Cut): number => pieces.reduce((sum, { read }) => sum + lengthOf(read), 0) / size

/** The share of the picture that is wrong: 0 to 1. */
export function wrongShare({ down, across }: Cutting): number {
  const right = [down, across].map((cut) => {
    const wrong = cut?.wrong.reduce((sum, one) => sum + lengthOf(one), 0) ?? 0
    return 1 - wrong / (cut?.size ?? 1)
  })
  return 1 - right[0] * right[1]
}

/** How many pieces there are, and which one a number means. */
export function pieceAt({ down, across }: Cutting, index: number) {
  const columns = across.pieces.length
  const count = columns * (down?.pieces.length ?? 1)
  const at = Math.min(index, count - 1)
  const row = Math.floor(at / columns)
  return { at, count, row, down: down?.pieces[row], across: across.pieces[at % columns] }
}

/** The piece to which a cell of the picture belongs. */
export function pieceOf({ down, across }: Cutting, y: number, x: number): number {
  const find = (cut: Cut | undefined, cell: number): number =>
    Math.max(0, cut?.pieces.findIndex(({ own }) => cell < own[1]) ?? 0)
  return find(down, y) * across.pieces.length + find(across, x)
}

/** Where the picture lies on a drawing: units of a cell. */
export interface Sheet {
  readonly scale: number
  readonly width: number
  readonly height: number
}

const TALLEST = 560
const LINE = 72 // units, as high as a picture of one axis is drawn

export function sheetFor({ down, across }: Cutting, width: number): Sheet {
  const scale = Math.min(width / across.size, down ? TALLEST / down.size : Number.POSITIVE_INFINITY)
  return { scale, width: across.size * scale, height: down ? down.size * scale : LINE }
}

/** The command that gives the same plan in a terminal. */
export function commandOf({ plan, shape, inputs, halo, least }: Planned, name: string, tile: number): string {
  const quoted = /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`
  const input = `${inputs > 1 ? `${plan.input}=` : ''}${shape.join('x')}`
  const around = halo === undefined ? '' : ` --halo ${halo}`
  return `npx samepad tiles ${quoted} --input ${input} --tile ${Math.max(tile, least)}${around}`
}
