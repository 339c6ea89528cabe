// BlazeFace, MediaPipe's short-range face detector, layer by layer.

import {
  type Geometry,
  type Layer as Prepared,
  pad,
  prepareConv,
  prepareMaxPool,
  resolve,
  type Safetensors,
  type Tensor,
} from 'samepad'

/** Height and width of the image that the network reads. */
export const INPUT_SIZE = 128

/** Tensors are [batch, height, width, channels], as in TensorFlow, where the network was trained. */
const layout = 'nhwc'

/**
 * How the convolutions with stride 2 pad: `same` as they were trained, or `symmetric` with (kernel - 1) / 2 on both
 * sides, as `padding=1` does for a 3x3 kernel in PyTorch. Both give the same shapes.
 */
export type StridedPadding = 'same' | 'symmetric'

/** A layer that slides a window, and where the window's padding went. */
export interface Layer {
  readonly name: string
  readonly geometry: Geometry
}

/**
 * Raw outputs, with a row for each anchor: 512 on the 16x16 map (two in a cell) and 384 on the 8x8 map (six in a cell).
 * Scores are logits, [1, anchors, 1]. Boxes are [1, anchors, 16]: the centre's x and y, width, height, then x and y of
 * six keypoints, in pixels of the input, all points counted from the anchor.
 */
export type Outputs = Readonly<Record<'scores16' | 'scores8' | 'boxes16' | 'boxes8', Tensor>>

/** What a run gives: raw outputs, and the layers in the order in which they ran. */
export interface Result {
  readonly outputs: Outputs
  readonly layers: readonly Layer[]
}

/** Loads the network; what it returns runs it on an image [1, 128, 128, 3] with values from -1 to 1. */
export function loadBlazeFace(
  weights: Safetensors,
  { padding }: { readonly padding: StridedPadding },
): (input: Tensor) => Result {
  const prepared = new Map<string, Prepared>()
  return (input) => runBlazeFace(weights, input, padding, prepared)
}

function runBlazeFace(
  weights: Safetensors,
  input: Tensor,
  padding: StridedPadding,
  prepared: Map<string, Prepared>,
): Result {
  const layers: Layer[] = []

  /** A layer is prepared when it runs first: its weights are packed once, for all runs. */
  function once(name: string, prepare: () => Prepared): Prepared {
    const layer = prepared.get(name) ?? prepare()
    prepared.set(name, layer)
    return layer
  }

  function convolution(x: Tensor, name: string, options: ConvolutionOptions = {}): Tensor {
    const { strides = 1, depthwise = false, activation } = options
    const filter = weights.get(`${name}.weight`)
    const kernel = filter.shape.slice(2)
    // With stride 1 and an odd kernel SAME is symmetric: the two rules part only where the stride is 2.
    const symmetric = kernel.map((taps) => (taps - 1) / 2)
    const window = { strides, padding: strides === 2 && padding === 'symmetric' ? symmetric : 'same' } as const
    layers.push({ name, geometry: resolve({ op: 'conv', input: spatial(x), kernel, ...window }) })

    // The depthwise convolutions have no bias; the pointwise ones that follow do.
    const rest = depthwise ? { groups: channels(x) } : { bias: weights.get(`${name}.bias`), activation }
    return once(name, () => prepareConv(filter, { ...window, layout, ...rest })).run(x)
  }

  function halve(x: Tensor, name: string): Tensor {
    const window = { kernel: [2, 2], strides: 2, padding: 'same' } as const
    layers.push({ name, geometry: resolve({ op: 'maxPool', input: spatial(x), ...window }) })
    return once(name, () => prepareMaxPool({ ...window, layout })).run(x)
  }

  /** A residual block: what it learned is added to its own input, made to fit. */
  function block(x: Tensor, index: number): Tensor {
    const name = `blocks.${index}`
    const strides = stridedBlocks.includes(index) ? 2 : 1
    const depthwise = convolution(x, `${name}.depthwise`, { strides, depthwise: true })
    const learned = convolution(depthwise, `${name}.pointwise`)
    const shortcut = strides === 2 ? halve(x, `${name}.shortcut`) : x
    return addAndRelu(learned, widen(shortcut, channels(learned)))
  }

  /** A pointwise convolution, its result cut into a row for each anchor: in this layout no value has to move. */
  function head(x: Tensor, name: string, width: number): Tensor {
    const { data } = convolution(x, `heads.${name}`)
    return { data, shape: [1, data.length / width, width] }
  }

  let x = convolution(input, 'stem', { strides: 2, activation: 'relu' })
  for (let index = 0; index <= 10; index++) x = block(x, index)
  const map16 = x
  for (let index = 11; index <= 15; index++) x = block(x, index)
  const map8 = x

  const outputs = {
    scores16: head(map16, 'scores16', 1),
    scores8: head(map8, 'scores8', 1),
    boxes16: head(map16, 'boxes16', 16),
    boxes8: head(map8, 'boxes8', 16),
  }
  return { outputs, layers }
}

interface ConvolutionOptions {
  readonly strides?: number
  readonly depthwise?: boolean
  readonly activation?: 'relu'
}

/** The blocks whose depthwise convolution has stride 2. */
const stridedBlocks: readonly number[] = [2, 5, 11]

const spatial = ({ shape }: Tensor): number[] => shape.slice(1, 3)
const channels = ({ shape }: Tensor): number => shape[3]

/** max(a + b, 0), cell by cell. */
function addAndRelu(a: Tensor, b: Tensor): Tensor {
  const data = new Float32Array(a.data.length)
  for (let index = 0; index < data.length; index++) data[index] = Math.max(0, a.data[index] + b.data[index])
  return { data, shape: a.shape }
}

/** Appends channels of zeros. */
function widen(x: Tensor, width: number): Tensor {
  if (channels(x) === width) return x
  const none = [0, 0] as const
  return pad(x, [none, none, none, [0, width - channels(x)]], { layout })
}
