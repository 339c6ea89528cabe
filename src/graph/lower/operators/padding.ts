import type { Fill } from '../../../geometry/fill.ts'
import type { Pads } from '../../../geometry/index.ts'
import { pad } from '../../../run/layers/pad.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import type { RunRow } from './row.ts'

/** ONNX's words for what stands in padding. */
const fillings: Readonly<Record<string, Fill>> = {
  constant: 'constant',
  reflect: 'reflect',
  edge: 'replicate',
  wrap: 'circular',
}

/** A value with channels of one number before and behind its own: joined, so that its own can be written where they stay. */
function widened(site: Site, x: GraphValue, pads: Pads, value: number): GraphValue {
  const [before, behind] = pads.map((channels) => {
    const shape = x.shape.with(1, channels)
    return site.filled(shape, new Float32Array(sizeOf(shape)).fill(value))
  })
  const parts = [before, x, behind].filter(({ shape }) => sizeOf(shape) > 0)
  return site.emit({ kind: 'concat', axis: 1 }, parts, [site.shape()])[0]
}

/** Whether channels that are added are no more than there are. */
const isFew = ([begin, end]: Pads, { shape }: GraphValue): boolean =>
  Math.min(begin, end) >= 0 && begin + end <= shape[1]

/** The operation takes so many dimensions. */
const [FEWEST, MOST] = [3, 5]
const NONE: Pads = [0, 0]

/** A value with cells around it along each axis; what has too few dimensions gets some of one element. */
function enlarged(
  site: Site,
  x: GraphValue,
  shape: readonly number[],
  pads: readonly Pads[],
  { mode, value }: { readonly mode: Fill; readonly value: number },
): GraphValue {
  const missing = new Array<number>(Math.max(0, FEWEST - x.shape.length)).fill(1)
  const detail = `${mode} ${pads.map((pair) => pair.join('+')).join(' ')}`
  const deep = ({ data, shape }: Tensor): Tensor => ({ data, shape: [...missing, ...shape] })
  const run = ([from]: readonly Tensor[], output: Tensor, places: readonly number[]): void => {
    const all = [...missing.map(() => NONE), ...pads.map((_, place) => pads[places.indexOf(place)])]
    pad(deep(from), all, { mode, value, output: deep(output) })
  }
  return site.emitCall('pad', detail, [x], run, shape, { axes: [...x.shape.keys()] })
}

/** Sizes of at most five dimensions: axes of which two stay, while those before, between and behind them are one each. */
function around(axes: readonly number[], shape: readonly number[]): readonly number[] {
  const bounds = [0, ...axes.flatMap((axis) => [axis, axis + 1]), shape.length]
  return bounds.slice(1).map((end, index) => sizeOf(shape.slice(bounds[index], end)))
}

type Enlarge = (x: GraphValue, shape: readonly number[], pads: readonly Pads[]) => GraphValue

/** A value of more dimensions than the operation takes, padded along two of them at a time. */
function byTwos(
  site: Site,
  x: GraphValue,
  pads: readonly Pads[],
  padded: readonly number[],
  step: Enlarge,
): GraphValue {
  const axes = padded.slice(0, 2)
  const wider = x.shape.map((size, axis) => (axes.includes(axis) ? site.shape()[axis] : size))
  const cells = around(axes, x.shape).map((_, index) => (index % 2 === 0 ? NONE : pads[axes[(index - 1) / 2]]))
  const made = site.view(step(site.view(x, around(axes, x.shape)), around(axes, wider), cells), wider)
  return padded.length <= 2 ? made : byTwos(site, made, pads, padded.slice(2), step)
}

/** The row of Pad. */
export const padding: RunRow = {
  name: 'Pad',
  constants: [1, 2, 3],
  refuses: ({ attribute }) => {
    const mode = attribute('mode')?.string ?? 'constant'
    return Object.hasOwn(fillings, mode) ? undefined : `pads by ${mode}`
  },
  lower(site) {
    const x = site.input()
    const rank = x.shape.length
    const mode = fillings[site.call.attribute('mode')?.string ?? 'constant']
    const list = site.integers('pads', 1, site.call.ints('paddings') ?? [])
    const axes = site.axes(site.integers('axes', 3, [...x.shape.keys()]), rank)
    const value = mode === 'constant' ? site.number('value', 2, 0) : 0
    const pads = x.shape.map((_, axis): Pads => {
      const at = axes.indexOf(axis)
      return at < 0 ? NONE : [list[at], list[at + axes.length]]
    })
    const padded = [...pads.keys()].filter((axis) => pads[axis].some((cells) => cells !== 0))
    if (padded.length === 0) return x
    const isOfChannels = padded.length === 1 && padded[0] === 1
    if (mode === 'constant' && isOfChannels && isFew(pads[1], x)) return widened(site, x, pads[1], value)
    const step: Enlarge = (from, to, cells) => enlarged(site, from, to, cells, { mode, value })
    return rank > MOST ? byTwos(site, x, pads, padded, step) : step(x, site.shape(), pads)
  },
}
