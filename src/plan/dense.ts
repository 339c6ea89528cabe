import { type Axis, interior } from '../geometry/index.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { alongs, type Lookup, lookUp } from './counts.ts'
import { multiples } from './gather.ts'
import {
  anySize,
  type Basis,
  basisOf,
  biasStep,
  type CommonPlan,
  FLOAT,
  LANES,
  MOST_WRITTEN_OUT,
  memoryOf,
  type Structure,
} from './plan.ts'
import {
  evenPortions,
  isAllEdges,
  type Portion,
  realTaps,
  rowTiles,
  runEntries,
  type TileKind,
  type TileRun,
  total,
} from './row-tiles.ts'
import { type Slide, slidesOf } from './slides.ts'
import { type Amount, Tables } from './tables.ts'
import { anyRow, evenCut, ownRow, type RowCut, type TileRow } from './tile-families.ts'

/**
 * Convolution and transposed convolution with vectors along output channels.
 *
 * A tile is a few neighbouring outputs of one row (pixels) times a block of output channels, `vectors` of four: its sums
 * stay in registers while all input channels and taps pass by. A tap of a channel is one splatted load for each pixel and
 * one load of weights for each vector.
 */
export interface DensePlan extends CommonPlan<DenseStructure> {
  readonly strategy: 'dense'
  /** The tiles of each column, of each of its kinds. */
  readonly rows: readonly (readonly TileRun[])[]
}

/** The code of a dense program. */
export interface DenseStructure extends Structure {
  /** Whether taps and channels may be written out in one go; otherwise each tap is a loop over channels. */
  readonly ordered: boolean
  readonly vectors: number
  /** Whole blocks of output channels in a group, and the channels of the one that is left. */
  readonly blocks: Amount
  readonly left: number
  /** The ways to go through the input channels, a single one at a time first. */
  readonly unrolled: readonly Unrolled[]
  /** From group to group. */
  readonly group: Readonly<Record<'input' | 'output' | 'weights' | 'bias', Amount>>
  /** Depth and height: where each output reads is looked up. */
  readonly lookups: readonly Lookup[]
  /** The parts of a row: all of it, or for a transposed convolution the outputs of one residue. */
  readonly columns: readonly Column[]
  /** Which loop is inside: over the tiles of a block, or over the blocks of a tile. */
  readonly inner: 'tiles' | 'blocks'
  /** Bytes of packed weights of a block, all columns together. */
  readonly block: Amount
  /** How many times `FETCHED` bytes of a block's weights are fetched into a near cache before its tiles; none where the blocks are inside. */
  readonly fetches: Amount
}

/** A number of input channels that may be written out in one turn of a loop, and how many turns there are then. */
export interface Unrolled {
  readonly channels: number
  readonly passes: Amount
}

/** The outputs of a row that one set of taps serves. */
export interface Column extends Pick<Slide, 'step' | 'taps'>, Pick<Axis, 'stride' | 'dilation'> {
  /** Its tiles, and where the tables have an entry of `runFields` for each kind. */
  readonly kinds: readonly TileKind[]
  readonly runs: Amount
  /** Whether taps of width are a loop; all pixels of a tile read the same ones then. */
  readonly looped: boolean
  /** Bytes from the begin of a block's weights to those of this column, and from one tap to the next, along each axis and channel. */
  readonly packed: {
    readonly begin: Amount
    readonly lookups: readonly [depth: Amount, height: Amount]
    readonly channel: number
    readonly tap: number
  }
}

/** Bytes of weights that do not stay in a near cache from run to run, and those of a block that do from tile to tile. */
const [FAR, NEAR] = [2 ** 18, 2 ** 17]
/** Of fewer output cells weights are read but once, and it is the reading that takes the time. */
const FEW = 4
/** Bytes of weights that are fetched at a time: eight lines of a cache. */
export const FETCHED = 512

/** Up to this many input channels, their number is written into the program and not read from the tables. */
const FEW_CHANNELS = 4

/** The numbers of input channels that may be written out in one turn, and how many turns each takes. */
function unrolledOf(channels: number, tables: Tables): Unrolled[] {
  const most = [4, 3, 2, 1].find((count) => channels % count === 0) as number
  return multiples(most, 1)
    .map((less) => less + 1)
    .filter((count) => most % count === 0)
    .map((count) => {
      const passes = channels / count
      return { channels: count, passes: channels > FEW_CHANNELS ? tables.number(`passes of ${count}`, passes) : passes }
    })
}

/** So many taps of width are written out one by one; more are a loop. */
const WIDEST = 32

