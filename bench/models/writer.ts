import { type AttributeOf, type ConstantOf, modelBytes, type NodeOf, numbersFrom } from '../../test/graph/onnx-bytes.ts'

/** What a convolution is told beside its sizes; `padding` is that of a window of stride 1 that keeps the size, by default. */
interface ConvolutionOf {
  readonly stride?: number
  readonly groups?: number
  readonly padding?: number
  readonly dilation?: number
  /** Factor of the random weights, which by default keep the size of values through a ReLU. */
  readonly gain?: number
  /** Axes of space. */
  readonly dimensions?: 1 | 2
}

/** Writes a network node by node, with random weights that are the same each time. Every method gives the name of its output. */
export class NetworkWriter {
  readonly #nodes: NodeOf[] = []
  readonly #constants: Record<string, ConstantOf> = {}
  #count = 0

  /** A node with one output. */
  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeOf>> = {}): string {
    return this.nodes(opType, inputs, 1, attributes)[0]
  }

  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, AttributeOf>> = {},
  ): readonly string[] {
    const names = Array.from({ length: outputs }, () => this.#name())
    this.#nodes.push([opType, [...inputs], names, attributes])
    return names
  }

  /** A constant of random numbers from -`size` to `size`, around `mean`. */
  random(shape: readonly number[], size: number, mean = 0): string {
    const name = this.#name()
    const length = shape.reduce((a, b) => a * b, 1)
    this.#constants[name] = { shape, data: numbersFrom(this.#count, length).map((one) => mean + size * one) }
    return name
  }

  numbers(data: readonly number[], shape: readonly number[] = [data.length]): string {
    return this.#constant({ shape, data })
  }

  integers(...data: readonly number[]): string {
    return this.#constant({ shape: [data.length], data, type: 7 })
  }

  #constant(constant: ConstantOf): string {
    const name = this.#name()
    this.#constants[name] = constant
    return name
  }

  conv(x: string, inputs: number, outputs: number, kernel: number, of: ConvolutionOf = {}): string {
    const { stride = 1, groups = 1, dilation = 1, gain = 1, dimensions = 2 } = of
    const each = <T>(value: T): T[] => new Array<T>(dimensions).fill(value)
    const padding = of.padding ?? Math.floor((dilation * (kernel - 1)) / 2)
    const fan = (inputs / groups) * kernel ** dimensions
    const weights = this.random([outputs, inputs / groups, ...each(kernel)], gain * Math.sqrt(6 / fan))
    return this.node('Conv', [x, weights, this.random([outputs], 0.1)], {
      ...{ kernel_shape: each(kernel), strides: each(stride), dilations: each(dilation), group: groups },
      pads: [...each(padding), ...each(padding)],
    })
  }

  convTranspose(x: string, inputs: number, outputs: number, kernel: number, stride: number, dimensions: 1 | 2): string {
    const each = <T>(value: T): T[] => new Array<T>(dimensions).fill(value)
    const padding = (kernel - stride) / 2
    const fan = inputs * (kernel / stride) ** dimensions
    const weights = this.random([inputs, outputs, ...each(kernel)], Math.sqrt(6 / fan))
    return this.node('ConvTranspose', [x, weights, this.random([outputs], 0.1)], {
      ...{ kernel_shape: each(kernel), strides: each(stride), pads: [...each(padding), ...each(padding)] },
    })
  }

  relu(x: string): string {
    return this.node('Relu', [x])
  }

  add(a: string, b: string): string {
    return this.node('Add', [a, b])
  }

  concat(inputs: readonly string[], axis = 1): string {
    return this.node('Concat', inputs, { axis })
  }

  /** A normalization as trained ones are: factors and variances near 1. */
  normalization(x: string, channels: number): string {
    const list = (size: number, mean: number): string => this.random([channels], size, mean)
    return this.node('BatchNormalization', [x, list(0.2, 1), list(0.1, 0), list(0.1, 0.2), list(0.3, 1)])
  }

  pool(kind: 'MaxPool' | 'AveragePool', x: string, kernel: number, stride: number, padding = 0): string {
    const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: new Array(4).fill(padding) }
    return this.node(kind, [x], kind === 'MaxPool' ? attributes : { ...attributes, count_include_pad: 1 })
  }

  /** Means over all cells, and a layer of classes as PyTorch exports it. */
  classes(x: string, channels: number, classes = 1000): string {
    const flat = this.node('Flatten', [this.node('GlobalAveragePool', [x])])
    const weights = this.random([classes, channels], Math.sqrt(3 / channels))
    return this.node('Gemm', [flat, weights, this.random([classes], 0.1)], { transB: 1 })
  }

  /** The model's bytes, with one input `x`. */
  bytes(shape: readonly (number | string)[], outputs: readonly string[]): Uint8Array {
    const named = outputs.map((_, index) => (outputs.length === 1 ? 'y' : `y${index}`))
    outputs.forEach((output, index) => {
      this.#nodes.push(['Identity', [output], [named[index]]])
    })
    return modelBytes({ inputs: { x: shape }, outputs: named, nodes: this.#nodes, constants: this.#constants })
  }

  #name(): string {
    return `v${++this.#count}`
  }
}
