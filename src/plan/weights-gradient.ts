import { type Axis, taps } from '../geometry/index.ts'
import type { ElementwiseProblem } from '../reference/elementwise.ts'
import { stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { type FilterSteps, inputOf, outputOf, type Problem } from '../reference/problem.ts'
import { denseSteps } from '../tensor/dense.ts'
import type { Features } from '../wasm/engine.ts'
import { FLOAT, LANES } from './plan.ts'
import { type Amount, Tables } from './tables.ts'

/** Input channels of a tile, and vectors of output channels: 12 sums and what they are made of fill V8's 16 registers. */
const TILE = { channels: 6, vectors: 2 } as const
/** The same on engines that move additions to the end of their block. */
const UNORDERED_CHANNELS = 4
/** Bytes of output gradients that are multiplied by all taps before the next ones are: half of a first cache. */
const NEAR = 2 ** 14
/** Integers for each tap of a stretch of outputs: how many of them it sees a real cell for, and bytes to where they begin. */
export const TAP_ENTRY = 3

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

/** A program's structure, its tables, and in which order it takes output gradients and gives the gradient. */
export interface WeightsGradientPlan {
  readonly strategy: 'weightsGradient'
  readonly structure: WeightsGradientStructure
  readonly tables: readonly number[]
}

/** Output channels of a block. */
export const blockLanes = ({ vectors }: Pick<WeightsGradientStructure, 'vectors'>): number => vectors * LANES

/** A plan for a convolution, or undefined where tensors are too long for addresses. */
export function planWeightsGradient(
  problem: Problem,
  { relaxed, ordered }: Pick<Features, 'relaxed' | 'ordered'>,
): WeightsGradientPlan | undefined {
  const { geometry, batch, groups, layout } = problem
  const axes = threeAxes(geometry)
  const [inGroup, outGroup] = [problem.inChannels / groups, problem.outChannels / groups]
  const vectors = Math.min(TILE.vectors, Math.ceil(outGroup / LANES))
  const lanes = vectors * LANES
  const blocks = Math.ceil(outGroup / lanes)
  const from = stepsOf(inputOf(problem), layout)
  const outputs = axes.map((axis) => axis.output)
  const cells = outputs[0] * outputs[1] * outputs[2]
  const cell = lanes * FLOAT
  const bytes = [batch * from.batch * FLOAT, groups * blocks * batch * cells * cell]
  if (Math.max(...bytes) >= 2 ** 31) return undefined

  const rows = Math.max(1, Math.floor(NEAR / (outputs[2] * cell)))
  const stretches = [pieces(outputs[0], 1), pieces(outputs[1], rows), pieces(outputs[2], outputs[2])]
  const changes = [outputs[1] * outputs[2] * cell, outputs[2] * cell, cell]
  const tables = new Tables()
  const [depth, height, width] = axes.map((axis, index) =>
    tables.list(
      `taps ${index}`,
      stretches[index].flatMap((stretch) => entriesOf(axis, stretch, from.axes[index] * FLOAT, changes[index])),
    ),
  )
  const moved = (name: string, image: number, row: number, cell: number): MovedBytes => {
    return { image: tables.number(`${name} image`, image), row: tables.number(`${name} row`, row), cell }
  }
  const inputRow = axes[1].stride * from.axes[1] * FLOAT
  const input = moved('input', from.batch * FLOAT, inputRow, axes[2].stride * from.axes[2] * FLOAT)
  const change = moved('change', cells * cell, changes[1], cell)
  const block = tables.number('change block', batch * cells * cell)
  const sizes = {
    images: tables.number('images', batch),
    stretches: [tables.number('depths', stretches[0].length), tables.number('heights', stretches[1].length)] as const,
  }
  const { names, tables: integers } = tables.finish()
  const structure = {
    ...{ relaxed, groups, blocks, vectors, inGroup, ...sizes },
    channels: Math.min(inGroup, ordered ? TILE.channels : UNORDERED_CHANNELS),
    kernel: [axes[0].kernel, axes[1].kernel, axes[2].kernel] as const,
    entries: [depth, height, width] as const,
    input: { ...input, channel: from.channel * FLOAT },
    change: { ...change, block },
    numbers: names,
  }
  return { strategy: 'weightsGradient', structure, tables: integers }
}

interface Stretch {
  readonly begin: number
  readonly end: number
}

function pieces(size: number, most: number): Stretch[] {
  return Array.from({ length: Math.ceil(size / most) }, (_, index) => {
    return { begin: index * most, end: Math.min(size, (index + 1) * most) }
  })
}

/**
 * For each tap how many windows of a stretch see a real cell through it, and bytes from the begin of an image of the input to the
 * first such cell, and of output gradients to the first such window.
 */
function entriesOf(axis: Axis, { begin, end }: Stretch, inputStep: number, changeStep: number): number[] {
  const { kernel, stride, dilation, padBegin } = axis
  const sees = (output: number, tap: number): boolean => {
    const range = taps(axis, output)
    return range.begin <= tap && tap < range.end
  }
  return Array.from({ length: kernel }, (_, tap) => {
    let [first, last] = [begin, end]
    while (first < last && !sees(first, tap)) first++
    while (last > first && !sees(last - 1, tap)) last--
    const cell = first < last ? first * stride - padBegin + tap * dilation : 0
    return [last - first, cell * inputStep, first * changeStep]
  }).flat()
}

/** How output gradients are put into the order in which the program reads them: copies of parts. */
export function changeParts(problem: Problem, { structure }: WeightsGradientPlan): ElementwiseProblem[] {
  const { geometry, batch, groups } = problem
  const to = stepsOf(outputOf(problem), problem.layout)
  const outputs = threeAxes(geometry).map((axis) => axis.output)
  const { blocks } = structure
  const lanes = blockLanes(structure)
  const packed = denseSteps([groups, blocks, batch, ...outputs, lanes])
  const group = (to.channel * problem.outChannels) / groups
  const given = [group, lanes * to.channel, to.batch, ...to.axes, to.channel]
  return blockParts(problem, structure).map(({ first, count, channels }) => ({
    sizes: [groups, count, batch, ...outputs, channels],
    output: { offset: first * packed[1], steps: packed },
    inputs: [{ offset: first * given[1], steps: given }],
    ...plainCopy,
  }))
}

/** How the gradient, as the program gives it, is put into the order of the weights. */
export function gradientParts(
  problem: Problem,
  { structure }: WeightsGradientPlan,
  steps: FilterSteps,
): ElementwiseProblem[] {
  const { groups } = problem
  const { blocks, inGroup, kernel } = structure
  const lanes = blockLanes(structure)
  const taps = kernel[0] * kernel[1] * kernel[2]
  const packed = denseSteps([groups, blocks, inGroup, taps, lanes])
  const given = [steps.group, lanes * steps.out, steps.in, steps.tap, steps.out]
  return blockParts(problem, structure).map(({ first, count, channels }) => ({
    sizes: [groups, count, inGroup, taps, channels],
    output: { offset: first * given[1], steps: given },
    inputs: [{ offset: first * packed[1], steps: packed }],
    ...plainCopy,
  }))
}

const plainCopy = { steps: [], numbers: [] } as const

/** Blocks of output channels, whole ones and the one at the end. */
function blockParts(
  { outChannels, groups }: Problem,
  structure: WeightsGradientStructure,
): { readonly first: number; readonly count: number; readonly channels: number }[] {
  const lanes = blockLanes(structure)
  const outGroup = outChannels / groups
  const whole = Math.floor(outGroup / lanes)
  const parts = [
    { first: 0, count: whole, channels: lanes },
    { first: whole, count: structure.blocks - whole, channels: outGroup % lanes },
  ]
  return parts.filter(({ count }) => count > 0)
}

/** Elements of output gradients and of the gradient in the program's order. */
export function packedLengths(
  { geometry, batch, groups }: Problem,
  { structure }: WeightsGradientPlan,
): { readonly change: number; readonly gradient: number } {
  const { blocks, inGroup, kernel } = structure
  const channels = groups * blocks * blockLanes(structure)
  const outputs = geometry.axes.reduce((product, axis) => product * axis.output, batch)
  return { change: channels * outputs, gradient: channels * inGroup * kernel[0] * kernel[1] * kernel[2] }
}
