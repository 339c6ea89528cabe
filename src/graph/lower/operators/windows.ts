import { Verbatim } from '../../../geometry/error.ts'
import { type Axis, Geometry, type Pads } from '../../../geometry/index.ts'
import { denseSteps } from '../../../tensor/dense.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import { repeated, transposed } from './moving.ts'
import { powers, rooted } from './reducing.ts'
import type { RunRow } from './row.ts'

/** The window of a node where it lies, with the Pad before it taken in, and what it then reads. */
function windowOf(site: Site): { readonly geometry: Geometry; readonly input: GraphValue } {
  const { described, pad } = site.window ?? {}
  const input = pad ? site.named(pad.input) : site.input()
  if (input.shape.slice(2).includes(0))
    throw site.refusal('must read at least one cell along each axis', [...input.shape])
  if (!described?.geometry)
    throw site.refusal('must have a window that is known', new Verbatim(described?.reason ?? 'none'))
  const { op } = described.geometry
  const whole = pad
    ? described.geometry.axes.map((axis, index) => takenIn(axis, pad.pads[index]))
    : described.geometry.axes
  // The output's size says how much a transposed window crops at its end, which may be less than nothing.
  const axes = op === 'convTranspose' ? whole.map((axis) => ({ ...axis, padEnd: Math.max(0, axis.padEnd) })) : whole
  const geometry = axes === described.geometry.axes ? described.geometry : new Geometry(op, axes)
  const least = axes.reduce((least, { padBegin, padEnd }) => Math.min(least, padBegin, padEnd), 0)
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
    if (groups === 1 && shape[1] < FEW && isApart(geometry)) return inBlocks(site, geometry, input)
    return site.emit({ kind: 'window', geometry, groups, outChannels: shape[1], weights, bias }, [input], [shape])[0]
  },
})

/** With fewer channels than a vector has lanes most lanes of a transposed convolution would be idle. */
const FEW = 4

/** Whether each input cell of a transposed convolution has a block of outputs to itself. */
const isApart = ({ op, axes }: Geometry): boolean =>
  op === 'convTranspose' &&
  axes.every(({ input, output, kernel, stride, dilation, padBegin }) => {
    return kernel === stride && (kernel === 1 || dilation === 1) && padBegin === 0 && output === input * stride
  })

/** The same as a convolution of one tap, which makes the outputs of a block as channels, and these brought to their places. */
function inBlocks(site: Site, { axes }: Geometry, input: GraphValue): GraphValue {
  const [shape, weights, bias] = [site.shape(), site.input(1), site.optional(2)]
  const [batch, channels] = shape
  const kernel = axes.map((axis) => axis.kernel)
  const outChannels = sizeOf(kernel) * channels
  const ones = axes.map(() => 1)
  const byCell = transposed(site, weights, [...axes.map((_, axis) => axis + 2), 1, 0])
  const operation = {
    ...({ kind: 'window', groups: 1, outChannels } as const),
    geometry: new Geometry(
      'conv',
      axes.map((axis) => ({ ...axis, kernel: 1, stride: 1, output: axis.input })),
    ),
    weights: site.view(byCell, [outChannels, input.shape[1], ...ones]),
    bias: bias && repeated(site, bias, sizeOf(kernel)),
  } as const
  const cells = axes.map((axis) => axis.input)
  const [blocks] = site.emit(operation, [input], [[batch, outChannels, ...cells]])
  const parts = site.view(blocks, [batch, ...kernel, channels, ...cells])
  const rank = axes.length
  const places = axes.flatMap((_, axis) => [rank + 2 + axis, 1 + axis])
  return site.view(transposed(site, parts, [0, rank + 1, ...places]))
}

/** A pool; an average counts padding in its divisor if it is to. */
function pooled(site: Site, countIncludePad?: boolean): GraphValue {
  const { geometry, input } = windowOf(site)
  const shape = site.shape()
  const operation = { kind: 'window', geometry, groups: shape[1], outChannels: shape[1], countIncludePad } as const
  return site.emit(operation, [input], [shape])[0]
}

/** Maxima, and where each was found among all elements; of equal ones the first. */
const maximum: RunRow = {
  name: 'MaxPool',
  lower(site) {
    if (!site.call.node.outputs[1]) return pooled(site)
    const { geometry, input } = windowOf(site)
    const [sizes, shape] = [input.shape.slice(2), site.shape()]
    const isTurned = site.call.int('storage_order') === 1
    const cells = sizeOf(sizes)
    const steps = denseSteps(sizes)
    const named = isTurned ? sizes.map((_, axis) => sizeOf(sizes.slice(0, axis))) : steps
    const outputs = denseSteps(shape.slice(2))
    const windows = sizeOf(shape.slice(2))
    const run = ([{ data }]: readonly Tensor[], [maxima, places]: readonly Tensor[]): void => {
      for (let at = 0; at < maxima.data.length; at++) {
        const begin = Math.floor(at / windows) * cells
        let [best, place] = [Number.NEGATIVE_INFINITY, 0]
        const look = (axis: number, from: number, name: number): void => {
          if (axis === sizes.length) {
            if (data[from] > best) [best, place] = [data[from], name]
            return
          }
          const { kernel, stride, dilation, padBegin } = geometry.axes[axis]
          const first = (Math.floor((at % windows) / outputs[axis]) % shape[axis + 2]) * stride - padBegin
          const end = Math.min(kernel, Math.ceil((sizes[axis] - first) / dilation))
          for (let tap = Math.max(0, Math.ceil(-first / dilation)); tap < end; tap++) {
            const cell = first + tap * dilation
            look(axis + 1, from + cell * steps[axis], name + cell * named[axis])
          }
        }
        look(0, begin, begin)
        maxima.data[at] = best
        places.data[at] = place
      }
    }
    return site.emit({ kind: 'call', name: 'maxPool', detail: 'with places', run }, [input], [shape, shape])
  },
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
