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

/** What the shape of weights says in some layout. */
export interface WeightsShape {
  /** Taps along each axis. */
  readonly kernel: readonly number[]
  /** Sizes of both dimensions of channels. */
  readonly in: number
  readonly out: number
  /** Elements from one input channel, output channel or tap to the next. */
  readonly steps: { readonly in: number; readonly out: number; readonly tap: number }
  /** Of depthwise weights the channels, each with a kernel of its own. */
  readonly depthwise: number | undefined
  /** Which dimension has the input channels. */
  readonly at: number
}

/** Reads a shape of three to five dimensions. Of depthwise weights `in` is one, and `out` all channels times multipliers. */
export function readWeightsShape(
  shape: readonly number[],
  layout: ConvWeightsLayout | TransposedWeightsLayout,
): WeightsShape {
  const rank = shape.length - 2
  const depthwise = layout === 'hwcm' ? shape[rank] : undefined
  const sizes = depthwise === undefined ? shape : [...shape.slice(0, rank), 1, depthwise * shape[rank + 1]]
  const letters = depthwise === undefined ? layout : 'hwio'
  const first = letters.indexOf('h')
  const place = (letter: string): number => {
    const at = letters.indexOf(letter)
    return at < first ? at : at + rank - 2
  }
  const behind = (dimension: number): number => sizes.slice(dimension + 1).reduce((product, size) => product * size, 1)
  const [i, o] = [place('i'), place('o')]
  return {
    ...{ kernel: sizes.slice(first, first + rank), in: sizes[i], out: sizes[o], depthwise, at: i },
    steps: { in: behind(i), out: behind(o), tap: behind(first + rank - 1) },
  }
}
