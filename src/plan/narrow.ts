import type { Axis } from '../geometry/index.ts'
import type { Three } from '../reference/loops.ts'
import type { Filter, Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type Along, type CountedRun, counted, type Lookup, lookUp } from './counts.ts'
import { gather, lanesOf, multiples, roomOf } from './gather.ts'
import {
  basisOf,
  type CommonPlan,
  FLOAT,
  LANES,
  MOST_WRITTEN_OUT,
  memoryOf,
  type PackedFilter,
  type Structure,
} from './plan.ts'
import { isAllEdges, realTaps, rowTiles, type TileRun, total } from './row-tiles.ts'
import { Tables } from './tables.ts'

/** Bytes from neighbour to neighbour in each piece of memory. */
export type Step = Along['step'] & Readonly<Partial<Record<'weights' | 'bias', number>>>

/**
 * Poolings, and convolutions with few output channels in a group. A tile is a few outputs along one axis (its rows) by a
 * few vectors along another one (its columns), for all output channels of a group: what is loaded once serves every row
 * that a tap brings it to.
 */
export interface NarrowPlan extends CommonPlan<NarrowStructure> {
  readonly strategy: 'channels' | 'width'
}

/** The code of a narrow program. */
export interface NarrowStructure extends Structure {
  /** Taps of the looked up axes together, of the rows and of the columns. */
  readonly kernel: Three<number>
  /** The other axes, outermost first: where each output reads is looked up. */
  readonly lookups: readonly Lookup[]
  /** The axes of rows and columns, whose taps are written out. */
  readonly height: Axis
  readonly width: Axis
  /** Both, cut into tiles. */
  readonly rows: readonly CountedRun[]
  readonly columns: readonly CountedRun[]
  /** Vectors of outputs in a row of the widest tile. */
  readonly vectors: number
  /** How many pairs of neighbouring taps are taken together: at a stride of two their cells lie side by side. */
  readonly pairs: number
  /** Whether columns are channels, each with weights of its own. */
  readonly channels: boolean
  readonly steps: {
    readonly group: Step
    readonly row: Step
    readonly column: Step
    /** From input channel to input channel. */
    readonly channel: Readonly<Record<'input' | 'weights', number>>
  }
  /** Bytes of weights from tap to tap of each looked up axis. */
  readonly weights: readonly number[]
}

/** What a strategy decides. */
export interface Tiling extends Pick<NarrowStructure, 'groups' | 'inGroup' | 'outGroup' | 'pairs' | 'channels'> {
  readonly strategy: NarrowPlan['strategy']
  readonly lookups: readonly Along[]
  readonly height: Along
  readonly width: Axis
  /** Outputs of each tile. */
  readonly sizes: Readonly<Record<'rows' | 'columns', readonly number[]>>
}

/** The plan of a tiling, or undefined where its code would be too long. */
export function narrowPlan(problem: Problem, features: Features, tiling: Tiling): NarrowPlan | undefined {
  const { groups, inGroup, outGroup, channels, height, width, sizes } = tiling
  if (isAllEdges(height.axis) || isAllEdges(width)) return undefined
  const basis = basisOf(problem, features)
  const { op, from, to } = basis
  const runs = (axis: Axis, sizes: readonly number[]): CountedRun[] =>
    rowTiles(axis, sizes).flatMap((run) => counted(run, axis, problem))
  const [rows, columns] = [runs(height.axis, sizes.rows), runs(width, sizes.columns)]
  if (writtenOut(op, tiling, rows, columns) > MOST_WRITTEN_OUT) return undefined

  const tables = new Tables()
  const lookups = lookUp(problem, tiling.lookups, tables)
  const slices = lookups.reduce((product, { taps }) => product * taps.length, 1)
  const kernel: Three<number> = [slices, height.axis.kernel, width.kernel]
  const slice = kernel[1] * kernel[2] * FLOAT
  const filter = inGroup * slices * slice
  const lanes = channels ? LANES : 1
  const filters = op === 'conv' ? Math.ceil(problem.outChannels / lanes) * lanes : 0
  const steps = {
    // One group is a whole image.
    group: {
      input: groups === 1 ? from.batch : inGroup * from.channel,
      output: groups === 1 ? to.batch : outGroup * to.channel,
      weights: outGroup * filter,
      bias: outGroup * FLOAT,
    },
    row: height.step,
    column: { input: FLOAT, output: FLOAT, weights: channels ? filter : 0, bias: channels ? FLOAT : 0 },
    channel: { input: from.channel, weights: op === 'conv' ? outGroup * slice * lanes : 0 },
  }
  let weights = inGroup * steps.channel.weights
  const ofAxes = lookups.toReversed().map(({ taps }) => {
    weights *= taps.length
    return weights / taps.length
  })
  const vectors = Math.max(...columns.map(vectorsOf))
  const places = { lookups, height: height.axis, width, rows, columns, kernel, steps, weights: ofAxes.toReversed() }
  const { names, tables: integers } = tables.finish()
  const memory = memoryOf(basis, { weights: filters * filter, bias: filters * FLOAT, scratch: 0 }, integers)
  const { strategy, pairs } = tiling
  const structure = { ...basis, groups, inGroup, outGroup, vectors, pairs, channels, ...places, numbers: names }
  return { strategy, structure, ...memory }
}

