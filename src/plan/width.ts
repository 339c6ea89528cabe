import { single } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type Along, alongs } from './counts.ts'
import { type NarrowPlan, narrowPlan } from './narrow.ts'
import { LANES } from './plan.ts'
import { greedily } from './row-tiles.ts'

/** Beyond so many output channels in a group vectors along channels are as fast or faster. */
const MOST_CHANNELS = 6
/** Sums of a tile: fewer do not keep a processor busy, and V8 keeps 16 vectors. */
const SUMS = 8
/** Vectors of a row in a tile of one output channel. */
const VECTORS = { conv: 2, maxPool: 4, averagePool: 4 } as const

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
  const alone = pairs > 0 || outGroup > 1 || (op === 'conv' && !features.relaxed)
  const vectors = alone ? 1 : VECTORS[op]
  const perTile = Math.max(1, Math.floor(SUMS / outGroup / (outGroup > 1 && pairs === 0 ? 1 : Math.max(2, vectors))))
  const plan = (lookup: Along, height: Along, most: number): NarrowPlan | undefined => {
    const sizes = { rows: greedily(height.axis.output, most), columns: greedily(width.output, LANES * vectors) }
    const parts = { groups, inGroup, outGroup, pairs, lookups: [lookup], height, width, sizes }
    return narrowPlan(problem, features, { strategy: 'width', channels: false, ...parts })
  }
  const whole = plan(deep, rows, perTile)
  // A tall kernel of two axes is looked up line by line, as the third axis is.
  return whole ?? (deep.axis.kernel * deep.axis.output === 1 ? plan(rows, { ...deep, axis: single }, 1) : undefined)
}
