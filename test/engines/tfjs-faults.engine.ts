import { afterAll, describe, expect, it } from 'vitest'
import { accelerate, stopAccelerating } from '../../src/tfjs.ts'
import { bothWays, libraryOn, type Untyped } from './tfjs-accelerated.ts'

afterAll(stopAccelerating)

/** A call that the library answers wrongly, TensorFlow's answer, and on which backends the library's is another. */
interface Fault {
  readonly name: string
  readonly call: (tf: Untyped) => Untyped
  readonly answer: readonly number[]
  readonly wrongOn: readonly string[]
}

const counted = (tf: Untyped, shape: readonly number[]): Untyped =>
  tf.reshape(tf.range(0, tf.util.sizeFromShape(shape)), shape)

const faults: readonly Fault[] = [
  {
    name: 'slopes of prelu for each row',
    call: (tf) => tf.prelu(tf.fill([2, 4096], -1), tf.tensor([[2], [3]])).slice([0, 4095], [2, 1]),
    answer: [-2, -3],
    wrongOn: ['wasm'],
  },
  {
    name: 'batchNorm by means of each row',
    call: (tf) => {
      const x = tf.zeros([1, 2, 1, 4096])
      const means = tf.tensor([-2, -3], [1, 2, 1, 1])
      return tf.batchNorm(x, means, tf.ones([1, 1, 1, 1]), undefined, undefined, 0).slice([0, 0, 0, 1], [1, 2, 1, 1])
    },
    answer: [2, 3],
    wrongOn: ['wasm', 'cpu'],
  },
  {
    name: 'a strided slice of one cell of a dimension and every second one of another',
    call: (tf) =>
      tf.stridedSlice(counted(tf, [2, 9, 4096]), [1, 1], [2, 5], [1, 2], 0, 0, 0, 0, 1).slice([0, 0], [2, 1]),
    answer: [10 * 4096, 12 * 4096],
    wrongOn: ['wasm', 'cpu'],
  },
  {
    name: 'conv3d, SAME, a stride beyond the kernel',
    call: (tf) => tf.conv3d(counted(tf, [1, 1, 1, 4, 1]), tf.ones([1, 1, 1, 1, 1]), [1, 1, 2], 'same'),
    answer: [0, 2],
    wrongOn: ['wasm', 'cpu'],
  },
  {
    name: 'maxPool3d, SAME, a stride beyond the kernel',
    call: (tf) => tf.maxPool3d(counted(tf, [1, 1, 1, 4, 1]), 1, [1, 1, 2], 'same'),
    answer: [0, 2],
    wrongOn: ['wasm', 'cpu'],
  },
  {
    name: 'avgPool3d, SAME, a stride beyond the kernel',
    call: (tf) => tf.avgPool3d(counted(tf, [1, 1, 1, 5, 1]), 1, [1, 1, 3], 'same'),
    answer: [0, 3],
    wrongOn: ['wasm', 'cpu'],
  },
  {
    name: 'conv2d, SAME, a stride beyond the kernel',
    call: (tf) => tf.conv2d(counted(tf, [1, 1, 9, 1]), tf.ones([1, 2, 1, 1]), [1, 3], 'same'),
    answer: [1, 7, 13],
    wrongOn: ['wasm'],
  },
  {
    name: 'conv2d, a number of padding, unequal kernels',
    call: (tf) => tf.conv2d(tf.ones([1, 2, 4, 1]), tf.ones([1, 3, 1, 1]), 1, 1),
    answer: [0, 0, 0, 0, 2, 3, 3, 2, 2, 3, 3, 2, 0, 0, 0, 0],
    wrongOn: ['wasm', 'cpu'],
  },
  {
    name: 'maxPool, more windows than fit',
    call: (tf) => tf.maxPool(counted(tf, [1, 6, 6, 1]), 3, 2, 0, 'ceil'),
    answer: [14, 16, 17, 26, 28, 29, 32, 34, 35],
    wrongOn: ['wasm'],
  },
  {
    name: 'the gradient of avgPool where windows overlap padding',
    call: (tf) => tf.grad((x: Untyped) => tf.sum(tf.avgPool(x, [1, 2], 1, 'same')))(tf.ones([1, 1, 3, 1])),
    answer: [0.5, 1, 1.5],
    wrongOn: ['wasm', 'cpu'],
  },
]

describe.each(['wasm', 'cpu'] as const)('on the backend %s', (backend) => {
  it.each(faults)('TensorFlow answers: $name', async ({ call, answer, wrongOn }) => {
    const tf = await libraryOn(backend)
    const values = (): number[] => {
      try {
        return [...tf.tidy(() => call(tf).dataSync())]
      } catch {
        return []
      }
    }
    const { ours, theirs } = bothWays(tf, values)
    expect(ours).toEqual(answer)
    const acceleration = accelerate(tf, { faults: 'kept' })
    for (const own of [theirs, values()]) {
      if (wrongOn.includes(backend)) expect(own).not.toEqual(answer)
      else expect(own).toEqual(answer)
    }
    acceleration.stop()
  })
})

it('where faults are kept the library gets gradients of layers that name no dilations, as those of tf.layers', async () => {
  const tf = await libraryOn('cpu')
  const acceleration = accelerate(tf, { faults: 'kept' })
  const [x, filter] = [counted(tf, [1, 1, 6, 1]), tf.ones([1, 1, 1, 1])]
  const attrs = { strides: [2, 2], pad: 'same', dataFormat: 'NHWC', dilations: null }
  const layer = (x: Untyped): Untyped => tf.engine().runKernel('DepthwiseConv2dNative', { x, filter }, attrs)
  expect([
    ...tf
      .grad((x: Untyped) => tf.sum(layer(x)))(x)
      .dataSync(),
  ]).toEqual([1, 0, 1, 0, 1, 0])
  acceleration.stop()
})

it('in three dimensions transposed convolutions and maxima of negative cells are right on WebAssembly', async () => {
  const tf = await libraryOn('wasm')
  const acceleration = accelerate(tf, { faults: 'kept' })
  const x = tf.tensor([-8, -7, -6, -5, -4, -3, -2, -1], [1, 2, 2, 2, 1])
  const values = (call: () => Untyped): number[] => [...tf.tidy(call).dataSync()]
  expect(values(() => tf.maxPool3d(x, [1, 2, 2], 1, 'valid'))).toEqual([-5, -1])
  const loss = (x: Untyped): Untyped => tf.sum(tf.maxPool3d(x, [1, 2, 2], 1, 'valid'))
  expect(values(() => tf.grad(loss)(x))).toEqual([0, 0, 0, 1, 0, 0, 0, 1])
  const filter = tf.tensor([1, 10], [1, 1, 2, 1, 1])
  const transposed = values(() => tf.conv3dTranspose(x, filter, [1, 2, 2, 4, 1], [1, 1, 2], 'same'))
  expect(transposed).toEqual([-8, -7, -6, -5, -4, -3, -2, -1].flatMap((value) => [value, 10 * value]))
  const sum = (y: Untyped): Untyped => tf.sum(tf.conv3d(y, filter, [1, 1, 2], 'valid'))
  expect(values(() => tf.grad(sum)(x))).toEqual([1, 10, 1, 10, 1, 10, 1, 10])
  acceleration.stop()
  tf.dispose([x, filter])
})
