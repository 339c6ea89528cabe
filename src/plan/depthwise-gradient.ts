import type { Axis } from '../geometry/index.ts'
import { stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { FLOAT, LANES } from './plan.ts'
import { type Amount, INTEGER, Tables } from './tables.ts'
import { type BlockBytes, blockedBytes, bytesOf, entriesOf, pieces } from './tap-entries.ts'
import { lotsOf, type TapLots } from './tap-lots.ts'
import type { GradientPacking } from './weights-packing.ts'

/** Channels of a block: what a line of the caches holds. */
const MOST_VECTORS = 4
/** Bytes of input cells and output gradients of a block that are read by all of its lots: a good half of a first cache. */
const NEAR = 2 ** 15

/**
 * The gradient of the weights of a convolution with a kernel for each channel. Lanes are outputs side by side in a row (`width`), with
 * a sum over them at the end; or channels that lie side by side, a vector of them at a time.
 */
export interface DepthwiseGradientStructure {
  readonly relaxed: boolean
  readonly lanes: 'width' | 'channels'
  /** Images: outside of all loops, and within a lot. */
  readonly images: readonly [outer: number, inner: number]
  readonly blocks: number
  readonly vectors: number
  /** Taps of the depth, and bytes of the gradient from one to the next and between blocks. */
  readonly depth: { readonly taps: number; readonly bytes: number; readonly block: number }
  readonly lots: readonly TapLots[]
  readonly stretches: readonly [depth: number, height: number]
  readonly entries: readonly [depth: Amount, height: Amount]
  /** Bytes of the entries of one stretch along the height. */
  readonly stretchBytes: number
  /** Cells of a row of inputs and of outputs. */
  readonly width: { readonly input: number; readonly output: number }
  readonly axis: Pick<Axis, 'stride' | 'dilation' | 'padBegin'>
  /** Bytes between images, blocks, and what neighbouring windows see along each axis. */
  readonly input: MovedBytes
  readonly change: MovedBytes
  /** Bytes of the gradient between taps. */
  readonly tap: number
  readonly numbers: readonly string[]
}

interface MovedBytes {
  readonly image: number
  readonly block: number
  readonly slice: number
  readonly row: number
  /** From a cell to the next, whatever the stride. */
  readonly cell: number
}

export interface DepthwiseGradientPlan {
  readonly strategy: 'depthwiseGradient'
  readonly structure: DepthwiseGradientStructure
  readonly packing: GradientPacking
  readonly tables: Int32Array
}

/** Whether each channel has a kernel of its own, and one output. */
export const isDepthwise = ({ groups, inChannels, outChannels }: Problem): boolean =>
  groups > 1 && groups === inChannels && groups === outChannels

/** A plan for a convolution that `isDepthwise`, or undefined where tensors are too long for addresses or rows have too many taps. */
export function planDepthwiseGradient(
  problem: Problem,
  { relaxed, ordered }: Pick<Features, 'relaxed' | 'ordered'>,
): DepthwiseGradientPlan | undefined {
  const axes = threeAxes(problem.geometry)
  const { batch } = problem
  const way = wayOf(problem, axes)
  const { lanes, channels, blocks, isInPlace, cells, changes, stretches } = way
  const most = Math.max(...[cells, changes].map((bytes) => batch * bytes.image + blocks * bytes.block))
  if (most >= 2 ** 31) return undefined
  const bytes = { cells: cells.axes[1], changes: changes.axes[1], tap: channels * FLOAT }
  const found = lotsOf(axes, { lanes, ordered, stretches: stretches[1], bytes })
  if (!found) return undefined

  const tables = new Tables()
  const { lots, heights } = found
  const depths = stretches[0].flatMap((stretch) => entriesOf(axes[0], stretch, cells.axes[0], changes.axes[0]))
  const entries = [tables.list('depths', depths), tables.list('heights', heights.flat())] as const
  const moved = ({ image, block, axes: [slice, row, cell] }: BlockBytes, [z, y]: readonly number[]): MovedBytes => {
    return { image, block, slice: slice * z, row: row * y, cell }
  }
  const slice = axes[1].kernel * axes[2].kernel * bytes.tap
  const { stride, dilation, padBegin, input, output } = axes[2]
  const { names, tables: integers } = tables.finish()
  const structure: DepthwiseGradientStructure = {
    ...{ relaxed, lanes, blocks, vectors: Math.ceil(channels / LANES), lots, entries, tap: bytes.tap },
    images: lanes === 'width' ? [1, batch] : [batch, 1],
    depth: { taps: axes[0].kernel, bytes: slice, block: axes[0].kernel * slice },
    stretches: [stretches[0].length, stretches[1].length],
    stretchBytes: heights[0].length * INTEGER,
    width: { input, output },
    axis: { stride, dilation, padBegin },
    input: moved(cells, [axes[0].stride, axes[1].stride]),
    change: moved(changes, [1, 1]),
    numbers: names,
  }
  const packing = { groups: 1, blocks, inGroup: 1, lanes: channels, input: !isInPlace, change: !isInPlace }
  return { strategy: 'depthwiseGradient', structure, packing, tables: integers }
}

/** What lanes are, in which blocks channels are gone through and outputs in which stretches, and how both tensors lie. */
function wayOf(problem: Problem, axes: Three<Axis>) {
  const { batch, layout, outChannels } = problem
  const [inputs, outputs] = [axes.map((axis) => axis.input), axes.map((axis) => axis.output)]
  // Lanes along a row that is shorter would be empty.
  const isAlong = layout === 'nchw' && outputs[2] >= LANES - 1
  const channels = isAlong ? 1 : vectorsOf(outChannels) * LANES
  const isInPlace = isAlong || (layout === 'nhwc' && outChannels % channels === 0)
  const bytesIn = (tensor: ReturnType<typeof inputOf>, sizes: readonly number[]): BlockBytes =>
    isInPlace ? bytesOf(stepsOf(tensor, layout), channels) : blockedBytes(batch, sizes, channels)
  const near = (inputs[2] * axes[1].stride + outputs[2]) * channels * FLOAT
  // Each stretch has entries for all rows of the kernel.
  const least = Math.ceil(axes[1].kernel / 2)
  const [slices, rows] = isAlong ? outputs : [1, Math.max(least, Math.floor(NEAR / near))]
  return {
    ...{ lanes: isAlong ? ('width' as const) : ('channels' as const), channels, isInPlace },
    ...{
      blocks: Math.ceil(outChannels / channels),
      cells: bytesIn(inputOf(problem), inputs),
      changes: bytesIn(outputOf(problem), outputs),
    },
    stretches: [pieces(outputs[0], slices), pieces(outputs[1], rows)] as const,
  }
}

/** Vectors of a block: as many as leave none over, if there are such. */
function vectorsOf(channels: number): number {
  const most = Math.min(MOST_VECTORS, Math.ceil(channels / LANES))
  for (let vectors = most; vectors > 0; vectors--) if (channels % (vectors * LANES) === 0) return vectors
  return most
}
