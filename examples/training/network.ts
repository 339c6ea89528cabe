import {
  type AveragePoolOptions,
  type ConvOptions,
  type Layer,
  type LayerGradient,
  type ProgramTensor,
  prepareAveragePool,
  prepareConv,
  prepareGradient,
  programTensor,
  softmax,
  type Tensor,
  updateLayer,
} from 'samepad'
import { classes, SIDE } from './pictures.ts'

/** A layer as it is asked for: a convolution with the shape of its weights, or a mean, which has none. */
export type ShapeLayer =
  | { readonly name: string; readonly weights: readonly number[]; readonly options: ConvOptions }
  | { readonly name: string; readonly weights?: undefined; readonly options: AveragePoolOptions }

/** Three convolutions with SAME: one with stride, one with dilation, one with stride again; a mean over all cells; and what decides. */
export const layers: readonly ShapeLayer[] = [
  { name: 'stride 2', weights: [8, 1, 5, 5], options: { strides: 2, padding: 'same', activation: 'relu' } },
  { name: 'dilation 2', weights: [16, 8, 3, 3], options: { dilations: 2, padding: 'same', activation: 'relu' } },
  { name: 'stride 2 again', weights: [24, 16, 3, 3], options: { strides: 2, padding: 'same', activation: 'relu' } },
  { name: 'mean', options: { kernel: SIDE / 4 } },
  { name: 'decision', weights: [classes.length, 24, 1, 1], options: {} },
]

/** Weights and a bias, which are learned, with their gradients. */
interface Learned {
  readonly weights: Tensor
  readonly bias: Tensor
  readonly into: { readonly weights: Tensor; readonly bias: Tensor }
}

/** A layer with its gradients, and what of it is learned. */
interface Step {
  readonly layer: Layer
  readonly gradient: LayerGradient
  readonly learned: Learned | undefined
}

/** What a batch of pictures becomes behind each layer, and how the loss changes with each of that: all lie where programs read them. */
interface Buffers {
  readonly values: readonly ProgramTensor[]
  readonly changes: readonly ProgramTensor[]
  readonly probabilities: ProgramTensor
}

/** A small convolutional network, with what it has learned so far. */
export class ShapeNetwork {
  readonly #steps: readonly Step[]
  readonly #adam: Adam
  #buffers: Buffers | undefined

  constructor(chance: () => number) {
    this.#steps = layers.map(({ weights: shape, options }): Step => {
      const learned = shape && learnedOf(shape, chance)
      const layer = learned
        ? prepareConv(learned.weights, { ...options, bias: learned.bias })
        : prepareAveragePool(options as AveragePoolOptions)
      return { layer, gradient: prepareGradient(layer), learned }
    })
    this.#adam = new Adam(
      this.#learned.flatMap(({ weights, bias, into }) => [
        { value: weights, gradient: into.weights },
        { value: bias, gradient: into.bias },
      ]),
    )
  }

  /** Those of the convolutions as they are by now. */
  get weights(): readonly Tensor[] {
    return this.#learned.map(({ weights }) => weights)
  }

  /** The probability of each class, a row for each picture. */
  run(pictures: Tensor): Tensor {
    let values = pictures
    for (const { layer } of this.#steps) values = layer.run(values)
    return softmax(values, { axis: 1 })
  }

  /**
   * Learns from some pictures. From the second batch of a size on nothing is allocated.
   *
   * @returns the loss before: the mean of -log of the probability of each picture's own class
   */
  learn(pictures: Tensor, labels: readonly number[]): number {
    const { values, changes, probabilities } = this.#buffersFor(pictures)
    values[0].data.set(pictures.data)
    this.#steps.forEach(({ layer }, index) => {
      layer.run(values[index], values[index + 1])
    })
    softmax(values[values.length - 1], { axis: 1, output: probabilities })
    const loss = lossOf(probabilities.data, labels, changes[changes.length - 1].data)
    for (let index = this.#steps.length - 1; index >= 0; index--) {
      const { gradient, learned } = this.#steps[index]
      const input = index > 0 ? changes[index] : undefined // nobody asks how the loss changes with pictures
      const into = { input, ...learned?.into }
      gradient.run(values[index], changes[index + 1], { into, output: values[index + 1] })
    }
    this.#adam.step()
    for (const { layer, learned } of this.#steps)
      if (learned) updateLayer(layer, { weights: learned.weights, bias: learned.bias })
    return loss
  }

  get #learned(): readonly Learned[] {
    return this.#steps.flatMap(({ learned }) => learned ?? [])
  }

  /** Those of a batch of this size. */
  #buffersFor({ shape }: Tensor): Buffers {
    const last = this.#buffers
    if (last?.values[0].shape[0] === shape[0]) return last
    for (const tensor of [...(last?.values ?? []), ...(last?.changes ?? [])]) tensor.release()
    last?.probabilities.release()
    const values = [programTensor(shape)]
    for (const [index, { layer }] of this.#steps.entries()) values.push(programTensor(layer.run(values[index]).shape))
    const changes = values.map((tensor) => programTensor(tensor.shape))
    this.#buffers = { values, changes, probabilities: programTensor(values[values.length - 1].shape) }
    return this.#buffers
  }
}

