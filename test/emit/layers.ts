import { type AxisPadding, type Op, resolve } from '../../src/index.ts'
import { conv } from '../../src/reference/conv.ts'
import { convTranspose } from '../../src/reference/conv-transpose.ts'
import { averagePool, maxPool } from '../../src/reference/pool.ts'
import { type Filter, inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { filterSteps } from '../../src/run/layers/filter-weights.ts'
import { type ConvWeightsLayout, readWeightsShape, type TransposedWeightsLayout } from '../../src/tensor/weights.ts'
import fc from '../fast-check.ts'
import { activations, epilogueOf, residualFor, type WrittenEpilogue, writtenOf } from './epilogues.ts'

/** The number of elements of the input or output of a problem. */
export const lengthOf = ({ batch, channels, spatial }: ReturnType<typeof inputOf>): number =>
  spatial.reduce((product, size) => product * size, batch * channels)

/** What bounds the sizes of random layers. */
export interface Bounds {
  readonly op: Op
  readonly input?: number
  /** Cells of the innermost axis; `input` by default. */
  readonly width?: number
  readonly kernel?: number
  readonly stride?: number
  readonly dilation?: number
  readonly axes?: number
  readonly groups?: number
  readonly inGroup?: number
  readonly outGroup?: number
  readonly layouts?: readonly Problem['layout'][]
  /** One input and one output channel in each of up to 23 groups. */
  readonly depthwise?: boolean
  /** `activations` by default. */
  readonly epilogues?: fc.Arbitrary<WrittenEpilogue>
}

const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max })

/** A layer on an input of some size. */
interface Setting extends Omit<Problem, 'geometry' | 'inChannels' | 'outChannels' | 'epilogue'> {
  readonly written: WrittenEpilogue
  readonly op: Op
  readonly axes: readonly {
    readonly input: number
    readonly kernel: number
    readonly stride: number
    readonly dilation: number
    readonly padding: AxisPadding
  }[]
  readonly inGroup: number
  readonly outGroup: number
}

/**
 * Layers on one to three axes whose sizes all differ more often than not: even kernels, strides above the kernel,
 * padding wider than the input, axes of a single cell.
 */
export function layers(bounds: Bounds): fc.Arbitrary<Problem> {
  return settings(bounds).filter(isThere).map(problemOf)
}

/** Such layers, each on inputs of several sizes, those of which it makes an output. */
export function layersOfSizes(bounds: Bounds, most: number): fc.Arbitrary<Problem[]> {
  const { input = 17, width = input } = bounds
  const size = fc.record({ batch: upTo(3), cells: fc.tuple(upTo(input), upTo(input), upTo(width)) })
  return fc
    .tuple(settings(bounds), fc.array(size, { minLength: most, maxLength: most }))
    .map(([setting, sizes]) =>
      sizes.map(({ batch, cells }): Setting => {
        const own = cells.slice(-setting.axes.length)
        return { ...setting, batch, axes: setting.axes.map((axis, index) => ({ ...axis, input: own[index] })) }
      }),
    )
    .map((list) => list.filter(isThere).map(problemOf))
}

/**
 * Such layers, each with several numbers of channels, as many of which are left behind whole vectors and blocks of vectors: in
 * groups, or where each channel has a kernel of its own, all of them.
 */
export function layersOfChannels(bounds: Bounds): fc.Arbitrary<Problem[]> {
  return settings(bounds)
    .filter(isThere)
    .map((setting) => MORE_CHANNELS.map((more) => problemOf(withChannels(setting, more, bounds.depthwise))))
}

/** How many times a few channels more layers have that differ in them. */
export const MORE_CHANNELS = [1, 2, 4]

function withChannels(setting: Setting, more: number, depthwise = false): Setting {
  const { groups, inGroup, outGroup } = setting
  if (depthwise) return { ...setting, groups: groups + 16 * more }
  return { ...setting, inGroup: inGroup + 12 * more, outGroup: outGroup + 8 * more }
}