/** Vectors of outputs in a row of a tile. */
const vectorsOf = ({ pixels }: TileRun): number => Math.ceil(pixels / LANES)

/** About how many instructions on vectors a program has: what each tile loads, takes together and stores. */
function writtenOut(
  op: NarrowStructure['op'],
  { outGroup, channels, width }: Tiling,
  rows: readonly TileRun[],
  columns: readonly TileRun[],
): number {
  const { stride, dilation, kernel } = width
  const lines = total(rows, realTaps)
  // Vectors in which a tap is real; what sees padding takes a mask or a fill.
  const touched = total(columns, ({ pixels, reading }) =>
    total(reading, ({ begin, end }) => {
      return begin < end ? Math.ceil(end / LANES) - Math.floor(begin / LANES) + (end - begin < pixels ? 1 : 0) : 0
    }),
  )
  const outputs = total(rows, ({ pixels }) => pixels)
  const tiles = 14 * rows.length * columns.length + 2 * outGroup * outputs * total(columns, vectorsOf)
  // Cells further apart than two are loaded one by one.
  if (op === 'conv') return tiles + lines * touched * (outGroup + (stride > 2 ? 4 : 1))
  const blocks = (run: TileRun): number => Math.ceil(((run.pixels - 1) * stride + (kernel - 1) * dilation + 1) / LANES)
  // A maximum is written out twice. Along channels there is nothing to pick out of the blocks.
  const reduced = 2 * lines * total(columns, blocks) + (channels ? 0 : 2 * outputs * touched)
  return tiles + reduced * (op === 'maxPool' ? 2 : 1)
}

/**
 * Packs weights and bias: of each group and tap of the looked up axes, input channel after input channel, taps of rows, the
 * output channels, taps of columns. Where columns are channels, of every four of them all taps, one after another.
 */
export function packNarrow(plan: NarrowPlan, { weights, steps, bias }: Filter): PackedFilter {
  const { groups, inGroup, outGroup, channels, width, kernel } = plan.structure
  const [slices, lines, columns] = kernel
  const packed = roomOf(plan, bias)
  if (packed.weights.length === 0) return packed
  if (!channels) {
    gather(packed.weights, 0, weights, [
      ...[multiples(groups, steps.group), multiples(slices, lines * columns * steps.tap), multiples(inGroup, steps.in)],
      ...[multiples(lines, columns * steps.tap), multiples(outGroup, steps.out), multiples(columns, steps.tap)],
    ])
    return packed
  }
  const taps = multiples(slices * lines * columns, steps.tap)
  let at = 0
  for (let first = 0; first < width.output; first += LANES) {
    const lanes = lanesOf(LANES, steps.group, width.output - first)
    at = gather(packed.weights, at, weights, [[first * steps.group], taps, lanes])
  }
  return packed
}