/** Weights by chance, and biases of zero. */
function learnedOf(shape: readonly number[], chance: () => number): Learned {
  const zeros = (shape: readonly number[]): Tensor => {
    return { data: new Float32Array(shape.reduce((product, size) => product * size, 1)), shape }
  }
  const inputs = shape.slice(1).reduce((product, size) => product * size, 1)
  // As He et al. have it: what comes out of a layer is as large as what went in.
  const weights = zeros(shape)
  for (const at of weights.data.keys()) {
    weights.data[at] = (chance() + chance() + chance() - 1.5) * Math.sqrt(8 / inputs)
  }
  const outputs = [shape[0]]
  return { weights, bias: zeros(outputs), into: { weights: zeros(shape), bias: zeros(outputs) } }
}

/**
 * The loss of some probabilities, and how it changes with what softmax was given: by the probabilities, less 1 at each picture's own
 * class.
 */
function lossOf(probabilities: Float32Array, labels: readonly number[], change: Float32Array): number {
  const count = classes.length
  let loss = 0
  for (const [at, probability] of probabilities.entries()) {
    const picture = Math.floor(at / count)
    const isOwn = at % count === labels[picture]
    if (isOwn) loss -= Math.log(Math.max(probability, 1e-9)) / labels.length
    change[at] = (probability - (isOwn ? 1 : 0)) / labels.length
  }
  return loss
}

/** Adam (Kingma and Ba, 2015): steps as long as gradients agree with those before. */
class Adam {
  readonly #learned: readonly { readonly value: Tensor; readonly gradient: Tensor }[]
  readonly #first: readonly Float32Array[]
  readonly #second: readonly Float32Array[]
  #steps = 0

  constructor(learned: readonly { readonly value: Tensor; readonly gradient: Tensor }[]) {
    this.#learned = learned
    this.#first = learned.map(({ value }) => new Float32Array(value.data.length))
    this.#second = learned.map(({ value }) => new Float32Array(value.data.length))
  }

  step(rate = 0.01): void {
    this.#steps++
    const [scale1, scale2] = [1 / (1 - 0.9 ** this.#steps), 1 / (1 - 0.999 ** this.#steps)]
    this.#learned.forEach(({ value: { data }, gradient: { data: gradient } }, index) => {
      const [first, second] = [this.#first[index], this.#second[index]]
      for (let at = 0; at < data.length; at++) {
        first[at] += 0.1 * (gradient[at] - first[at])
        second[at] += 0.001 * (gradient[at] ** 2 - second[at])
        data[at] -= (rate * first[at] * scale1) / (Math.sqrt(second[at] * scale2) + 1e-8)
      }
    })
  }
}
