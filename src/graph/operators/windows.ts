import { Verbatim } from '../../geometry/error.ts'
import { type Axis, Geometry, type Pads } from '../../geometry/index.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import { powers, rooted } from './reducing.ts'
import type { RunRow } from './row.ts'

/** The window of a node where it lies, with the Pad before it taken in, and what it then reads. */
function windowOf(site: Site): { readonly geometry: Geometry; readonly input: GraphValue } {
  const { described, pad } = site.window ?? {}
  if (!described?.geometry)
    throw site.refusal('must have a window that is known', new Verbatim(described?.reason ?? 'none'))
  const { op, axes } = described.geometry
  const taken = pad?.pads
  const input = pad ? site.named(pad.input) : site.input()
  const whole = axes.map((axis, index) => (taken ? takenIn(axis, taken[index]) : axis))
  // The output's size says how much a transposed window crops at its end, which may be less than nothing.
  const isTransposed = op === 'convTranspose'
  const geometry = new Geometry(
    op,
    whole.map((axis) => (isTransposed ? { ...axis, padEnd: Math.max(0, axis.padEnd) } : axis)),
  )
  const least = Math.min(...geometry.axes.flatMap(({ padBegin, padEnd }) => [padBegin, padEnd]))
  if (least < 0) throw site.refusal('must pad by at least 0 cells', least)
  if (axes.length > 3) throw site.refusal('must have one to three spatial axes', axes.length)
  return { geometry, input }
}

/** The same windows over what a Pad reads. */
const takenIn = (axis: Axis, [begin, end]: Pads): Axis => ({
  ...axis,
  input: axis.input - begin - end,
  padBegin: axis.padBegin + begin,
  padEnd: axis.padEnd + end,
})

const convolution = (name: string): RunRow => ({
  name,
  constants: [1, 2],
  lower(site) {
    const { geometry, input } = windowOf(site)
    const { groups } = site.window?.described ?? { groups: 1 }
    const [shape, weights, bias] = [site.shape(), site.input(1), site.optional(2)]
    return site.emit({ kind: 'window', geometry, groups, outChannels: shape[1], weights, bias }, [input], [shape])[0]
  },
})

/** A pool; an average counts padding in its divisor if it is to. */
function pooled(site: Site, countIncludePad?: boolean): GraphValue {
  const { geometry, input } = windowOf(site)
  const shape = site.shape()
  const operation = { kind: 'window', geometry, groups: shape[1], outChannels: shape[1], countIncludePad } as const
  return site.emit(operation, [input], [shape])[0]
}

const maximum: RunRow = {
  name: 'MaxPool',
  lower: (site) => pooled(site),
  refuses: ({ node }) => (node.outputs[1] ? 'gives the places of its maxima' : undefined),
}

const average: RunRow = {
  name: 'AveragePool',
  lower: (site) => pooled(site, site.call.int('count_include_pad') === 1),
}

/** The root of the sum of powers of each window. */
const norm: RunRow = {
  name: 'LpPool',
  lower(site) {
    const { geometry, input } = windowOf(site)
    const [shape, p] = [site.shape(), site.call.int('p') ?? 2]
    const kernel = geometry.axes.map((axis) => axis.kernel)
    const ones = new Float32Array(shape[1] * sizeOf(kernel)).fill(1)
    const weights = site.filled([shape[1], 1, ...kernel], ones)
    const window = { geometry: new Geometry('conv', geometry.axes), groups: shape[1], outChannels: shape[1], weights }
    const sums = site.emit({ kind: 'window', ...window }, [powers(site, input, p)], [shape])[0]
    return rooted(site, sums, p)
  },
}

/** Rows of operators that slide a window. */
export const windows: readonly RunRow[] = [convolution('Conv'), convolution('ConvTranspose'), maximum, average, norm]
