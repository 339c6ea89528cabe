import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type Along, alongs } from './counts.ts'
import { type NarrowPlan, narrowPlan } from './narrow.ts'
import { LANES } from './plan.ts'
import { greedily } from './row-tiles.ts'

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
  const ways: [lookup: Along, height: Along, most: number][] = [[deep, rows, most]]
  // A tall kernel of two axes is looked up line by line, as the third axis is.
  if (deep.axis.kernel * deep.axis.output === 1) ways.push([rows, deep, 1])
  for (const [lookup, height, most] of ways) {
    for (const vectors of widths) {
      const sizes = { rows: greedily(height.axis.output, most), columns: greedily(width.output, LANES * vectors) }
      const parts = { groups, inGroup, outGroup, pairs, lookups: [lookup], height, width, sizes }
      const plan = narrowPlan(problem, features, { strategy: 'width', channels: false, ...parts })
      if (plan) return plan
    }
  }
  return undefined
}