/** A plan for a convolution of either kind, or undefined where its code would be too long. */
export function planDense(problem: Problem, features: Features): DensePlan | undefined {
  const { geometry, layout } = problem
  if (geometry.op !== 'conv' && geometry.op !== 'convTranspose') return undefined
  const [depth, height, width] = alongs(problem)
  const slides = slidesOf(width.axis, geometry.op === 'convTranspose')
  if (slides.some(({ axis }) => isAllEdges(axis))) return undefined
  const basis = basisOf(problem, features)
  const { groups, inGroup, outGroup, from, to } = basis
  const { vectors, pixels } = tileOf(features, outGroup)
  const rows = rowsOf(slides, pixels, vectors, basis, layout)
  if (!rows) return undefined

  const tables = new Tables()
  const { from: steps, ...common } = anySize(basis, layout, tables)
  // Of a tap alone each pixel has an address; of several taps they would be too many, and with few channels take too long.
  const isAlone = features.ordered && inGroup > FEW_CHANNELS && slides.every(({ taps }) => taps.length === 1)
  const cell = isAlone ? steps.axes[2] : from.axes[2]
  const lookups = lookUp(problem, [depth, height], tables)
  const [depthTaps, heightTaps] = lookups.map(({ taps }) => taps.length)
  const tap = vectors * LANES * FLOAT
  const number = (name: string, value: number): Amount => (value === 0 ? 0 : tables.number(name, value))
  let block = 0 // bytes
  const columns = slides.map(({ first, step, taps, axis }, index): Column => {
    const channel = taps.length * tap
    const [height, depth] = [inGroup * channel, heightTaps * inGroup * channel]
    const packed = {
      begin: number(`weights of column ${index}`, block),
      lookups: [number(`weights of slice ${index}`, depth), number(`weights of row ${index}`, height)] as const,
      ...{ tap, channel },
    }
    block += depthTaps * depth
    const { kinds, runs } = rows[index]
    const entries = runEntries(
      runs,
      axis,
      { ...width.step, output: step * width.step.output },
      first * width.step.output,
    )
    const { stride, dilation } = axis
    return {
      ...{ step, taps, stride, dilation, kinds, looped: taps.length > WIDEST, packed },
      runs: tables.list(`runs of column ${index}`, entries),
    }
  })
  const lanes = vectors * LANES
  const blocks = Math.ceil(outGroup / lanes)
  const biases = groups * blocks * lanes * FLOAT
  const filters = { weights: groups * blocks * block, biases, scratch: 0 }
  // What is larger is passed by once, and what is smaller again and again, from a near cache. Channels-first groups share no
  // line of a cache: each is passed by alone.
  const inner: DenseStructure['inner'] =
    2 * filters.weights <= from.batch && (layout === 'nhwc' || groups === 1) ? 'blocks' : 'tiles'
  const cells = geometry.axes.reduce((product, { output }) => product * output, problem.batch)
  const isFar = filters.weights >= FAR && block <= NEAR && cells >= FEW
  const fetches = isFar ? Math.floor(block / FETCHED) : 0
  const tiling = {
    ...{ ordered: features.ordered, vectors, lookups, columns, inner },
    ...{ blocks: number('blocks', Math.floor(outGroup / lanes)), left: outGroup % lanes },
    unrolled: unrolledOf(inGroup, tables),
    group: {
      input: tables.number('group input', inGroup * from.channel),
      output: tables.number('group output', outGroup * to.channel),
      weights: tables.number('group weights', blocks * block),
      bias: tables.number('group bias', blocks * lanes * FLOAT),
    },
    block: tables.number('block', block),
    fetches: inner === 'tiles' ? tables.number('fetches', fetches) : 0,
    biases: biasStep(basis, biases, tables),
    from: { ...steps, axes: [steps.axes[0], steps.axes[1], cell] as const },
  } as const
  const { names, tables: integers } = tables.finish()
  return {
    strategy: 'dense',
    structure: { ...common, ...tiling, numbers: names },
    rows: rows.map(({ runs }) => runs),
    ...memoryOf(basis, filters, integers),
  }
}

/** Rows whose code serves any size, or where that would be too long only this one; undefined where it still is. */
function rowsOf(
  slides: readonly Slide[],
  pixels: number,
  vectors: number,
  { outGroup }: Basis,
  layout: Problem['layout'],
): TileRow[] | undefined {
  const bodies = outGroup > vectors * LANES && outGroup % (vectors * LANES) > 0 ? 2 : 1
  const cuts = slides.map(({ taps }) => (taps.length > WIDEST ? loopedCut(pixels) : evenCut(pixels)))
  const fits = (rows: readonly TileRow[]): boolean =>
    bodies * writtenOut(slides, rows, vectors, layout) <= MOST_WRITTEN_OUT
  const own = (axis: Axis, index: number): TileRow => ownRow(cuts[index].runs(axis))
  const any = slides.map(({ axis }, index) => anyRow(axis, cuts[index]) ?? own(axis, index))
  if (fits(any)) return any
  const alone = slides.map(({ axis }, index) => own(axis, index))
  return fits(alone) ? alone : undefined
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

/** Where taps are a loop, outputs that see padding are tiles of their own, so that all pixels of a tile read the same taps. */
const loopedCut = (pixels: number): RowCut => ({
  ...{ name: `ones ${pixels}`, period: pixels },
  runs: (axis) => {
    const { begin, end } = interior(axis)
    const ones = (count: number): Portion => ({ size: 1, count })
    return rowTiles(axis, [ones(begin), ...evenPortions(end - begin, pixels), ones(axis.output - end)])
  },
})

/** About how many instructions on vectors tiles have: their loops, what they multiply, load and store. */
function writtenOut(
  slides: readonly Slide[],
  rows: readonly TileRow[],
  vectors: number,
  layout: Problem['layout'],
): number {
  const ofKind = (kind: TileKind, looped: boolean): number =>
    16 + vectors * (kind.pixels * (layout === 'nchw' ? 4 : 2) + 1.2 * (looped ? 4 * kind.pixels : realTaps(kind)))
  return rows.reduce(
    (sum, { kinds }, index) => sum + total(kinds, (kind) => ofKind(kind, slides[index].taps.length > WIDEST)),
    0,
  )
}
