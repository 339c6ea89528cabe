import { type Axis, taps } from '../geometry/index.ts'
import { stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { rowTiles, type TileRun } from './row-tiles.ts'

/** Bytes between neighbours along each dimension. */
export interface ByteSteps {
  readonly batch: number
  readonly channel: number
  readonly axes: Three<number>
}

/** Where a convolution's program keeps things, in bytes from the begin of its memory. */
export interface MemoryMap {
  readonly rows: number
  readonly weights: number
  readonly bias: number
  readonly input: number
  readonly output: number
  /** One past the last byte. */
  readonly end: number
}

/**
 * What a program does, in which order, as plain data.
 *
 * A tile is a few neighbouring outputs of one row (pixels) times a block of output channels, `vectors` of four: its sums
 * stay in registers while all input channels and taps pass by. A tap of a channel is one splatted load for each pixel and
 * one load of weights for each vector.
 */
export interface Plan {
  readonly strategy: 'dense'
  /** Multiply and add in one instruction, which may round once; otherwise every machine gives the same bits. */
  readonly relaxed: boolean
  readonly batch: number
  readonly groups: number
  /** Input and output channels of a group. */
  readonly inGroup: number
  readonly outGroup: number
  readonly layout: Problem['layout']
  readonly axes: Three<Axis>
  readonly vectors: number
  /** The last axis, cut into tiles. */
  readonly tiles: readonly TileRun[]
  /** Blocks of output channels in a group; the last one may be partly unused. */
  readonly blocks: number
  /** For each output of the depth and the height axis: where its first real tap reads, and how many real taps it has. */
  readonly rows: readonly [depth: readonly RowTaps[], height: readonly RowTaps[]]
  readonly from: ByteSteps
  readonly to: ByteSteps
  /** Bytes of packed weights for one tap of depth, of height, of one input channel, of one tap of width; of a block. */
  readonly packed: {
    readonly depth: number
    readonly height: number
    readonly channel: number
    readonly tap: number
    readonly block: number
  }
  readonly memory: MemoryMap
}

/** The real taps of one output along the depth or height axis. */
export interface RowTaps {
  /** Bytes from the begin of the input to the cell under the first real tap. */
  readonly input: number
  /** Bytes from the begin of a block's weights to those of that tap. */
  readonly weights: number
  readonly count: number
}

const FLOAT = 4
export const LANES = 4
/** Taps of width are written out one by one; beyond so many the code would outgrow the instruction cache. */
const WIDEST = 32
/** Wasm has 32-bit addresses; half of them are enough for anybody's layer, and keep differences positive. */
const MOST_BYTES = 2 ** 31

/** A plan for a convolution, or undefined where no strategy fits and the reference has to do. */
export function planConv(problem: Problem, { relaxed }: Features): Plan | undefined {
  const { geometry, batch, inChannels, outChannels, groups, layout } = problem
  const axes = threeAxes(geometry)
  const [depth, height, width] = axes
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  if (width.kernel > WIDEST || outGroup < LANES) return undefined

  const { vectors, pixels } = tileOf(relaxed, outGroup)
  const blocks = Math.ceil(outGroup / (vectors * LANES))

  const tap = vectors * LANES * FLOAT
  const channel = width.kernel * tap
  const packed = { tap, channel, height: inGroup * channel, depth: height.kernel * inGroup * channel, block: 0 }
  packed.block = depth.kernel * packed.depth
  const from = inBytes(stepsOf(inputOf(problem), layout))
  const to = inBytes(stepsOf(outputOf(problem), layout))
  const rows = [rowTaps(depth, from.axes[0], packed.depth), rowTaps(height, from.axes[1], packed.height)] as const

  const memory = layOut({
    rows: (rows[0].length + rows[1].length) * 3 * FLOAT,
    weights: groups * blocks * packed.block,
    bias: groups * blocks * vectors * LANES * FLOAT,
    // A row's first window starts in the padding: the address is formed, though nothing is read there.
    slack: Math.max(0, width.padBegin) * from.axes[2],
    input: batch * from.batch,
    output: batch * to.batch,
  })
  if (memory.end > MOST_BYTES) return undefined
  const tiles = rowTiles(width, pixels)
  return {
    strategy: 'dense',
    relaxed,
    batch,
    groups,
    inGroup,
    outGroup,
    layout,
    axes,
    vectors,
    tiles,
    blocks,
    rows,
    from,
    to,
    packed,
    memory,
  }
}

/**
 * The size of a tile. V8 keeps 16 vector registers: sums, weights and one input must fit into them, and the more sums the
 * fewer loads. Of 6 x 2, 5 x 2 and 4 x 3 (pixels x vectors) measured over the dense layers of known networks, 4 x 3 is
 * fastest with multiply and add apart, 6 x 2 by a third with the two in one instruction.
 */
function tileOf(relaxed: boolean, outGroup: number): { vectors: number; pixels: number } {
  const vectors = Math.min(relaxed ? 2 : 3, Math.ceil(outGroup / LANES))
  return { vectors, pixels: vectors === 3 ? 4 : 6 }
}

function inBytes({ batch, channel, axes }: ByteSteps): ByteSteps {
  const [depth, height, width] = axes.map((step) => step * FLOAT)
  return { batch: batch * FLOAT, channel: channel * FLOAT, axes: [depth, height, width] }
}

function rowTaps(axis: Axis, step: number, weights: number): RowTaps[] {
  return Array.from({ length: axis.output }, (_, output) => {
    const { begin, end } = taps(axis, output)
    const cell = output * axis.stride - axis.padBegin + begin * axis.dilation
    return { input: cell * step, weights: begin * weights, count: end - begin }
  })
}

const ALIGNMENT = 64 // a cache line

function layOut(sizes: {
  rows: number
  weights: number
  bias: number
  slack: number
  input: number
  output: number
}): MemoryMap {
  let at = ALIGNMENT
  const place = (bytes: number): number => {
    const begin = at
    at = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT
    return begin
  }
  const [rows, weights, bias] = [place(sizes.rows), place(sizes.weights), place(sizes.bias)]
  place(sizes.slack)
  const [input, output] = [place(sizes.input), place(sizes.output)]
  return { rows, weights, bias, input, output, end: at }
}
