import { SamepadError } from '../src/geometry/error.ts'
import { type Geometry, type Op, type Padding, resolve } from '../src/geometry/index.ts'
import { ops } from '../src/geometry/resolved.ts'

/** A layer to time, with nothing left out, and its spatial side solved. */
export interface BenchLayer {
  readonly name: string
  /** Groups of the summary: a set has kinds. */
  readonly set: string
  readonly kind: string
  readonly batch: number
  readonly inChannels: number
  readonly outChannels: number
  readonly groups: number
  /** As it was asked for; the geometry has it in cells. */
  readonly padding: Padding
  readonly geometry: Geometry
}

/** A layer as a file has it. Pools have as many outputs as inputs, and no groups. */
interface Written {
  readonly name: string
  readonly set?: string
  readonly kind: string
  readonly op: Op
  readonly batch?: number
  readonly in: number
  readonly out?: number
  readonly groups?: number
  readonly input: readonly number[]
  readonly kernel: readonly number[]
  readonly strides?: readonly number[]
  readonly dilations?: readonly number[]
  readonly padding?: Padding
}

const STAGE = 'bench'

/**
 * Reads the content of a file of layers, `{ "layers": [...] }`, and keeps those with a text in their name.
 *
 * @throws SamepadError that names the layer and what is wrong with it
 */
export function readLayers(content: unknown, only: string): BenchLayer[] {
  const { layers: list } = (content ?? {}) as { layers?: unknown }
  if (!Array.isArray(list) || list.length === 0) throw new SamepadError(STAGE, 'a file must have a list layers', list)
  const layers = list.map((written, index) => layerOf(check(written, index)))
  const kept = layers.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))
  if (kept.length > 0) return kept
  const names = layers.map(({ name }) => `'${name}'`).join(', ')
  throw new SamepadError(STAGE, `--only must be a part of one of ${names}`, only)
}

function check(value: unknown, index: number): Written {
  const written = (value ?? {}) as Written
  const must = (name: keyof Written, what: string, holds: boolean): void => {
    if (!holds) throw new SamepadError(STAGE, `${name} of layer ${index} must be ${what}`, written[name])
  }
  const size = (one: unknown): boolean => Number.isInteger(one) && (one as number) > 0
  for (const name of ['name', 'kind'] as const) must(name, 'a text', typeof written[name] === 'string')
  must('op', `one of ${ops.join(', ')}`, ops.includes(written.op))
  must('in', 'a positive integer', size(written.in))
  for (const name of ['batch', 'out', 'groups'] as const) {
    must(name, 'a positive integer', written[name] === undefined || size(written[name]))
  }
  for (const name of ['input', 'kernel'] as const) {
    must(name, 'a list of positive integers', Array.isArray(written[name]) && written[name].every(size))
  }
  return written
}

/** Completes and solves a layer. */
export function layerOf(written: Written): BenchLayer {
  const {
    name,
    set = 'layers',
    kind,
    op,
    batch = 1,
    in: inChannels,
    out = inChannels,
    groups = 1,
    padding = 'same',
  } = written
  const { input, kernel, strides, dilations } = written
  const geometry = resolve({ op, input, kernel, strides, dilations, padding })
  const pool = op === 'maxPool' || op === 'averagePool'
  return { name, set, kind, batch, inChannels, outChannels: out, groups: pool ? inChannels : groups, padding, geometry }
}

/** The layer on an input that is larger by so many cells along each axis. */
export function resized(layer: BenchLayer, cells: readonly number[]): BenchLayer {
  const { op, axes } = layer.geometry
  const each = (name: 'kernel' | 'stride' | 'dilation'): number[] => axes.map((axis) => axis[name])
  const input = axes.map((axis, index) => axis.input + cells[index])
  const windows = { kernel: each('kernel'), strides: each('stride'), dilations: each('dilation') }
  return { ...layer, geometry: resolve({ op, input, ...windows, padding: layer.padding }) }
}

/** Whether a layer has no weights. */
export function isPool({ geometry }: BenchLayer): boolean {
  return geometry.op === 'maxPool' || geometry.op === 'averagePool'
}

/** Shapes of a layer's tensors, channels before the spatial axes; weights as samepad takes them, none of pools. */
export function shapesOf(layer: BenchLayer): {
  readonly x: number[]
  readonly y: number[]
  readonly weights: number[]
} {
  const { batch, inChannels, outChannels, groups, geometry } = layer
  const { op, axes } = geometry
  const channels = op === 'conv' ? [outChannels, inChannels / groups] : [inChannels, outChannels / groups]
  return {
    x: [batch, inChannels, ...axes.map(({ input }) => input)],
    y: [batch, outChannels, ...axes.map(({ output }) => output)],
    weights: isPool(layer) ? [] : [...channels, ...axes.map(({ kernel }) => kernel)],
  }
}

/**
 * Operations of a layer over its full windows, taps on padding counted, as engines count: two for each tap of a
 * convolution (a multiplication and an addition), one of a pool.
 */
export function operationsOf(layer: BenchLayer): number {
  const { x, y, weights } = shapesOf(layer)
  const taps = product(layer.geometry.axes.map(({ kernel }) => kernel))
  if (isPool(layer)) return product(y) * taps
  // Of a transposed convolution, each cell of the input meets all taps.
  return 2 * product(layer.geometry.op === 'conv' ? y : x) * weights[1] * taps
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1)
}
