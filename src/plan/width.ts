import { type Axis, interior, type Op } from '../geometry/index.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type Along, alongs } from './counts.ts'
import { type Cuts, type NarrowPlan, narrowPlan } from './narrow.ts'
import { LANES } from './plan.ts'
import { endTile, greedyPortions, rowTiles, type TileRun } from './row-tiles.ts'
import { evenCut } from './tile-families.ts'

/** Beyond so many output channels in a group vectors along channels are as fast or faster. */
const MOST_CHANNELS = 6
/** Sums of a convolution's tile: fewer do not keep a processor busy, and V8 keeps 16 vectors. */
const SUMS = 8
/** Rows of a pooling's tile: what is reduced along them is shared. */
const ROWS = 2
/**
 * Vectors of its rows: the most for which code is not too long, since the wider tiles are, the fewer are at an edge, and what
 * is reduced need not stay in registers. 3x3 with stride 2 is 5 to 17 % faster than with 4, 7x7 up to 20 %.
 */
const WIDTHS = [14, 7, 4, 2]

/**
 * A plan for a pooling or a narrow convolution on channels-first tensors, or undefined where its code would be too long.
 * Vectors run along the width: neighbouring outputs read neighbouring cells.
 */
export function planWidth(problem: Problem, features: Features): NarrowPlan | undefined {
  const { geometry, inChannels, outChannels, groups, layout } = problem
  const { op } = geometry
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  if (layout !== 'nchw' || op === 'convTranspose' || outGroup > MOST_CHANNELS) return undefined
  const [deep, rows, { axis: width }] = alongs(problem)
  const pairs = op === 'conv' && width.stride === 2 && width.dilation === 1 ? Math.floor(width.kernel / 2) : 0
  // A product that is no part of its sum takes a register too: a second vector would be one too many.
  const alone = pairs > 0 || outGroup > 1 || !features.relaxed
  const sums = Math.max(1, Math.floor(SUMS / outGroup / (outGroup > 1 && pairs === 0 ? 1 : 2)))
  const [most, widths] = op === 'conv' ? [sums, [alone ? 1 : 2]] : [ROWS, WIDTHS]
  const ways: [lookup: Along, rows: Along, most: number][] = [[deep, rows, most]]
  // A tall kernel of two axes is looked up line by line, as the third axis is.
  if (deep.axis.kernel * deep.axis.output === 1) ways.push([rows, deep, 1])
  for (const [lookup, rows, most] of ways) {
    for (const vectors of widths) {
      const cuts = { rows: rowCuts(most), columns: columnCuts(op, pairs, vectors) }
      const parts = { groups, inGroup, outGroup, pairs, lookups: [lookup], rows, columns: width, cuts }
      const plan = narrowPlan(problem, features, { strategy: 'width', ...parts })
      if (plan) return plan
    }
  }
  return undefined
}

/** Tiles of so many rows at most. */
function rowCuts(most: number): Cuts {
  return {
    own: (axis) => rowTiles(axis, greedyPortions(axis.output, most)),
    any: evenCut(most),
  }
}

/**
 * Tiles of so many vectors. Those of a pooling are so wide that most rows are one or two: each width has its own. So it has
 * where two taps are taken together, since there adding up where lines begin takes a tenth of the time.
 */
function columnCuts(op: Op, pairs: number, vectors: number): Cuts {
  const own = (axis: Axis): TileRun[] => rowTiles(axis, greedyPortions(axis.output, LANES * vectors))
  const runs = (axis: Axis): TileRun[] => endedRow(axis, vectors) ?? own(axis)
  const any = { name: `ended ${vectors}`, period: LANES * vectors, runs }
  return { own, any: op === 'conv' && pairs === 0 ? any : undefined }
}

/**
 * Tiles of so many vectors from the begin of a row on, and at its end, where there are 1 to 4 outputs in a vector of
 * their own, a tile of whole vectors that begins among the outputs of others: so its kind is the same whatever the number
 * of outputs. The tile at the end has all that see padding there. Undefined for rows that are too short.
 */
function endedRow(axis: Axis, vectors: number): TileRun[] | undefined {
  const { begin, end } = interior(axis)
  const size = vectors * LANES
  const last = Math.max(1, axis.output - end)
  const whole = Math.floor((axis.output - last) / size)
  const behind = axis.output - whole * size // at least `last`
  const single = Math.max(0, Math.ceil((behind - size) / LANES))
  const own = behind - single * LANES
  const pixels = Math.ceil(own / LANES) * LANES
  if (whole === 0 || begin > axis.output - pixels) return undefined
  const portions = [
    { size, count: whole },
    { size: LANES, count: single },
  ]
  return [...rowTiles({ ...axis, output: axis.output - own }, portions), endTile(axis, pixels, own, LANES)]
}
