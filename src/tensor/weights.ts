/**
 * The order of the dimensions of a convolution's weights, by the names that WebNN has for them: `o` output channels, `i`
 * input channels of a group, `hw` all dimensions of the kernel, one to three. PyTorch and ONNX have `'oihw'`, TensorFlow,
 * Keras, Flax and TensorFlow.js `'hwio'`, TensorFlow Lite `'ohwi'`, and `'ihwo'` where each channel has its own kernel.
 * `'hwcm'` are TensorFlow's depthwise weights, channels and then multiplier: `groups` are the channels.
 */
export type ConvWeightsLayout = 'oihw' | 'hwio' | 'ohwi' | 'ihwo' | 'hwcm'

/**
 * The same of a transposed convolution: `i` input channels, `o` output channels of a group. PyTorch and ONNX have
 * `'iohw'`, TensorFlow, Keras and TensorFlow.js `'hwoi'`, TensorFlow Lite `'ohwi'`.
 */
export type TransposedWeightsLayout = 'iohw' | 'hwoi' | 'ohwi'

/** The layouts of each kind of convolution; the first is the default. */
export const weightsLayouts = {
  conv: ['oihw', 'hwio', 'ohwi', 'ihwo', 'hwcm'],
  convTranspose: ['iohw', 'hwoi', 'ohwi'],
} as const satisfies { conv: readonly ConvWeightsLayout[]; convTranspose: readonly TransposedWeightsLayout[] }

/** One dimension of channels. */
export interface WeightsDimension {
  /** Its place in the shape, its size, and elements from one to the next. */
  readonly at: number
  readonly size: number
  readonly step: number
}

/** What the shape of weights says in some layout. */
export interface WeightsShape {
  readonly out: WeightsDimension
  readonly in: WeightsDimension
  /** Taps along each axis, and elements from tap to tap of the innermost one. */
  readonly kernel: readonly number[]
  readonly tap: number
}

/** Reads a shape of three to five dimensions. Of depthwise weights `in` is one, and `out` all channels times multipliers. */
export function readWeightsShape(
  shape: readonly number[],
  layout: ConvWeightsLayout | TransposedWeightsLayout,
): WeightsShape {
  const rank = shape.length - 2
  if (layout === 'hwcm') {
    const [channels, multiplier] = shape.slice(rank)
    return readWeightsShape([...shape.slice(0, rank), 1, channels * multiplier], 'hwio')
  }
  const first = layout.indexOf('h')
  const behind = (dimension: number): number => shape.slice(dimension).reduce((product, size) => product * size, 1)
  const dimension = (letter: 'i' | 'o'): WeightsDimension => {
    const place = layout.indexOf(letter)
    const at = place < first ? place : place + rank - 2
    return { at, size: shape[at], step: behind(at + 1) }
  }
  const kernel = shape.slice(first, first + rank)
  return { out: dimension('o'), in: dimension('i'), kernel, tap: behind(first + rank) }
}
