import { type Axis, interior } from '../geometry/index.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { alongs, type Lookup, lookUp } from './counts.ts'
import { basisOf, type CommonPlan, FLOAT, LANES, MOST_WRITTEN_OUT, memoryOf } from './plan.ts'
import { evenly, isAllEdges, realTaps, rowTiles, type TileRun, total } from './row-tiles.ts'
import { type Slide, slidesOf } from './slides.ts'

/**
 * Convolution and transposed convolution with vectors along output channels.
 *
 * A tile is a few neighbouring outputs of one row (pixels) times a block of output channels, `vectors` of four: its sums
 * stay in registers while all input channels and taps pass by. A tap of a channel is one splatted load for each pixel and
 * one load of weights for each vector.
 */
export interface DensePlan extends CommonPlan {
  readonly strategy: 'dense'
  /** Whether taps and channels may be written out in one go; otherwise each tap is a loop over channels. */
  readonly ordered: boolean
  readonly vectors: number
  /** Blocks of output channels in a group; the last one may be partly unused. */
  readonly blocks: number
  /** Depth and height: where each output reads is looked up. */
  readonly lookups: readonly Lookup[]
  /** The parts of a row: all of it, or for a transposed convolution the outputs of one residue. */
  readonly columns: readonly Column[]
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

/** A plan for a convolution of either kind, or undefined where its code would be too long. */
export function planDense(problem: Problem, features: Features): DensePlan | undefined {
  const { geometry, layout } = problem
  if (geometry.op !== 'conv' && geometry.op !== 'convTranspose') return undefined
  const { ordered } = features
  const [depth, height, { axis }] = alongs(problem)
  const width = slidesOf(axis, geometry.op === 'convTranspose')
  if (width.some(({ axis }) => isAllEdges(axis))) return undefined
  const basis = basisOf(problem, features)
  const { groups, inGroup, outGroup, from } = basis
  const { vectors, pixels } = tileOf(features, outGroup)
  const blocks = Math.ceil(outGroup / (vectors * LANES))
  const { lookups, tables } = lookUp(problem, [depth, height])
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
  const bodies = outGroup > vectors * LANES && outGroup % (vectors * LANES) > 0 ? 2 : 1
  if (bodies * writtenOut(columns, vectors, layout) > MOST_WRITTEN_OUT) return undefined

  const filters = { weights: groups * blocks * block, bias: groups * blocks * vectors * LANES * FLOAT, scratch: 0 }
  // What is larger is passed by once, and what is smaller again and again, from a near cache. Channels-first groups share no
  // line of a cache: each is passed by alone.
  const inner = 2 * filters.weights <= from.batch && (layout === 'nhwc' || groups === 1) ? 'blocks' : 'tiles'
  const tiling = { ordered, vectors, blocks, lookups, columns, inner, block } as const
  return { strategy: 'dense', ...basis, ...tiling, ...memoryOf(basis, filters, tables) }
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

/** About how many instructions on vectors tiles have: their loops, what they multiply, load and store. */
function writtenOut(columns: readonly Column[], vectors: number, layout: Problem['layout']): number {
  const ofRun = (run: TileRun, looped: boolean): number =>
    16 + vectors * (run.pixels * (layout === 'nchw' ? 4 : 2) + 1.2 * (looped ? 4 * run.pixels : realTaps(run)))
  return total(columns, ({ tiles, looped }) => total(tiles, (run) => ofRun(run, looped)))
}
