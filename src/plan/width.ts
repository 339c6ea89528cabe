import type { Axis } from '../geometry/index.ts'
import { single, stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type CountedRun, counted, tableOf } from './counts.ts'
import { type ByteSteps, FLOAT, inBytes, LANES, type PackedFilter, type Plan } from './plan.ts'
import { greedily, rowTiles, type TileRun } from './row-tiles.ts'
import { type Lines, linesOf, slidesOf } from './slides.ts'

/**
 * Poolings, and convolutions with few output channels in a group (depthwise ones above all), on channels-first tensors,
 * with vectors along the width: neighbouring outputs read neighbouring cells.
 *
 * A tile is a few rows of one vector of outputs, for all output channels of a group: a vector of input, loaded once,
 * serves every row that a tap brings it to; with more output channels a weight, loaded once, serves every row.
 */
export interface WidthPlan extends Plan {
  readonly strategy: 'width'
  readonly op: 'conv' | 'maxPool' | 'averagePool'
  readonly batch: number
  readonly groups: number
  readonly inGroup: number
  readonly outGroup: number
  readonly kernel: Three<number>
  /** Where each output along depth reads. */
  readonly depth: Lines
  readonly height: Axis
  readonly width: Axis
  /** Height and width, cut into tiles. */
  readonly rows: readonly CountedRun[]
  readonly columns: readonly CountedRun[]
  readonly from: ByteSteps
  readonly to: ByteSteps
}

/** Beyond so many output channels in a group vectors along channels are as fast or faster. */
const MOST_CHANNELS = 6
/** Sums that a tile has at least where rows allow it: fewer do not keep a processor busy. */
const SUMS = { alone: 4, together: 8 } as const
/** Vectors of multiplications, maxima or additions that are written out; more would outgrow the instruction cache. */
const MOST_WRITTEN_OUT = 6000

/** A plan for a pooling or a narrow convolution on channels-first tensors, or undefined where its code would be too long. */
export function planWidth(problem: Problem, { relaxed }: Features): WidthPlan | undefined {
  const { geometry, batch, inChannels, outChannels, groups, layout, activation } = problem
  const { op } = geometry
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  if (layout !== 'nchw' || op === 'convTranspose' || outGroup > MOST_CHANNELS) return undefined
  const axes = threeAxes(geometry)
  const perTile = outGroup === 1 ? SUMS.alone : Math.max(1, Math.floor(SUMS.together / outGroup))
  const tiles = [
    tilesOf(axes, perTile, problem),
    // A tall kernel of two axes is looked up line by line, as the third axis is.
    ...(axes[0].kernel * axes[0].output === 1 ? [tilesOf([axes[1], single, axes[2]], 1, problem)] : []),
  ].find(({ rows, columns }) => outGroup * inGroup * writtenOut(rows, columns) <= MOST_WRITTEN_OUT * inGroup)
  if (!tiles) return undefined

  const from = inBytes(stepsOf(inputOf(problem), layout))
  const to = inBytes(stepsOf(outputOf(problem), layout))
  const tall = tiles.axes !== axes // what is called depth is the height
  const [fromSteps, toSteps] = [from, to].map((steps) => (tall ? { ...steps, axes: risen(steps.axes) } : steps))
  const {
    axes: [deep, height, width],
    rows,
    columns,
  } = tiles
  const depth = linesOf(slidesOf(deep, false))
  const tables = tableOf(problem, deep, depth, fromSteps.axes[0])
  const filters = op === 'conv' ? outChannels * FLOAT : 0
  const kernel: Three<number> = [deep.kernel, height.kernel, width.kernel]
  const bytes = {
    input: batch * from.batch,
    output: batch * to.batch,
    weights: filters * inGroup * kernel[0] * kernel[1] * kernel[2],
    bias: filters,
    tables: tables.length * FLOAT,
    scratch: 0,
  }
  const sizes = { op, batch, groups, inGroup, outGroup, kernel }
  const places = { depth, height, width, rows, columns, from: fromSteps, to: toSteps }
  return { strategy: 'width', relaxed, activation, ...sizes, ...places, bytes, tables }
}

/** Steps of axes of which the second takes the place of the first. */
function risen([, height, width]: Three<number>): Three<number> {
  return [height, 0, width]
}

interface Tiles {
  readonly axes: Three<Axis>
  readonly rows: CountedRun[]
  readonly columns: CountedRun[]
}

function tilesOf(axes: Three<Axis>, perTile: number, problem: Problem): Tiles {
  const along = (axis: Axis, most: number): CountedRun[] =>
    rowTiles(axis, greedily(axis.output, most)).flatMap((run) => counted(run, axis, problem))
  return { axes, rows: along(axes[1], perTile), columns: along(axes[2], LANES) }
}

function writtenOut(rows: readonly TileRun[], columns: readonly TileRun[]): number {
  const ofRow = ({ reading }: TileRun): number => reading.reduce((sum, { begin, end }) => sum + end - begin, 0)
  const ofColumn = ({ reading }: TileRun): number => reading.filter(({ begin, end }) => begin < end).length
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  return sum(rows.map(ofRow)) * sum(columns.map(ofColumn))
}

/**
 * Packs weights and bias: of each group and tap of depth, input channel after input channel, taps of width, taps of
 * height, the output channels side by side.
 *
 * @param weights `[out, in / groups, ...kernel]`
 */
export function packWidth(
  { groups, inGroup, outGroup, kernel: [depth, height, width], bytes }: WidthPlan,
  weights: Float32Array,
  bias: Float32Array | undefined,
): PackedFilter {
  const packed = new Float32Array(bytes.weights / FLOAT)
  const filter = depth * height * width
  let at = 0
  for (let group = 0; at < packed.length && group < groups; group++) {
    for (let slice = 0; slice < depth; slice++) {
      for (let channel = 0; channel < inGroup; channel++) {
        for (let column = 0; column < width; column++) {
          for (let line = 0; line < height; line++) {
            const tap = channel * filter + (slice * height + line) * width + column
            for (let out = group * outGroup; out < (group + 1) * outGroup; out++) {
              packed[at++] = weights[out * inGroup * filter + tap]
            }
          }
        }
      }
    }
  }
  return { weights: packed, bias: bias ?? new Float32Array(bytes.bias / FLOAT) }
}
