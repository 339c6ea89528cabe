import type { Axis } from '../geometry/index.ts'
import { stepsOf, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type CountedRun, counted, tableOf } from './counts.ts'
import { type ByteSteps, FLOAT, inBytes, LANES, type PackedFilter, type Plan } from './plan.ts'
import { evenly, rowTiles } from './row-tiles.ts'
import { type Lines, linesOf, slidesOf } from './slides.ts'

/**
 * Poolings and depthwise convolutions on channels-last tensors, with vectors along channels, which are neighbours.
 *
 * A tile is a few neighbouring outputs of one row (pixels) of four channels: an input vector, loaded once, serves every
 * pixel of which a tap falls on it. All channels of a tile follow each other, so that memory is passed through in order.
 */
export interface ChannelsPlan extends Plan {
  readonly strategy: 'channels'
  readonly op: 'conv' | 'maxPool' | 'averagePool'
  readonly batch: number
  readonly channels: number
  /** Where each output along depth and height reads. */
  readonly depth: Lines
  readonly height: Lines
  readonly width: Axis
  readonly columns: readonly CountedRun[]
  readonly from: ByteSteps
  readonly to: ByteSteps
}

/** Taps of width are written out; more would outgrow the instruction cache. */
const MOST_WRITTEN_OUT = 4000
/** Outputs of a tile. V8 keeps 16 vectors: sums, the weights of a line of taps, one input. */
const pixelsOf = { conv: (kernel: number) => (kernel > 5 ? 6 : 8), maxPool: () => 8, averagePool: () => 8 } as const

/** A plan for a pooling or a depthwise convolution on channels-last tensors, or undefined where its code would be too long. */
export function planChannels(problem: Problem, { relaxed }: Features): ChannelsPlan | undefined {
  const { geometry, batch, inChannels: channels, outChannels, groups, layout, activation } = problem
  const { op } = geometry
  if (layout !== 'nhwc' || op === 'convTranspose' || groups !== channels || outChannels !== channels) return undefined
  const [depth, height, width] = threeAxes(geometry)
  const tiles = rowTiles(width, evenly(width.output, pixelsOf[op](width.kernel)))
  const columns = tiles.flatMap((run) => counted(run, width, problem))
  if (writtenOut(columns) > MOST_WRITTEN_OUT) return undefined

  const from = inBytes(stepsOf(inputOf(problem), layout))
  const to = inBytes(stepsOf(outputOf(problem), layout))
  const lines = { depth: linesOf(slidesOf(depth, false)), height: linesOf(slidesOf(height, false)) }
  const tables = [
    ...tableOf(problem, depth, lines.depth, from.axes[0]),
    ...tableOf(problem, height, lines.height, from.axes[1]),
  ]
  const lanes = op === 'conv' ? Math.ceil(channels / LANES) * LANES * FLOAT : 0
  const bytes = {
    input: batch * from.batch,
    output: batch * to.batch,
    weights: lanes * depth.kernel * height.kernel * width.kernel,
    bias: lanes,
    tables: tables.length * FLOAT,
    scratch: 0,
  }
  const places = { ...lines, width, columns, from, to }
  return { strategy: 'channels', relaxed, activation, op, batch, channels, ...places, bytes, tables }
}

function writtenOut(columns: readonly CountedRun[]): number {
  return columns.reduce(
    (sum, { reading }) => sum + reading.reduce((total, { begin, end }) => total + end - begin, 0),
    0,
  )
}

/**
 * Packs weights and bias: of every four channels all taps, one after another.
 *
 * @param weights `[out, 1, ...kernel]`
 */
export function packChannels(
  { channels, bytes }: ChannelsPlan,
  weights: Float32Array,
  bias: Float32Array | undefined,
): PackedFilter {
  const packed = new Float32Array(bytes.weights / FLOAT)
  const taps = weights.length / channels
  for (let channel = 0; packed.length > 0 && channel < channels; channel++) {
    const block = channel - (channel % LANES)
    for (let tap = 0; tap < taps; tap++) {
      packed[block * taps + tap * LANES + (channel % LANES)] = weights[channel * taps + tap]
    }
  }
  const biases = new Float32Array(bytes.bias / FLOAT)
  if (bias && biases.length > 0) biases.set(bias)
  return { weights: packed, bias: biases }
}
