import type { Axis } from '../geometry/index.ts'
import type { Three } from '../reference/loops.ts'
import { stepsOf } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type CountedRun, counted, tableOf } from './counts.ts'
import { FLOAT, inBytes, LANES, MOST_WRITTEN_OUT, type PackedFilter, type Plan } from './plan.ts'
import { isAllEdges, rowTiles, type TileRun } from './row-tiles.ts'
import { type Lines, linesOf, slidesOf } from './slides.ts'

/** Bytes from neighbour to neighbour in each piece of memory. */
export type Step = Readonly<Record<'input' | 'output' | 'weights' | 'bias', number>>

/**
 * Poolings, and convolutions with few output channels in a group. A tile is a few outputs along one axis (its rows) by a
 * few vectors along another one (its columns), for all output channels of a group: what is loaded once serves every row
 * that a tap brings it to.
 */
export interface NarrowPlan extends Plan {
  readonly op: 'conv' | 'maxPool' | 'averagePool'
  readonly batch: number
  readonly groups: number
  readonly inGroup: number
  readonly outGroup: number
  /** Taps of the looked up axes together, of the rows and of the columns. */
  readonly kernel: Three<number>
  /** The other axes, outermost first: where each output reads is looked up. */
  readonly lookups: readonly { readonly lines: Lines; readonly step: Step }[]
  /** The axes of rows and columns, whose taps are written out. */
  readonly height: Axis
  readonly width: Axis
  /** Both, cut into tiles. */
  readonly rows: readonly CountedRun[]
  readonly columns: readonly CountedRun[]
  /** How many pairs of neighbouring taps are taken together: at a stride of two their cells lie side by side. */
  readonly pairs: number
  /** Whether columns are channels, each with weights of its own. */
  readonly channels: boolean
  readonly steps: {
    readonly group: Step
    readonly row: Step
    readonly column: Step
    /** In the input. */
    readonly channel: number
  }
}

/** An axis, and the steps along it. */
export interface Along {
  readonly axis: Axis
  readonly step: Step
}

/** What a strategy decides. */
export interface Tiling
  extends Pick<NarrowPlan, 'strategy' | 'groups' | 'inGroup' | 'outGroup' | 'pairs' | 'channels'> {
  readonly lookups: readonly Along[]
  readonly height: Along
  readonly width: Axis
  /** Outputs of each tile. */
  readonly sizes: Readonly<Record<'rows' | 'columns', readonly number[]>>
}

const none = { weights: 0, bias: 0 }

/** Steps along the channels and the three axes of a problem. */
export function alongs({ layout, ...problem }: Problem): { batch: Step; channel: Step; axes: Three<Step> } {
  const [from, to] = [inputOf, outputOf].map((of) => inBytes(stepsOf(of({ layout, ...problem }), layout)))
  const [depth, height, width] = [0, 1, 2].map((axis) => ({ input: from.axes[axis], output: to.axes[axis], ...none }))
  return {
    batch: { input: from.batch, output: to.batch, ...none },
    channel: { input: from.channel, output: to.channel, ...none },
    axes: [depth, height, width],
  }
}

/** The plan of a tiling, or undefined where its code would be too long. */
export function narrowPlan(problem: Problem, { relaxed }: Features, tiling: Tiling): NarrowPlan | undefined {
  const { strategy, groups, inGroup, outGroup, pairs, channels, height, width, sizes } = tiling
  const { geometry, batch, outChannels, activation } = problem
  const op = geometry.op as NarrowPlan['op']
  if (isAllEdges(height.axis) || isAllEdges(width)) return undefined
  const runs = (axis: Axis, sizes: readonly number[]): CountedRun[] =>
    rowTiles(axis, sizes).flatMap((run) => counted(run, axis, problem))
  const [rows, columns] = [runs(height.axis, sizes.rows), runs(width, sizes.columns)]
  if (writtenOut(op, tiling, rows, columns) > MOST_WRITTEN_OUT) return undefined

  const { batch: image, channel } = alongs(problem)
  const lookups = tiling.lookups.map(({ axis, step }) => ({ lines: linesOf(slidesOf(axis, false)), step }))
  const tables = lookups.flatMap(({ lines, step }, index) =>
    tableOf(problem, tiling.lookups[index].axis, lines, step.input),
  )
  const slices = lookups.reduce((product, { lines }) => product * lines.taps.length, 1)
  const kernel: Three<number> = [slices, height.axis.kernel, width.kernel]
  const filter = inGroup * slices * kernel[1] * kernel[2] * FLOAT
  const filters = op === 'conv' ? Math.ceil(outChannels / (channels ? LANES : 1)) * (channels ? LANES : 1) : 0
  const bytes = {
    input: batch * image.input,
    output: batch * image.output,
    weights: filters * filter,
    bias: filters * FLOAT,
    tables: tables.length * FLOAT,
    scratch: 0,
  }
  const steps = {
    // One group is a whole image.
    group: {
      input: groups === 1 ? image.input : inGroup * channel.input,
      output: groups === 1 ? image.output : outGroup * channel.output,
      weights: outGroup * filter,
      bias: outGroup * FLOAT,
    },
    row: height.step,
    column: { input: FLOAT, output: FLOAT, weights: channels ? filter : 0, bias: channels ? FLOAT : 0 },
    channel: channel.input,
  }
  const sums = { op, batch, groups, inGroup, outGroup, kernel, pairs, channels }
  const places = { lookups, height: height.axis, width, rows, columns, steps }
  return { strategy, relaxed, activation, ...sums, ...places, bytes, tables }
}

