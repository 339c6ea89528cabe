import { type ConvOptions, conv, convGradient, reduce, softmax, type Tensor } from 'samepad'
import { classes } from './pictures.ts'

/** Weights and a bias, which are learned. */
interface Learned {
  readonly weights: Tensor
  readonly bias: Tensor
}

/** Three convolutions with SAME: one with stride, one with dilation, one with stride again; then a layer that decides. */
const layers: readonly { readonly shape: readonly number[]; readonly options: ConvOptions }[] = [
  { shape: [8, 1, 5, 5], options: { strides: 2, padding: 'same', activation: 'relu' } },
  { shape: [16, 8, 3, 3], options: { dilations: 2, padding: 'same', activation: 'relu' } },
  { shape: [24, 16, 3, 3], options: { strides: 2, padding: 'same', activation: 'relu' } },
]

/** A small convolutional network, with what it has learned so far. */
export class ShapeNetwork {
  readonly #layers: readonly Learned[]
  readonly #last: Learned
  readonly #adam: Adam

  constructor(chance: () => number) {
    const learned = (shape: readonly number[]): Learned => {
      const inputs = shape.slice(1).reduce((product, size) => product * size, 1)
      const length = shape[0] * inputs
      // As He et al. have it: what comes out of a layer is as large as what went in.
      const data = Float32Array.from({ length }, () => (chance() + chance() + chance() - 1.5) * Math.sqrt(8 / inputs))
      return { weights: { data, shape }, bias: { data: new Float32Array(shape[0]), shape: [shape[0]] } }
    }
    this.#layers = layers.map(({ shape }) => learned(shape))
    this.#last = learned([classes.length, 24, 1])
    this.#adam = new Adam([...this.#layers, this.#last].flatMap(({ weights, bias }) => [weights, bias]))
  }

  /** The probability of each class, a row for each picture. */
  run(pictures: Tensor): Tensor {
    return this.#forward(pictures).probabilities
  }

  /**
   * Learns from some pictures.
   *
   * @returns the loss before: the mean of -log of the probability of each picture's own class
   */
  learn(pictures: Tensor, labels: readonly number[]): number {
    const { values, means, probabilities } = this.#forward(pictures)
    const count = classes.length
    let loss = 0
    // The gradient of what softmax was given: the probabilities, less 1 at the picture's own class.
    const change = { data: probabilities.data.slice(), shape: [labels.length, count, 1] }
    labels.forEach((label, picture) => {
      loss -= Math.log(Math.max(probabilities.data[picture * count + label], 1e-9)) / labels.length
      change.data[picture * count + label] -= 1
    })
    for (let index = 0; index < change.data.length; index++) change.data[index] /= labels.length
    const last = convGradient(means, this.#last.weights, change, {})
    const gradients = [last.bias, last.weights]
    let behind: Tensor = spread(last.input, values[values.length - 1].shape)
    for (let layer = layers.length - 1; layer >= 0; layer--) {
      const { weights, bias } = this.#layers[layer]
      const found = convGradient(values[layer], weights, behind, { ...layers[layer].options, bias })
      gradients.push(found.bias, found.weights)
      behind = found.input
    }
    this.#adam.step(gradients.reverse())
    return loss
  }

  /** What every layer was given and gave, the means over all cells, and the probabilities. */
  #forward(pictures: Tensor): { readonly values: Tensor[]; readonly means: Tensor; readonly probabilities: Tensor } {
    const values = [pictures]
    this.#layers.forEach(({ weights, bias }, layer) => {
      values.push(conv(values[layer], weights, { ...layers[layer].options, bias }))
    })
    const { data, shape } = reduce(values[values.length - 1], 'mean', { axes: [2, 3] })
    const means = { data, shape: [...shape, 1] }
    const decided = conv(means, this.#last.weights, { bias: this.#last.bias })
    return { values, means, probabilities: softmax(decided, { axis: 1 }) }
  }
}

/** The gradient of a mean over cells: each cell has its share. */
function spread(gradient: Tensor, shape: readonly number[]): Tensor {
  const cells = shape[2] * shape[3]
  const data = new Float32Array(gradient.data.length * cells)
  for (const [index, value] of gradient.data.entries()) data.fill(value / cells, index * cells, (index + 1) * cells)
  return { data, shape }
}

/** Adam (Kingma and Ba, 2015): steps as long as gradients agree with those before. */
class Adam {
  readonly #learned: readonly Tensor[]
  readonly #first: readonly Float32Array[]
  readonly #second: readonly Float32Array[]
  #steps = 0

  constructor(learned: readonly Tensor[]) {
    this.#learned = learned
    this.#first = learned.map(({ data }) => new Float32Array(data.length))
    this.#second = learned.map(({ data }) => new Float32Array(data.length))
  }

  step(gradients: readonly Tensor[], rate = 0.01): void {
    this.#steps++
    const [scale1, scale2] = [1 / (1 - 0.9 ** this.#steps), 1 / (1 - 0.999 ** this.#steps)]
    this.#learned.forEach(({ data }, index) => {
      const [gradient, first, second] = [gradients[index].data, this.#first[index], this.#second[index]]
      for (let at = 0; at < data.length; at++) {
        first[at] += 0.1 * (gradient[at] - first[at])
        second[at] += 0.001 * (gradient[at] ** 2 - second[at])
        data[at] -= (rate * first[at] * scale1) / (Math.sqrt(second[at] * scale2) + 1e-8)
      }
    })
  }
}
