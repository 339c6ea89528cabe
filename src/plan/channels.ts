import { single } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type Along, alongs } from './counts.ts'
import { type NarrowPlan, narrowPlan } from './narrow.ts'
import { LANES } from './plan.ts'
import { greedyPortions, rowTiles } from './row-tiles.ts'
import { evenCut } from './tile-families.ts'

/**
 * Outputs and vectors of channels of a tile, by measurement: V8 keeps 16 vectors of sums, of the weights of a line of taps
 * and one input. The four vectors of a maximum are a line of a processor's cache.
 */
const TILES = {
  conv: { pixels: 8, vectors: 1 },
  wideConv: { pixels: 6, vectors: 1 },
  maxPool: { pixels: 2, vectors: 4 },
  averagePool: { pixels: 4, vectors: 2 },
} as const
/** From so many taps of a line on a convolution is wide. */
const WIDE = 6
/** Cells of a line that a pool's tile of one vector may have where its windows share them: each takes a register. */
const SHARED = 10

/**
 * A plan for a pooling or a depthwise convolution on channels-last tensors, or undefined where its code would be too long.
 * Vectors run along channels, which are neighbours, as along an axis of one tap; rows are outputs along the width. All
 * channels of a tile follow each other, so that memory is passed through in order.
 */
export function planChannels(problem: Problem, features: Features): NarrowPlan | undefined {
  const { geometry, inChannels: channels, outChannels, groups, layout } = problem
  const { op } = geometry
  if (layout !== 'nhwc' || op === 'convTranspose' || groups !== channels || outChannels !== channels) return undefined
  const [depth, height, width] = alongs(problem)
  const { pixels, vectors } = tileOf(op, [depth, height, width])
  const even = evenCut(pixels)
  return narrowPlan(problem, features, {
    ...{ strategy: 'channels', groups: 1, inGroup: 1, outGroup: 1, pairs: 0 },
    lookups: [depth, height],
    rows: width,
    columns: { ...single, input: channels, output: channels },
    cuts: {
      rows: { own: even.runs, any: even },
      columns: { own: (axis) => rowTiles(axis, greedyPortions(axis.output, LANES * vectors)) },
    },
  })
}

/** The tile of an operation: that of a pool is long where its windows share cells that are reduced first. */
function tileOf(
  op: keyof typeof TILES,
  [depth, height, { axis }]: readonly Along[],
): { pixels: number; vectors: number } {
  if (op === 'conv') return TILES[axis.kernel >= WIDE ? 'wideConv' : 'conv']
  const pixels = SHARED - (axis.kernel - 1) * axis.dilation
  const shares = axis.stride === 1 && axis.kernel > 1 && depth.axis.kernel * height.axis.kernel > 1 && pixels > 2
  return shares ? { pixels, vectors: 1 } : TILES[op]
}
