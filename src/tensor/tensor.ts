import { SamepadError, show, Verbatim } from '../geometry/error.ts'
import { checkInteger } from '../geometry/options.ts'

/**
 * What operations return: float32 values in row-major order, and the size of each dimension. Those of a tensor that an
 * operation made are on an `ArrayBuffer`; those that somebody gives it may be on a shared one.
 */
export interface Tensor<Buffer extends ArrayBufferLike = ArrayBufferLike> {
  readonly data: Float32Array<Buffer>
  readonly shape: readonly number[]
}

/** What operations accept: a Tensor, or one that calls its shape `dims`, as those of onnxruntime do. */
export type TensorLike = Tensor | { readonly data: Float32Array; readonly dims: readonly number[] }

/** The order of dimensions: batch, channels, spatial; or batch, spatial, channels. */
export type Layout = 'nchw' | 'nhwc'

/** Both layouts; the first is the default. */
export const layouts: readonly Layout[] = ['nchw', 'nhwc']

/** The most dimensions, as NumPy and PyTorch have it: a length given by mistake is refused before anything loops. */
const MOST_DIMENSIONS = 64

/** Checks a tensor, of sizes of at least `least`, and gives it with its size under the one name `shape`; its data is not copied. */
export function checkTensor(stage: string, what: string, value: unknown, least = 1): Tensor {
  if (typeof value !== 'object' || value === null || !('data' in value)) {
    throw new SamepadError(stage, `${what} must be a tensor { data, shape }`, value)
  }
  const { data, dims, shape: sizes = dims } = value as { data: unknown; shape?: unknown; dims?: unknown }
  if (!(data instanceof Float32Array)) {
    throw new SamepadError(stage, `${what}.data must be a Float32Array`, data)
  }
  const shape = checkShape(stage, what, sizes, least)
  const length = elementsOf(stage, what, shape)
  if (length !== data.length) {
    throw new SamepadError(stage, `${what}.data must have the ${length} elements of shape ${show(shape)}`, data.length)
  }
  return { data, shape }
}

/** The values of a tensor of just this shape; undefined for anything else. What comes again is so checked in no time. */
export function valuesOf(value: unknown, shape: readonly number[]): Float32Array | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { data, dims, shape: sizes = dims } = value as { data?: unknown; shape?: unknown; dims?: unknown }
  if (!(data instanceof Float32Array && Array.isArray(sizes) && sizes.length === shape.length)) return undefined
  let elements = 1
  for (let dimension = 0; dimension < shape.length; dimension++) {
    if (sizes[dimension] !== shape[dimension]) return undefined
    elements *= shape[dimension]
  }
  return data.length === elements ? data : undefined
}

/** Checks an array of sizes, integers of at least `least`. */
export function checkShape(stage: string, what: string, shape: unknown, least: number): readonly number[] {
  if (isShape(shape, least)) return shape.slice()
  if (!Array.isArray(shape)) throw new SamepadError(stage, `${what}.shape must be an array of sizes`, shape)
  if (shape.length > MOST_DIMENSIONS) {
    throw new SamepadError(stage, `${what} must have at most ${MOST_DIMENSIONS} dimensions`, shape.length)
  }
  // Array.from, not map, which leaves out the holes of a sparse list.
  return Array.from(shape, (size, dimension) => checkInteger(stage, `${what}.shape[${dimension}]`, size, least))
}

/** What every right shape passes: texts for messages are put together for wrong ones only. */
function isShape(shape: unknown, least: number): shape is readonly number[] {
  if (!Array.isArray(shape) || shape.length > MOST_DIMENSIONS) return false
  for (let dimension = 0; dimension < shape.length; dimension++) {
    const size = shape[dimension]
    if (!(Number.isSafeInteger(size) && size >= least && size > 0)) return false
  }
  return true
}

/** The number of elements of a shape, which must be exact. */
export function elementsOf(stage: string, what: string, shape: readonly number[]): number {
  const product = shape.includes(0) ? 0 : shape.reduce((elements, size) => elements * size, 1)
  if (product <= Number.MAX_SAFE_INTEGER) return product
  throw new SamepadError(stage, `the product of ${what}.shape must be at most 2^53 - 1`, shape)
}

/** What belongs to each dimension by its meaning: its size, unless said otherwise. */
export interface Dimensions<T = number> {
  readonly batch: T
  readonly channels: T
  /** Outermost first; one to three of them where they are sizes. */
  readonly spatial: readonly T[]
}

/** Reads batch, channels and spatial sizes out of a shape; one to three axes must be spatial. */
export function dimensionsOf(stage: string, what: string, shape: readonly number[], layout: Layout): Dimensions {
  if (shape.length < 3 || shape.length > 5) {
    throw new SamepadError(stage, `${what} must have batch, channels and 1 to 3 spatial dimensions`, shape)
  }
  return fromLayout(shape, layout)
}

/** What belongs to each dimension, out of the order of a layout. */
export function fromLayout<T>(list: readonly T[], layout: Layout): Dimensions<T> {
  return layout === 'nchw'
    ? { batch: list[0], channels: list[1], spatial: list.slice(2) }
    : { batch: list[0], channels: list[list.length - 1], spatial: list.slice(1, -1) }
}

/** What belongs to each dimension, in the order of a layout; of sizes, the shape. */
export function inLayout<T>({ batch, channels, spatial }: Dimensions<T>, layout: Layout): T[] {
  return layout === 'nchw' ? [batch, channels, ...spatial] : [batch, ...spatial, channels]
}

/** New values for a shape, all zero. A shape that no array can hold is an error. */
export function allocate(stage: string, what: string, sizes: readonly number[]): Tensor<ArrayBuffer> {
  const shape = checkShape(stage, what, sizes, 1)
  return { data: numbers(stage, what, Float32Array, elementsOf(stage, what, shape)), shape }
}

/** So many zeros. Everything that grows with the sizes asks for its memory here, and learns here that there is none. */
export function numbers<T>(stage: string, what: string, Kind: new (length: number) => T, length: number): T {
  try {
    return new Kind(length)
  } catch {
    throw new SamepadError(stage, `${what} must fit into memory`, new Verbatim(`${length} elements`))
  }
}
