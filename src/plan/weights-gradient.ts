import { stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { inputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { FLOAT, LANES } from './plan.ts'
import { type Amount, Tables } from './tables.ts'
import { type BlockBytes, blockedBytes, bytesOf, entriesOf, pieces } from './tap-entries.ts'
import type { GradientPacking } from './weights-packing.ts'

/** Input channels of a tile, and vectors of output channels: 12 sums and what they are made of fill V8's 16 registers. */
const TILE = { channels: 6, vectors: 2 } as const
/** The same on engines that move additions to the end of their block. */
const UNORDERED_CHANNELS = 4
/** Bytes of output gradients that are multiplied by all taps before the next ones are: half of a first cache. */
const NEAR = 2 ** 14

/**
 * The gradient of a convolution's weights. For some input channels and a block of output channels, sums of a tap stay in registers
 * while cells are gone through: input cells times vectors of output gradients.
 */
export interface WeightsGradientStructure {
  readonly relaxed: boolean
  readonly groups: number
  /** Blocks of output channels of a group, and vectors of a block. */
  readonly blocks: number
  readonly vectors: number
  /** Input channels of a group, and of a tile. */
  readonly inGroup: number
  readonly channels: number
  readonly kernel: Three<number>
  readonly images: Amount
  /** Stretches of outputs along depth and height; along the width there is one. */
  readonly stretches: readonly [depth: Amount, height: Amount]
  /** Where the entries of each axis are: for each stretch, for each tap. */
  readonly entries: Three<Amount>
  /**
   * Bytes of the input between images, between windows and between channels. All channels of a tile are read from one address, so
   * how far apart they are is fixed in the code, channels first for one size: networks are trained on one.
   */
  readonly input: MovedBytes & { readonly channel: number }
  /** The same of output gradients, which lie block by block, with the channels of a block side by side. */
  readonly change: MovedBytes & { readonly block: Amount }
  readonly numbers: readonly string[]
}

interface MovedBytes {
  readonly image: Amount
  readonly row: Amount
  readonly cell: number
}

/** A program's structure and its tables. */
export interface WeightsGradientPlan {
  readonly strategy: 'weightsGradient'
  readonly structure: WeightsGradientStructure
  readonly packing: GradientPacking
  readonly tables: Int32Array
}

/** Output channels of a block. */
export const blockLanes = ({ vectors }: Pick<WeightsGradientStructure, 'vectors'>): number => vectors * LANES

/** A plan for a convolution, or undefined where tensors are too long for addresses. */
export function planWeightsGradient(
  problem: Problem,
  { relaxed, ordered }: Pick<Features, 'relaxed' | 'ordered'>,
): WeightsGradientPlan | undefined {
  const { geometry, batch, layout, groups } = problem
  const axes = threeAxes(geometry)
  const [inGroup, outGroup] = [problem.inChannels / groups, problem.outChannels / groups]
  const all = Math.ceil(outGroup / LANES)
  const vectors = Math.min(TILE.vectors, all)
  const lanes = vectors * LANES
  const blocks = Math.ceil(outGroup / lanes)
  const outputs = axes.map((axis) => axis.output)
  const changes = blockedBytes(batch, outputs, lanes)
  const from = stepsOf(inputOf(problem), layout)
  const cells = bytesOf(from, lanes)
  const most = Math.max(batch * cells.image, groups * blocks * changes.block, batch * changes.image)
  if (most >= 2 ** 31) return undefined

  const rows = Math.max(1, Math.floor(NEAR / (outputs[2] * lanes * FLOAT)))
  const stretches = [pieces(outputs[0], 1), pieces(outputs[1], rows), pieces(outputs[2], outputs[2])]
  const tables = new Tables()
  const [depth, height, width] = axes.map((axis, index) =>
    tables.list(
      `taps ${index}`,
      stretches[index].flatMap((stretch) => entriesOf(axis, stretch, cells.axes[index], changes.axes[index])),
    ),
  )
  const moved = (name: string, { image, axes: steps }: BlockBytes, [, y, x]: readonly number[]) => ({
    ...{ image: tables.number(`${name} image`, image), row: tables.number(`${name} row`, y * steps[1]) },
    cell: x * steps[2],
  })
  const strides = axes.map((axis) => axis.stride)
  const input = { ...moved('input', cells, strides), channel: from.channel * FLOAT }
  const change = { ...moved('change', changes, [1, 1, 1]), block: tables.number('change block', changes.block) }
  const sizes = {
    images: tables.number('images', batch),
    stretches: [tables.number('depths', stretches[0].length), tables.number('heights', stretches[1].length)] as const,
  }
  const { names, tables: integers } = tables.finish()
  const structure = {
    ...{ relaxed, groups, blocks, vectors, inGroup, ...sizes, input, change },
    channels: Math.min(inGroup, ordered ? TILE.channels : UNORDERED_CHANNELS),
    kernel: [axes[0].kernel, axes[1].kernel, axes[2].kernel] as const,
    entries: [depth, height, width] as const,
    numbers: names,
  }
  const packing = { groups, blocks, inGroup, lanes, input: false, change: true }
  return { strategy: 'weightsGradient', structure, packing, tables: integers }
}
