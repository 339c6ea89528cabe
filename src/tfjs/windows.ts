import { effectiveKernel } from '../geometry/axis.ts'
import { type Axis, type Geometry, type Pads, resolve, SamepadError, taps } from '../geometry/index.ts'
import type { Problem } from '../reference/problem.ts'
import type { Dimensions, Layout } from '../tensor/tensor.ts'
import { dimensionsOf } from '../tensor/tensor.ts'
import type { KernelAttributes } from './library.ts'

/** How a window slides, in the words of the library. */
interface SlidingWindow {
  readonly op: 'conv' | 'maxPool' | 'averagePool'
  readonly input: readonly number[]
  readonly kernel: readonly number[]
}

/** The order of dimensions of a kernel's tensors. */
export function layoutOf({ dataFormat }: KernelAttributes): Layout {
  return dataFormat === 'NCHW' || dataFormat === 'NCDHW' || dataFormat === 'NCW' ? 'nchw' : 'nhwc'
}

/** Batch, channels and sizes of a shape, in the layout that attributes name. */
export function sizesOf(shape: readonly number[], layout: Layout): Dimensions {
  return dimensionsOf('accelerate', 'a tensor', shape, layout)
}

/** What attributes say of a window, worked out; undefined where samepad has no such window. */
export function geometryOf({ op, input, kernel }: SlidingWindow, attrs: KernelAttributes): Geometry | undefined {
  const rank = input.length
  const padding = paddingOf(attrs, rank)
  if (padding === undefined) return undefined
  const { strides, dilations } = attrs
  const window = {
    ...{ op, input, kernel },
    ...{ strides: numbersOf(strides, rank), dilations: numbersOf(dilations ?? 1, rank) },
  }
  try {
    const geometry = resolve({ ...window, padding })
    if (!isRoundedUp(attrs)) return geometry
    const rounding = attrs.dimRoundingMode as 'round' | 'ceil'
    return resolve({ ...window, padding: geometry.axes.map((axis) => roundedUp(axis, rounding)) })
  } catch (error) {
    if (error instanceof SamepadError) return undefined
    throw error
  }
}

/** `'same'`, `'valid'`, a number for all sides, or for two axes pairs of all four dimensions. */
function paddingOf(
  { pad, dataFormat }: KernelAttributes,
  rank: number,
): 'same' | 'valid' | readonly Pads[] | undefined {
  if (pad === 'same' || pad === 'valid') return pad
  if (typeof pad === 'number') return Array.from({ length: rank }, () => [pad, pad] as const)
  if (!Array.isArray(pad) || pad.length !== rank + 2) return undefined
  const first = layoutOf({ dataFormat }) === 'nchw' ? 2 : 1
  return pad.slice(first, first + rank) as unknown as readonly Pads[]
}

/** A number stands for all axes; of the library's lists the first are meant. */
function numbersOf(value: unknown, rank: number): number | number[] {
  return Array.isArray(value) ? value.slice(0, rank) : (value as number)
}

/** Whether there may be more windows than those that fit. */
const isRoundedUp = ({ dimRoundingMode, pad }: KernelAttributes): boolean =>
  typeof pad !== 'string' && (dimRoundingMode === 'round' || dimRoundingMode === 'ceil')

/** Padding with which one more window fits at the end, where that is what rounding says. */
function roundedUp(axis: Axis, rounding: 'round' | 'ceil'): Pads {
  const left = (axis.input + axis.padBegin + axis.padEnd - effectiveKernel(axis)) % axis.stride
  const more = Math[rounding](left / axis.stride)
  return [axis.padBegin, axis.padEnd + more * (axis.stride - left)]
}

/**
 * Whether the library gives another answer than TensorFlow: a stride beyond the kernel makes SAME padding negative, a number
 * of padding is taken with the kernel and stride of the height for the width too, and where more windows are asked for than fit, the
 * backend of WebAssembly reads what lies behind the input.
 */
export function isFault({ axes }: Geometry, attrs: KernelAttributes): boolean {
  const { pad } = attrs
  if (isRoundedUp(attrs)) return true
  if (pad === 'same') return axes.some((axis) => axis.stride > effectiveKernel(axis))
  if (typeof pad !== 'number' || axes.length !== 2) return false
  const [height, width] = axes
  return height.stride !== width.stride || effectiveKernel(height) !== effectiveKernel(width)
}

/** Whether every window has a real cell along each axis. */
function hasCells({ axes }: Geometry): boolean {
  return axes.every((axis) =>
    Array.from({ length: axis.output }, (_, output) => taps(axis, output)).every(({ begin, end }) => begin < end),
  )
}

/** A pooling of channels that do not see each other. */
export function poolProblem(
  op: 'maxPool' | 'averagePool',
  shape: readonly number[],
  attrs: KernelAttributes,
): Problem | undefined {
  const layout = layoutOf(attrs)
  const { batch, channels, spatial } = sizesOf(shape, layout)
  const kernel = numbersOf(attrs.filterSize, spatial.length)
  const geometry = geometryOf(
    { op, input: spatial, kernel: typeof kernel === 'number' ? spatial.map(() => kernel) : kernel },
    attrs,
  )
  if (!geometry || !hasCells(geometry)) return undefined
  return { geometry, batch, inChannels: channels, outChannels: channels, groups: channels, layout }
}
