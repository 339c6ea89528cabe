import { layers, ShapeNetwork } from '../../examples/training/network.ts'
import { classes, drawPictures, random } from '../../examples/training/pictures.ts'
import type { Untyped } from '../engines/packages.ts'
import { type Budget, interleave } from '../interleave.ts'

/** A step of examples/training on a batch of 32 pictures, and its forward part, in milliseconds. */
export interface Training {
  readonly samepad: Times
  readonly cpu: Times
  readonly wasm: Pick<Times, 'forward'>
  /** The largest difference of a probability, of the forward parts before anything was learned. */
  readonly apart: number
}

interface Times {
  readonly step: number
  readonly forward: number
}

const BATCH = 32

/** samepad's step beside that of TensorFlow.js in plain JavaScript, and the forward part beside its WebAssembly too. */
export async function measureTraining(tf: Untyped, budget: Budget): Promise<Training> {
  const chance = random(7)
  const network = new ShapeNetwork(chance)
  const { x, labels } = drawPictures(BATCH, chance)
  const weights = network.weights.map(({ data, shape }) => ({ data: data.slice(), shape }))
  const own = network.run(x).data.slice()
  const forwards: Record<'cpu' | 'wasm', number> = { cpu: 0, wasm: 0 }
  let apart = 0
  for (const backend of ['cpu', 'wasm'] as const) {
    await tf.setBackend(backend)
    const theirs = new TfjsNetwork(tf, weights)
    const pictures = tf.tensor(x.data, [BATCH, x.shape[2], x.shape[3], 1])
    const found: Float32Array = tf.tidy(() => tf.softmax(theirs.run(pictures, true)).dataSync())
    for (const [index, value] of found.entries()) apart = Math.max(apart, Math.abs(value - own[index]))
    const forward = (): void => tf.tidy(() => tf.softmax(theirs.run(pictures, true)).dataSync())
    ;[forwards[backend]] = await interleave([forward], budget)
  }
  await tf.setBackend('cpu')
  const [step, forward] = await interleave([() => network.learn(x, labels), () => network.run(x)], budget)
  return {
    samepad: { step, forward },
    cpu: { step: await tfjsStep(tf, weights, x.data, labels), forward: forwards.cpu },
    wasm: { forward: forwards.wasm },
    apart,
  }
}

/** The second of two steps, in milliseconds: each takes seconds. */
async function tfjsStep(
  tf: Untyped,
  weights: readonly Weights[],
  data: Float32Array,
  labels: readonly number[],
): Promise<number> {
  const theirs = new TfjsNetwork(tf, weights)
  const side = Math.sqrt(data.length / BATCH)
  const pictures = tf.tensor(data, [BATCH, side, side, 1])
  const answers = tf.oneHot(tf.tensor1d([...labels], 'int32'), classes.length)
  const adam = tf.train.adam(0.01)
  // Without dilation, whose gradient the library refuses.
  const step = (): void => {
    const loss = adam.minimize(() => tf.losses.softmaxCrossEntropy(answers, theirs.run(pictures, false)), true)
    loss.dataSync()
    loss.dispose()
  }
  step()
  const start = performance.now()
  step()
  return performance.now() - start
}

interface Weights {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** The network of examples/training in TensorFlow.js, channels last. */
class TfjsNetwork {
  readonly #tf: Untyped
  readonly #learned: readonly { readonly filter: Untyped; readonly bias: Untyped }[]

  constructor(tf: Untyped, weights: readonly Weights[]) {
    this.#tf = tf
    this.#learned = weights.map(({ data, shape }) => ({
      filter: tf.variable(tf.transpose(tf.tensor(data, shape), [2, 3, 1, 0])),
      bias: tf.variable(tf.zeros([shape[0]])),
    }))
  }

  /** @returns the logits, a row for each picture */
  run(pictures: Untyped, isDilated: boolean): Untyped {
    const tf = this.#tf
    let values = pictures
    let next = 0
    for (const { weights, options } of layers) {
      if (!weights) {
        values = tf.mean(values, [1, 2], true)
        continue
      }
      const { filter, bias } = this.#learned[next++]
      const {
        strides = 1,
        dilations = 1,
        activation,
      } = options as {
        readonly strides?: number
        readonly dilations?: number
        readonly activation?: string
      }
      const sums = tf.add(tf.conv2d(values, filter, strides, 'same', 'NHWC', isDilated ? dilations : 1), bias)
      values = activation === 'relu' ? tf.relu(sums) : sums
    }
    return tf.reshape(values, [-1, classes.length])
  }
}
