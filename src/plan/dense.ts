import { type Axis, interior } from '../geometry/index.ts'
import { stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type Lookup, lookUp } from './counts.ts'
import { type ByteSteps, FLOAT, inBytes, LANES, type Plan } from './plan.ts'
import { evenly, rowTiles, type TileRun } from './row-tiles.ts'
import { type Slide, slidesOf } from './slides.ts'

/**
 * Convolution and transposed convolution with vectors along output channels.
 *
 * A tile is a few neighbouring outputs of one row (pixels) times a block of output channels, `vectors` of four: its sums
 * stay in registers while all input channels and taps pass by. A tap of a channel is one splatted load for each pixel and
 * one load of weights for each vector.
 */
export interface DensePlan extends Plan {
  readonly strategy: 'dense'
  readonly transposed: boolean
  /** Whether taps and channels may be written out in one go; otherwise each tap is a loop over channels. */
  readonly ordered: boolean
  readonly batch: number
  readonly groups: number
  /** Input and output channels of a group. */
  readonly inGroup: number
  readonly outGroup: number
  readonly vectors: number
  /** Blocks of output channels in a group; the last one may be partly unused. */
  readonly blocks: number
  /** Taps of the whole kernel along depth, height and width. */
  readonly kernel: Three<number>
  /** Depth and height: where each output reads is looked up. */
  readonly lookups: readonly Lookup[]
  /** The parts of a row: all of it, or for a transposed convolution the outputs of one residue. */
  readonly columns: readonly Column[]
  readonly from: ByteSteps
  readonly to: ByteSteps
  /** Which loop is inside: over the tiles of a block, or over the blocks of a tile. */
  readonly inner: 'tiles' | 'blocks'
  /** Bytes of packed weights of a block, all columns together. */
  readonly block: number
}

/** The outputs of a row that one set of taps serves. */
export interface Column extends Slide {
  readonly tiles: readonly TileRun[]
  /** Whether taps of width are a loop; all pixels of a tile read the same ones then. */
  readonly looped: boolean
  /** Bytes from the begin of a block's weights to those of this column, and from one tap to the next, along each axis and channel. */
  readonly packed: {
    readonly begin: number
    readonly lookups: readonly [depth: number, height: number]
    readonly channel: number
    readonly tap: number
  }
}

/** So many taps of width are written out one by one; more are a loop. */
const WIDEST = 32
/** Multiplications and outputs with code of their own, beyond which code outgrows the instruction cache by far. */
const MOST_MULTIPLY_ADDS = 20_000
const MOST_ALONE = 512

/** A plan for a convolution of either kind, or undefined where its code would be too long. */
export function planDense(problem: Problem, features: Features): DensePlan | undefined {
  const { geometry, batch, inChannels, outChannels, groups, layout, activation } = problem
  if (geometry.op !== 'conv' && geometry.op !== 'convTranspose') return undefined
  const transposed = geometry.op === 'convTranspose'
  const { relaxed, ordered } = features
  const axes = threeAxes(geometry)
  const width = slidesOf(axes[2], transposed)
  if (width.some(({ taps, axis }) => taps.length > WIDEST && alone(axis) > MOST_ALONE)) return undefined
  const kernel: Three<number> = [axes[0].kernel, axes[1].kernel, axes[2].kernel]
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  const { vectors, pixels } = tileOf(features, outGroup)
  const blocks = Math.ceil(outGroup / (vectors * LANES))
  const from = inBytes(stepsOf(inputOf(problem), layout))
  const to = inBytes(stepsOf(outputOf(problem), layout))
  const { lookups, tables } = lookUp(
    problem,
    [0, 1].map((axis) => ({ axis: axes[axis], step: { input: from.axes[axis], output: to.axes[axis] } })),
  )
  const [depthTaps, heightTaps] = lookups.map(({ lines }) => lines.taps.length)
  const tap = vectors * LANES * FLOAT

  let block = 0 // bytes
  const columns = width.map((slide): Column => {
    const channel = slide.taps.length * tap
    const [height, depth] = [inGroup * channel, heightTaps * inGroup * channel]
    const packed: Column['packed'] = { begin: block, tap, channel, lookups: [depth, height] }
    block += depthTaps * depth
    const looped = slide.taps.length > WIDEST
    return { ...slide, tiles: rowTiles(slide.axis, tileSizes(slide.axis, pixels, looped)), looped, packed }
  })
  if (multiplyAdds(columns) * vectors > MOST_MULTIPLY_ADDS) return undefined

  const bytes = {
    input: batch * from.batch,
    output: batch * to.batch,
    weights: groups * blocks * block,
    bias: groups * blocks * vectors * LANES * FLOAT,
    tables: tables.length * FLOAT,
    scratch: 0,
  }
  // What is larger is passed by once, and what is smaller again and again, from a near cache. Channels-first groups share no
  // line of a cache: each is passed by alone.
  const inner: DensePlan['inner'] =
    2 * bytes.weights <= from.batch && (layout === 'nhwc' || groups === 1) ? 'blocks' : 'tiles'
  const sizes = { batch, groups, inGroup, outGroup, vectors, blocks, kernel }
  const places = { lookups, columns, from, to, inner, block }
  return { strategy: 'dense', relaxed, activation, transposed, ordered, ...sizes, ...places, bytes, tables }
}

/**
 * The size of a tile. V8 keeps 15 vectors in registers: sums, weights and one input must fit into them, and the more sums
 * the fewer loads; where instructions do not stay in order, the inputs of all pixels must fit too. Of the sizes from 2 x 4
 * to 6 x 2 (pixels x vectors) these are the fastest over the dense layers of known networks, each where it stands.
 */
function tileOf({ relaxed, ordered }: Features, outGroup: number): { vectors: number; pixels: number } {
  const vectors = Math.min(2, Math.ceil(outGroup / LANES))
  const pixels = vectors === 1 || (relaxed && ordered) ? 6 : ordered ? 5 : 4
  return { vectors, pixels }
}

/**
 * Tiles as even as can be: a small one at the end would have too few sums to keep a processor busy. Where taps are a loop,
 * outputs that see padding are tiles of their own, so that all pixels of a tile read the same taps.
 */
function tileSizes(axis: Axis, pixels: number, looped: boolean): number[] {
  if (!looped) return evenly(axis.output, pixels)
  const { begin, end } = interior(axis)
  const ones = (count: number): number[] => new Array(count).fill(1)
  return [...ones(begin), ...evenly(end - begin, pixels), ...ones(axis.output - end)]
}

/** Outputs that see padding. */
function alone(axis: Axis): number {
  const { begin, end } = interior(axis)
  return axis.output - (end - begin)
}

function multiplyAdds(columns: readonly Column[]): number {
  const ofTile = ({ reading }: TileRun): number => reading.reduce((sum, { begin, end }) => sum + end - begin, 0)
  return columns
    .filter(({ looped }) => !looped)
    .reduce((sum, { tiles }) => sum + tiles.reduce((total, run) => total + ofTile(run), 0), 0)
}
