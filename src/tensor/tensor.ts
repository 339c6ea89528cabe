import { SamepadError } from '../geometry/index.ts'

/** What operations return: float32 values in row-major order, and the size of each dimension. */
export interface Tensor {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** What operations accept: a Tensor, or one that calls its shape `dims`, as those of onnxruntime do. */
export type TensorLike = Tensor | { readonly data: Float32Array; readonly dims: readonly number[] }

/** The order of dimensions: batch, channels, spatial; or batch, spatial, channels. */
export type Layout = 'nchw' | 'nhwc'

/** Both layouts; the first is the default. */
export const layouts: readonly Layout[] = ['nchw', 'nhwc']

/** Checks a tensor and gives it with its size under the one name `shape`; its data is not copied. */
export function checkTensor(stage: string, what: string, value: unknown): Tensor {
  if (typeof value !== 'object' || value === null || !('data' in value)) {
    throw new SamepadError(stage, `${what} must be a tensor { data, shape }`, value)
  }
  const { data, shape, dims } = value as { data: unknown; shape?: unknown; dims?: unknown }
  const sizes = shape ?? dims
  if (!(data instanceof Float32Array)) {
    throw new SamepadError(stage, `${what}.data must be a Float32Array`, data)
  }
  if (!Array.isArray(sizes)) throw new SamepadError(stage, `${what}.shape must be a list of sizes`, sizes)
  const length = checkedProduct(stage, what, sizes)
  if (length !== data.length) {
    throw new SamepadError(stage, `${what}.data must have the ${length} elements of shape [${sizes}]`, data.length)
  }
  return { data, shape: sizes }
}

/** The number of elements of a shape, whose sizes must be integers of at least 1 with an exact product. */
export function checkedProduct(stage: string, what: string, shape: readonly unknown[]): number {
  let product = 1
  shape.forEach((size, dimension) => {
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 1) {
      throw new SamepadError(stage, `${what}.shape[${dimension}] must be an integer of at least 1`, size)
    }
    product *= size
  })
  if (product > Number.MAX_SAFE_INTEGER) {
    throw new SamepadError(stage, `the product of ${what}.shape must be at most 2^53 - 1`, shape)
  }
  return product
}

/** A tensor's dimensions by their meaning. */
export interface Dimensions {
  readonly batch: number
  readonly channels: number
  /** Outermost first; one to three of them. */
  readonly spatial: readonly number[]
}

/** Reads batch, channels and spatial sizes out of a shape; one to three axes must be spatial. */
export function dimensionsOf(stage: string, what: string, shape: readonly number[], layout: Layout): Dimensions {
  if (shape.length < 3 || shape.length > 5) {
    throw new SamepadError(stage, `${what} must have batch, channels and 1 to 3 spatial dimensions`, [...shape])
  }
  return layout === 'nchw'
    ? { batch: shape[0], channels: shape[1], spatial: shape.slice(2) }
    : { batch: shape[0], channels: shape[shape.length - 1], spatial: shape.slice(1, -1) }
}

/** The shape of dimensions in a layout. */
export function shapeOf({ batch, channels, spatial }: Dimensions, layout: Layout): number[] {
  return layout === 'nchw' ? [batch, channels, ...spatial] : [batch, ...spatial, channels]
}

/** New values for a shape, all zero. A shape that no array can hold is an error. */
export function allocate(stage: string, shape: readonly number[]): Tensor {
  const length = checkedProduct(stage, 'output', shape)
  try {
    return { data: new Float32Array(length), shape }
  } catch {
    throw new SamepadError(stage, 'the output must fit into memory', `${length} elements`)
  }
}
