// BlazeFace, MediaPipe's short-range face detector, layer by layer.

import {
  type Geometry,
  prepareConv,
  prepareMaxPool,
  programTensor,
  resolve,
  type Safetensors,
  type Tensor,
  transpose,
} from 'samepad'

/** Height and width of the image that the network reads. */
export const INPUT_SIZE = 128

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

/**
 * Loads the network: layers are prepared once, and tensors lie in the memory of programs, where each layer reads what the one
 * before it wrote.
 *
 * @returns runs it on an image [1, 128, 128, 3] with values from -1 to 1; the outputs of a run are overwritten by the next one
 */
export function loadBlazeFace(
  weights: Safetensors,
  { padding }: { readonly padding: StridedPadding },
): (input: Tensor) => Result {
  const image = new FeatureMap(3, 3, INPUT_SIZE)
  const network = new Network(weights, padding)
  const outputs = network.build(image)
  return (input) => {
    transpose(input, [0, 3, 1, 2], { output: image.used })
    for (const step of network.steps) step()
    return { outputs, layers: network.layers }
  }
}

/** Channels of the map that a block makes; the stem makes as many as the first block. */
const widths = [24, 28, 32, 36, 42, 48, 56, 64, 72, 80, 88, 96, 96, 96, 96, 96]
/** The blocks whose depthwise convolution has stride 2. */
const stridedBlocks: readonly number[] = [2, 5, 11]
/** The block behind which the map is 16x16 for the last time. */
const LAST_16 = 10

/** Builds the network: what has to be done in each run, and which layers there are. */
class Network {
  readonly steps: (() => void)[] = []
  readonly layers: Layer[] = []
  readonly #weights: Safetensors
  readonly #padding: StridedPadding

  constructor(weights: Safetensors, padding: StridedPadding) {
    this.#weights = weights
    this.#padding = padding
  }

  build(image: FeatureMap): Outputs {
    let x = new FeatureMap(widths[0], widths[0], INPUT_SIZE / 2)
    this.#convolution('stem', image, x, { strides: 2, activation: 'relu' })
    const maps = widths.map((_, index) => {
      x = this.#block(index, x)
      return x
    })
    const [map16, map8] = [maps[LAST_16], x].map((map) => this.#channelsLast(map))
    return {
      scores16: this.#head('scores16', map16, 1),
      scores8: this.#head('scores8', map8, 1),
      boxes16: this.#head('boxes16', map16, 16),
      boxes8: this.#head('boxes8', map8, 16),
    }
  }

  /** A residual block: what it learned is added to its own input, made to fit. */
  #block(index: number, x: FeatureMap): FeatureMap {
    const name = `blocks.${index}`
    const strides = stridedBlocks.includes(index) ? 2 : 1
    const [width, cells] = [widths[index], x.cells / strides]
    const depthwise = new FeatureMap(x.channels, x.channels, cells)
    this.#convolution(`${name}.depthwise`, x, depthwise, { strides, depthwise: true })
    let shortcut = x
    if (strides === 2) {
      shortcut = new FeatureMap(x.channels, width, cells)
      this.#halve(`${name}.shortcut`, x, shortcut)
    }
    // The next block adds zeros behind the channels of its input, unless it halves that first.
    const room = stridedBlocks.includes(index + 1) ? width : (widths[index + 1] ?? width)
    const result = new FeatureMap(width, room, cells)
    this.#convolution(`${name}.pointwise`, depthwise, result, { residual: shortcut.first(width), activation: 'relu' })
    return result
  }

  #convolution(name: string, x: FeatureMap, y: FeatureMap, options: ConvolutionOptions = {}): void {
    const { strides = 1, depthwise = false, activation, residual } = options
    const filter = this.#weights.get(`${name}.weight`)
    const kernel = filter.shape.slice(2)
    // With stride 1 and an odd kernel SAME is symmetric: the two rules part only where the stride is 2.
    const symmetric = kernel.map((taps) => (taps - 1) / 2)
    const window = { strides, padding: strides === 2 && this.#padding === 'symmetric' ? symmetric : 'same' } as const
    this.layers.push({ name, geometry: resolve({ op: 'conv', input: [x.cells, x.cells], kernel, ...window }) })

    // The depthwise convolutions have no bias; the pointwise ones that follow do.
    const rest = depthwise ? { groups: x.channels } : { bias: this.#weights.get(`${name}.bias`), activation }
    const layer = prepareConv(filter, { ...window, ...rest, residual: residual && 'add-before' })
    this.steps.push(() => layer.run(x.used, y.used, residual))
  }

  #halve(name: string, x: FeatureMap, y: FeatureMap): void {
    const window = { kernel: [2, 2], strides: 2, padding: 'same' } as const
    this.layers.push({ name, geometry: resolve({ op: 'maxPool', input: [x.cells, x.cells], ...window }) })
    const layer = prepareMaxPool(window)
    this.steps.push(() => layer.run(x.used, y.used))
  }

  /** A map with its channels behind the cells. */
  #channelsLast(x: FeatureMap): Tensor {
    const last = inProgramMemory([1, x.cells, x.cells, x.channels])
    this.steps.push(() => transpose(x.used, [0, 2, 3, 1], { output: last }))
    return last
  }

  /** A pointwise convolution, its result cut into a row for each anchor: with channels last no value has to move. */
  #head(name: string, x: Tensor, width: number): Tensor {
    const [, cells] = x.shape
    const filter = this.#weights.get(`heads.${name}.weight`)
    const bias = this.#weights.get(`heads.${name}.bias`)
    const layer = prepareConv(filter, { bias, layout: 'nhwc' })
    const window = { kernel: [1, 1], padding: 'same' } as const
    this.layers.push({ name: `heads.${name}`, geometry: resolve({ op: 'conv', input: [cells, cells], ...window }) })
    const y = inProgramMemory([1, cells, cells, filter.shape[0]])
    this.steps.push(() => layer.run(x, y))
    return seenAs(y, [1, (cells * cells * filter.shape[0]) / width, width])
  }
}

interface ConvolutionOptions {
  readonly strides?: number
  readonly depthwise?: boolean
  readonly activation?: 'relu'
  /** Is added before the activation. */
  readonly residual?: Tensor
}

/**
 * Channels of square images, `[1, channels, cells, cells]`, in memory that has room for more channels behind them. Those stay
 * zero, so that a map with zeros for channels that are missing is the same memory, seen as larger.
 */
class FeatureMap {
  readonly channels: number
  readonly cells: number
  readonly used: Tensor
  readonly #whole: Tensor

  constructor(channels: number, room: number, cells: number) {
    this.channels = channels
    this.cells = cells
    this.#whole = inProgramMemory([1, room, cells, cells])
    this.used = this.first(channels)
  }

  /** So many channels. */
  first(channels: number): Tensor {
    return channels === this.#whole.shape[1] ? this.#whole : seenAs(this.#whole, [1, channels, this.cells, this.cells])
  }
}

/** A tensor in the memory of programs; in an array where there is no WebAssembly. */
function inProgramMemory(shape: readonly number[]): Tensor {
  try {
    return programTensor(shape)
  } catch {
    return { shape, data: new Float32Array(sizeOf(shape)) }
  }
}

/** The first values of a tensor in another shape. They are asked for anew at each use, since program memory may move. */
function seenAs(tensor: Tensor, shape: readonly number[]): Tensor {
  const length = sizeOf(shape)
  let [all, first] = [tensor.data, tensor.data.subarray(0, length)]
  return {
    shape,
    get data() {
      if (tensor.data !== all) [all, first] = [tensor.data, tensor.data.subarray(0, length)]
      return first
    },
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