/** About how many instructions on vectors a program has: what each tile loads, takes together and stores. */
function writtenOut(
  op: NarrowPlan['op'],
  { outGroup, channels, width }: Tiling,
  rows: readonly TileRun[],
  columns: readonly TileRun[],
): number {
  const { stride, dilation, kernel } = width
  const sum = <T>(list: readonly T[], of: (entry: T) => number): number =>
    list.reduce((total, entry) => total + of(entry), 0)
  const vectors = ({ pixels }: TileRun): number => Math.ceil(pixels / LANES)
  const lines = sum(rows, ({ reading }) => sum(reading, ({ begin, end }) => end - begin))
  // Vectors in which a tap is real; what sees padding takes a mask or a fill.
  const touched = sum(columns, ({ pixels, reading }) =>
    sum(reading, ({ begin, end }) => {
      return begin < end ? Math.ceil(end / LANES) - Math.floor(begin / LANES) + (end - begin < pixels ? 1 : 0) : 0
    }),
  )
  const outputs = sum(rows, ({ pixels }) => pixels)
  const tiles = 14 * rows.length * columns.length + 2 * outGroup * outputs * sum(columns, vectors)
  // Cells further apart than two are loaded one by one.
  if (op === 'conv') return tiles + lines * touched * (outGroup + (stride > 2 ? 4 : 1))
  const blocks = (run: TileRun): number => Math.ceil(((run.pixels - 1) * stride + (kernel - 1) * dilation + 1) / LANES)
  // A maximum is written out twice. Along channels there is nothing to pick out of the blocks.
  const reduced = 2 * lines * sum(columns, blocks) + (channels ? 0 : 2 * outputs * touched)
  return tiles + reduced * (op === 'maxPool' ? 2 : 1)
}

/**
 * Packs weights and bias: of each group and tap of the looked up axes, input channel after input channel, taps of rows, the
 * output channels, taps of columns. Where columns are channels, of every four of them all taps, one after another.
 *
 * @param weights `[out, in / groups, ...kernel]`
 */
export function packNarrow(plan: NarrowPlan, weights: Float32Array, bias: Float32Array | undefined): PackedFilter {
  const { bytes, inGroup, outGroup, channels } = plan
  const [slices, lines, columns] = plan.kernel
  const taps = slices * lines * columns
  const packed = new Float32Array(bytes.weights / FLOAT)
  for (let at = 0; at < weights.length && packed.length > 0; at++) {
    const [filter, tap] = [Math.floor(at / taps), at % taps]
    const [out, channel] = [Math.floor(filter / inGroup), filter % inGroup]
    const [line, column] = [Math.floor(tap / columns) % lines, tap % columns]
    const slice = Math.floor(out / outGroup) * slices + Math.floor(tap / columns / lines)
    const place = channels
      ? (out - (out % LANES)) * taps + tap * LANES + (out % LANES)
      : (((slice * inGroup + channel) * lines + line) * outGroup + (out % outGroup)) * columns + column
    packed[place] = weights[at]
  }
  const biases = new Float32Array(bytes.bias / FLOAT)
  if (bias && biases.length > 0) biases.set(bias)
  return { weights: packed, bias: biases }
}
