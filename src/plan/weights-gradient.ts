import { type Axis, taps } from '../geometry/index.ts'
import type { ElementwiseProblem } from '../reference/elementwise.ts'
import { type Steps, stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { type FilterSteps, inputOf, outputOf, type Problem } from '../reference/problem.ts'
import { denseSteps } from '../tensor/dense.ts'
import type { Features } from '../wasm/engine.ts'
import { FLOAT, LANES } from './plan.ts'
import { evenly } from './row-tiles.ts'
import { type Amount, Tables } from './tables.ts'

/**
 * Where each channel has a kernel of its own: the most vectors of channels, which are as many loads as a processor has under way, the
 * most taps of the width that are multiplied by the same gradients, and sums, which are as many as both.
 */
const DEPTHWISE = { vectors: 4, taps: 6, sums: 12 } as const
/** Input channels of a tile, and vectors of output channels: 12 sums and what they are made of fill V8's 16 registers. */
const TILE = { channels: 6, vectors: 2 } as const
/** The same on engines that move additions to the end of their block. */
const UNORDERED_CHANNELS = 4
/** Bytes of output gradients that are multiplied by all taps before the next ones are: half of a first cache. */
const NEAR = 2 ** 14
/** Integers for each tap of a stretch of outputs: how many of them it sees a real cell for, and bytes to where they begin. */
export const TAP_ENTRY = 3
/** Entries of taps that are taken together: of the outputs that all of them see cells for; then of each those before and behind. */
export const entriesTogether = (taps: number): number => 1 + 2 * taps

/**
 * The gradient of a convolution's weights. For some input channels and a block of output channels, sums of a tap stay in registers
 * while cells are gone through: input cells times vectors of output gradients. Where each channel has a kernel of its own, all of them
 * are one group, and vectors of input cells are multiplied by vectors of output gradients.
 */
export interface WeightsGradientStructure {
  readonly relaxed: boolean
  readonly depthwise: boolean
  readonly groups: number
  /** Blocks of output channels of a group, and vectors of a block. */
  readonly blocks: number
  readonly vectors: number
  /** Input channels of a group, and of a tile. */
  readonly inGroup: number
  readonly channels: number
  readonly kernel: Three<number>
  /** Depthwise: how many taps of the width are taken together, one lot after the other. Empty where each is by itself. */
  readonly together: readonly number[]
  readonly images: Amount
  /** Stretches of outputs along depth and height; along the width there is one. */
  readonly stretches: readonly [depth: Amount, height: Amount]
  /** Where the entries of each axis are: for each stretch, for each tap. */
  readonly entries: Three<Amount>
  /**
   * Bytes of the input between images, between windows and between channels. All channels of a tile are read from one address, so
   * how far apart they are is fixed in the code, channels first for one size: networks are trained on one.
   */
  readonly input: MovedBytes & { readonly channel: number; readonly block: Amount; readonly tap: number }
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
  /** Whether input and output gradients are read where they lie. */
  readonly isInPlace: boolean
  readonly tables: readonly number[]
}

/** Output channels of a block. */
export const blockLanes = ({ vectors }: Pick<WeightsGradientStructure, 'vectors'>): number => vectors * LANES

/** A plan for a convolution, or undefined where tensors are too long for addresses. */
export function planWeightsGradient(
  problem: Problem,
  { relaxed, ordered }: Pick<Features, 'relaxed' | 'ordered'>,
): WeightsGradientPlan | undefined {
  const { geometry, batch, layout } = problem
  const axes = threeAxes(geometry)
  const depthwise =
    problem.groups > 1 && problem.groups === problem.inChannels && problem.groups === problem.outChannels
  const groups = depthwise ? 1 : problem.groups
  const [inGroup, outGroup] = [depthwise ? 1 : problem.inChannels / groups, problem.outChannels / groups]
  const together = depthwise ? evenly(axes[2].kernel, ordered ? DEPTHWISE.taps : 1) : []
  const abreast = Math.max(1, ...together)
  const vectors = vectorsOf(outGroup, depthwise ? Math.floor(DEPTHWISE.sums / abreast) : undefined)
  const lanes = vectors * LANES
  const blocks = Math.ceil(outGroup / lanes)
  const [inputs, outputs] = [axes.map((axis) => axis.input), axes.map((axis) => axis.output)]
  const isInPlace = depthwise && layout === 'nhwc' && outGroup % lanes === 0
  const changes = isInPlace ? inBytes(stepsOf(outputOf(problem), layout), lanes) : blocked(batch, outputs, lanes)
  const from = stepsOf(inputOf(problem), layout)
  const cells = depthwise && !isInPlace ? blocked(batch, inputs, lanes) : inBytes(from, lanes)
  const most = Math.max(
    batch * cells.image,
    blocks * cells.block,
    groups * blocks * changes.block,
    batch * changes.image,
  )
  if (most >= 2 ** 31) return undefined

  const rows = Math.max(1, Math.floor(NEAR / (outputs[2] * lanes * FLOAT)))
  const stretches = [pieces(outputs[0], 1), pieces(outputs[1], rows), pieces(outputs[2], outputs[2])]
  const tables = new Tables()
  const [depth, height, width] = axes.map((axis, index) => {
    const entries = index === 2 && depthwise ? entriesOfLots(together) : entriesOf
    return tables.list(
      `taps ${index}`,
      stretches[index].flatMap((stretch) => entries(axis, stretch, cells.axes[index], changes.axes[index])),
    )
  })
  const moved = (name: string, { image, axes: steps, block }: BlockBytes, [, y, x]: readonly number[]) => ({
    ...{ image: tables.number(`${name} image`, image), row: tables.number(`${name} row`, y * steps[1]) },
    ...{ cell: x * steps[2], block: tables.number(`${name} block`, block) },
  })
  const strides = axes.map((axis) => axis.stride)
  const apart = { channel: depthwise ? 0 : from.channel * FLOAT, tap: axes[2].dilation * cells.axes[2] }
  const input = { ...moved('input', cells, strides), ...apart }
  const change = moved('change', changes, [1, 1, 1])
  const sizes = {
    images: tables.number('images', batch),
    stretches: [tables.number('depths', stretches[0].length), tables.number('heights', stretches[1].length)] as const,
  }
  const { names, tables: integers } = tables.finish()
  const structure = {
    ...{ relaxed, depthwise, groups, blocks, vectors, inGroup, ...sizes, input, change },
    channels: depthwise ? abreast : Math.min(inGroup, ordered ? TILE.channels : UNORDERED_CHANNELS),
    together,
    kernel: [axes[0].kernel, axes[1].kernel, axes[2].kernel] as const,
    entries: [depth, height, width] as const,
    numbers: names,
  }
  return { strategy: 'weightsGradient', structure, isInPlace, tables: integers }
}

/** Vectors of a block: of depthwise channels, which may be so many, as many as leave none over, if there are such. */
function vectorsOf(outGroup: number, depthwise: number | undefined): number {
  const all = Math.ceil(outGroup / LANES)
  if (depthwise === undefined) return Math.min(TILE.vectors, all)
  const most = Math.min(DEPTHWISE.vectors, depthwise, all)
  for (let vectors = most; vectors > 0; vectors--) if (outGroup % (vectors * LANES) === 0) return vectors
  return most
}

/** Bytes between images, along each axis, and between blocks of channels. */
interface BlockBytes {
  readonly image: number
  readonly axes: Three<number>
  readonly block: number
}

/** Of a tensor as it is. */
function inBytes({ batch, channel, axes: [z, y, x] }: Steps, lanes: number): BlockBytes {
  return { image: batch * FLOAT, axes: [z * FLOAT, y * FLOAT, x * FLOAT], block: lanes * channel * FLOAT }
}

/** Of one that lies block by block, with the channels of a block side by side. */
function blocked(batch: number, [depth, height, width]: readonly number[], lanes: number): BlockBytes {
  const cell = lanes * FLOAT
  const image = depth * height * width * cell
  return { image, axes: [height * width * cell, width * cell, cell], block: batch * image }
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
function entriesOf(axis: Axis, stretch: Stretch, inputStep: number, changeStep: number): number[] {
  return Array.from({ length: axis.kernel }, (_, tap) =>
    entryOf(axis, tap, seenThrough(axis, tap, stretch), inputStep, changeStep),
  ).flat()
}

/** The same of taps that are taken together in lots: of the windows that see cells through all of them, and what is left of each. */
function entriesOfLots(lots: readonly number[]): typeof entriesOf {
  return (axis, stretch, ...steps) => {
    let next = 0
    return lots.flatMap((size) => {
      const own = Array.from({ length: size }, () => next++).map((tap) => ({ tap, ...seenThrough(axis, tap, stretch) }))
      const begin = Math.max(...own.map((seen) => seen.begin))
      const end = Math.max(begin, Math.min(...own.map((seen) => seen.end)))
      const left = own.flatMap(({ tap, ...seen }) => [
        entryOf(axis, tap, { begin: seen.begin, end: Math.min(seen.end, begin) }, ...steps),
        entryOf(axis, tap, { begin: Math.max(seen.begin, end), end: seen.end }, ...steps),
      ])
      return [entryOf(axis, own[0].tap, { begin, end }, ...steps), ...left].flat()
    })
  }
}

/** The windows of a stretch that see a real cell through a tap. */
function seenThrough(axis: Axis, tap: number, { begin, end }: Stretch): Stretch {
  const sees = (output: number): boolean => {
    const range = taps(axis, output)
    return range.begin <= tap && tap < range.end
  }
  let [first, last] = [begin, end]
  while (first < last && !sees(first)) first++
  while (last > first && !sees(last - 1)) last--
  return { begin: first, end: last }
}

function entryOf(
  { stride, padBegin, dilation }: Axis,
  tap: number,
  { begin, end }: Stretch,
  inputStep: number,
  changeStep: number,
): [count: number, input: number, change: number] {
  if (begin >= end) return [0, 0, 0]
  return [end - begin, (begin * stride - padBegin + tap * dilation) * inputStep, begin * changeStep]
}

/**
 * How output gradients are put into the order in which the program reads them, as copies of parts, and input cells where they are
 * vectors too; none where they are read where they lie.
 */
export function packingParts(
  problem: Problem,
  { structure, isInPlace }: WeightsGradientPlan,
): Readonly<Record<'input' | 'change', readonly ElementwiseProblem[]>> {
  const { geometry, batch, layout } = problem
  const { blocks, groups, depthwise } = structure
  const lanes = blockLanes(structure)
  const packed = (side: 'input' | 'output', { batch: image, channel, axes }: Steps): ElementwiseProblem[] => {
    const cells = threeAxes(geometry).map((axis) => axis[side])
    const to = denseSteps([groups, blocks, batch, ...cells, lanes])
    const from = [(channel * problem.outChannels) / groups, lanes * channel, image, ...axes, channel]
    return blockParts(problem, structure).map(({ first, count, channels }) => ({
      sizes: [groups, count, batch, ...cells, channels],
      output: { offset: first * to[1], steps: to },
      inputs: [{ offset: first * from[1], steps: from }],
      ...plainCopy,
    }))
  }
  return {
    input: depthwise && !isInPlace ? packed('input', stepsOf(inputOf(problem), layout)) : [],
    change: isInPlace ? [] : packed('output', stepsOf(outputOf(problem), layout)),
  }
}

/** How the gradient, as the program gives it, is put into the order of the weights. */
export function gradientParts(
  problem: Problem,
  { structure }: WeightsGradientPlan,
  steps: FilterSteps,
): ElementwiseProblem[] {
  const { groups, blocks, inGroup, kernel, depthwise } = structure
  const lanes = blockLanes(structure)
  const taps = kernel[0] * kernel[1] * kernel[2]
  const out = depthwise ? steps.group : steps.out
  const packed = denseSteps([groups, blocks, inGroup, taps, lanes])
  const given = [steps.group, lanes * out, steps.in, steps.tap, out]
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
  { outChannels }: Problem,
  structure: WeightsGradientStructure,
): { readonly first: number; readonly count: number; readonly channels: number }[] {
  const lanes = blockLanes(structure)
  const outGroup = outChannels / structure.groups
  const whole = Math.floor(outGroup / lanes)
  const parts = [
    { first: 0, count: whole, channels: lanes },
    { first: whole, count: structure.blocks - whole, channels: outGroup % lanes },
  ]
  return parts.filter(({ count }) => count > 0)
}

/** Elements of what is packed, and of the gradient in the program's order; 0 of what is read where it lies. */
export function packedLengths(
  { geometry, batch }: Problem,
  { structure, isInPlace }: WeightsGradientPlan,
): Readonly<Record<'input' | 'change' | 'gradient', number>> {
  const { groups, blocks, inGroup, kernel, depthwise } = structure
  const channels = groups * blocks * blockLanes(structure)
  const cells = (side: 'input' | 'output'): number =>
    geometry.axes.reduce((product, axis) => product * axis[side], batch)
  return {
    input: depthwise && !isInPlace ? channels * cells('input') : 0,
    change: isInPlace ? 0 : channels * cells('output'),
    gradient: channels * inGroup * kernel[0] * kernel[1] * kernel[2],
  }
}