function settings(bounds: Bounds): fc.Arbitrary<Setting> {
  const { op, input = 17, width = input, kernel = 5, stride = 6, dilation = 4, axes = 3 } = bounds
  const { layouts = ['nchw', 'nhwc'], depthwise = false, epilogues = activations } = bounds
  const { groups = depthwise ? 23 : 3, inGroup = depthwise ? 1 : 6, outGroup = depthwise ? 1 : 27 } = bounds
  const paddings: AxisPadding[] = ['same-upper', 'same-lower', 'keep', 'full', 'causal']
  return fc
    .record({
      axes: fc.array(
        fc.record({
          input: upTo(input),
          kernel: upTo(kernel),
          stride: upTo(stride),
          dilation: upTo(dilation),
          padding: fc.constantFrom<AxisPadding>(...paddings),
        }),
        { minLength: 1, maxLength: axes },
      ),
      width: upTo(width),
      batch: upTo(3),
      groups: upTo(groups),
      inGroup: upTo(inGroup),
      outGroup: upTo(outGroup),
      layout: fc.constantFrom(...layouts),
      written: epilogues,
      countIncludePad: fc.boolean(),
    })
    .map(({ axes, width, ...layer }) => ({
      ...{ op, ...layer },
      axes: [...axes.slice(0, -1), { ...axes[axes.length - 1], input: width }],
    }))
}

const isThere = ({ op, axes }: Setting): boolean => op !== 'convTranspose' || axes.every((axis) => transposes(axis))

function problemOf(setting: Setting): Problem {
  const { op, axes, batch, groups, inGroup, outGroup, layout, written, countIncludePad } = setting
  const geometry = resolve({
    op,
    input: axes.map((axis) => axis.input),
    kernel: axes.map((axis) => axis.kernel),
    strides: axes.map((axis) => axis.stride),
    dilations: axes.map((axis) => axis.dilation),
    padding: axes.map((axis) => axis.padding),
  })
  const [inChannels, outChannels] = [inGroup * groups, outGroup * groups]
  const shape = { geometry, batch, layout }
  if (op === 'conv' || op === 'convTranspose') {
    return { ...shape, inChannels, outChannels, groups, epilogue: epilogueOf(written, outChannels) }
  }
  const pool = { ...shape, inChannels, outChannels: inChannels, groups: inChannels }
  const own = { ...pool, epilogue: epilogueOf(written, inChannels) }
  return op === 'maxPool' ? own : { ...own, countIncludePad }
}

/** Whether a transposed convolution of these sizes leaves a cell of the output: with much padding it may not. */
function transposes({ input, kernel, stride, dilation, padding }: Setting['axes'][number]): boolean {
  try {
    resolve({ op: 'convTranspose', input: [input], kernel, strides: stride, dilations: dilation, padding } as never)
    return true
  } catch {
    return false
  }
}

/** Small integers, on which float32 arithmetic is exact in any order. */
export function integers(length: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 16) % 9) - 4
  })
}

/** Weights of a problem in one of the orders of its operation, PyTorch's by default, and their shape there. */
export function filterOf(
  problem: Problem,
  weights: Float32Array,
  bias: Float32Array | undefined,
  layout: ConvWeightsLayout | TransposedWeightsLayout = problem.geometry.op === 'convTranspose' ? 'iohw' : 'oihw',
): Filter & { readonly shape: readonly number[] } {
  const { geometry, inChannels, outChannels, groups } = problem
  const { op, axes } = geometry
  const kernel = axes.map((axis) => axis.kernel)
  const [i, o] = op === 'convTranspose' ? [inChannels, outChannels / groups] : [inChannels / groups, outChannels]
  const sizes: Record<string, readonly number[]> = { i: [i], o: [o], h: kernel, c: [groups], m: [o / groups], w: [] }
  const shape = [...layout].flatMap((letter) => sizes[letter])
  const kind = op === 'convTranspose' ? op : 'conv'
  const { operands } = writtenOf(problem)
  return { weights, bias, operands, shape, steps: filterSteps(kind, readWeightsShape(shape, layout), groups) }
}

/** The tensors of a problem, filled with small integers, and what the reference makes of them. */
export function solved(
  problem: Problem,
  withBias = true,
  layout?: ConvWeightsLayout | TransposedWeightsLayout,
): { input: Float32Array; filter: Filter; expected: Float32Array } {
  const { geometry, inChannels, outChannels, groups } = problem
  const kernel = geometry.axes.reduce((product, axis) => product * axis.kernel, 1)
  const input = integers(lengthOf(inputOf(problem)), 1)
  const filter = filterOf(
    problem,
    integers((outChannels * inChannels * kernel) / groups, 2),
    withBias ? integers(outChannels, 3) : undefined,
    layout,
  )
  return { input, filter, expected: computed(problem, input, filter) }
}

const references = { conv, convTranspose, maxPool, averagePool }

/** What the reference makes of a problem; its residual is `residualFor`. */
export function computed(problem: Problem, input: Float32Array, filter: Filter): Float32Array {
  const output = new Float32Array(lengthOf(outputOf(problem)))
  references[problem.geometry.op](problem, input, filter, output, residualFor(problem))
  return output
}
