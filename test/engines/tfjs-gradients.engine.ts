import { afterAll, describe, expect, it } from 'vitest'
import { conv, convGradient, memoryUse, type Tensor } from '../../src/index.ts'
import { accelerate, convolution, stopAccelerating } from '../../src/tfjs.ts'
import { bothWays, farthest, integers, libraryOn, numbersOf, type Untyped } from './tfjs-accelerated.ts'

afterAll(stopAccelerating)

const plain = (tensor: Untyped): Tensor => ({ data: tensor.dataSync(), shape: tensor.shape })

/** Losses whose gradients are compared: sums of outputs times numbers. */
function losses(tf: Untyped, random: () => number): Record<string, () => Untyped[]> {
  const pick = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
  const [batch, height, width, channels, outputs] = [pick(1, 2), pick(7, 12), pick(7, 13), pick(1, 6), pick(1, 9)]
  const kernel = [pick(2, 3), pick(2, 4)]
  const pad = ['same', 'valid'][pick(0, 1)]
  const stride = pick(1, 2)
  const x = integers(tf, [batch, height, width, channels], random)
  const filter = integers(tf, [...kernel, channels, outputs], random)
  const own = integers(tf, [...kernel, channels, 2], random)
  const deep = integers(tf, [batch, 5, height, 4, channels], random)
  const length = tf.util.sizeFromShape(deep.shape)
  const distinct = tf.tensor(
    Float32Array.from({ length }, (_, index) => (index * 7919) % length),
    deep.shape,
  )
  const deepFilter = integers(tf, [2, ...kernel, channels, outputs], random)
  const through = (call: (...tensors: Untyped[]) => Untyped, ...tensors: Untyped[]): Untyped[] => {
    const weights = numbersOf(5)
    const loss = (...given: Untyped[]): Untyped => {
      const y = call(...given)
      return tf.sum(tf.mul(y, integers(tf, y.shape, weights)))
    }
    return tf.valueAndGrads(loss)(tensors).grads
  }
  return {
    conv2d: () => through((x, filter) => tf.conv2d(x, filter, stride, pad), x, filter),
    conv2dTranspose: () =>
      through(
        (y, filter) => tf.conv2dTranspose(y, filter, [batch, height * 2, width * 2, outputs], 2, 'same'),
        x,
        tf.transpose(filter, [0, 1, 3, 2]),
      ),
    depthwiseConv2d: () => through((x, own) => tf.depthwiseConv2d(x, own, stride, pad), x, own),
    conv3d: () => through((x, filter) => tf.conv3d(x, filter, [1, stride, stride], pad), deep, deepFilter),
    maxPool: () => through((x) => tf.maxPool(x, kernel, stride, pad), x),
    // Where windows overlap padding the library divides by all taps: tfjs-faults.engine.ts.
    avgPool: () => through((x) => tf.avgPool(x, 2, stride, 'valid'), x),
    avgPool3d: () => through((x) => tf.avgPool3d(x, 2, stride, 'valid'), deep),
    // Of equal cells the library takes the last one in three dimensions, in two the first, as TensorFlow does in both.
    maxPool3d: () => through((x) => tf.maxPool3d(x, 2, stride, pad), distinct),
  }
}

it('gradients are those of the library on its backend in plain JavaScript', async () => {
  const tf = await libraryOn('cpu')
  for (let seed = 1; seed <= 25; seed++) {
    tf.tidy(() => {
      for (const [name, call] of Object.entries(losses(tf, numbersOf(seed)))) {
        const { ours, theirs } = bothWays(tf, () => call().map(plain))
        for (const [index, gradient] of ours.entries()) {
          expect(gradient.shape, `${name} ${seed}`).toEqual(theirs[index].shape)
          expect(farthest(gradient.data, theirs[index].data), `${name} ${seed}`).toBeLessThan(1e-5)
        }
      }
    })
  }
})

it('gradients on WebAssembly, where the library has some of them only, are those in plain JavaScript', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const found: Tensor[][][] = []
    for (const backend of ['cpu', 'wasm'] as const) {
      const tf = await libraryOn(backend)
      const acceleration = accelerate(tf, { deterministic: true })
      found.push(tf.tidy(() => Object.values(losses(tf, numbersOf(seed))).map((call) => call().map(plain))))
      acceleration.stop()
    }
    const [plainly, wasm] = found.map((kinds) => kinds.flat())
    for (const [index, { data }] of wasm.entries()) expect(farthest(data, plainly[index].data)).toBeLessThan(1e-5)
  }
})

describe.each(['wasm', 'cpu'] as const)('on the backend %s', (backend) => {
  it('dilated layers train, and groups and strides with dilations are there', async () => {
    const tf = await libraryOn(backend)
    const acceleration = accelerate(tf, { deterministic: true })
    const random = numbersOf(3)
    const [x, filter, grouped] = [
      [2, 9, 11, 6],
      [3, 2, 6, 4],
      [3, 2, 2, 9],
    ].map((shape) => integers(tf, shape, random))
    const common = { layout: 'nhwc', weightsLayout: 'hwio', padding: 'same' } as const
    const cases = [
      { own: { dilations: [2, 3] }, filter, call: () => tf.conv2d(x, filter, 1, 'same', 'NHWC', [2, 3]) },
      { own: { groups: 3 }, filter: grouped, call: () => convolution(tf, x, grouped, { groups: 3, pad: 'same' }) },
      {
        own: { groups: 3, strides: [2, 1], dilations: 2 },
        filter: grouped,
        call: () => convolution(tf, x, grouped, { groups: 3, strides: [2, 1], dilations: 2, pad: 'same' }),
      },
    ]
    for (const { own, filter, call } of cases) {
      const [y, weights] = [plain(call()), plain(filter)]
      expect(y).toEqual(conv(plain(x), weights, { ...common, ...own }))
      const change = integers(tf, y.shape, random)
      const [dx, df] = tf.grads((x: Untyped, filter: Untyped) => {
        const recorded = own.groups
          ? convolution(tf, x, filter, { pad: 'same', ...own })
          : tf.conv2d(x, filter, 1, 'same', 'NHWC', own.dilations)
        return tf.sum(tf.mul(recorded, change))
      })([x, filter])
      const wanted = convGradient(plain(x), weights, plain(change), { ...common, ...own })
      expect(plain(dx)).toEqual(wanted.input)
      expect(plain(df)).toEqual(wanted.weights)
    }
    acceleration.stop()
  })

  it('gradients have gradients: each kernel of a convolution gives those of the two others', async () => {
    const tf = await libraryOn(backend)
    const acceleration = accelerate(tf, { deterministic: true })
    const random = numbersOf(4)
    const cases = [
      {
        shapes: [
          [2, 8, 9, 3],
          [3, 2, 3, 5],
        ],
        call: (x: Untyped, filter: Untyped) => tf.conv2d(x, filter, 1, 'same', 'NHWC', 2),
      },
      {
        shapes: [
          [2, 8, 9, 3],
          [3, 2, 3, 2],
        ],
        call: (x: Untyped, filter: Untyped) => tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', 2),
      },
      {
        shapes: [
          [2, 5, 6, 7, 2],
          [2, 3, 2, 2, 3],
        ],
        call: (x: Untyped, filter: Untyped) => tf.conv3d(x, filter, [1, 2, 2], 'same'),
      },
    ]
    for (const { shapes, call } of cases) {
      const [x, otherX, filter, otherFilter] = [0, 0, 1, 1].map((which) => integers(tf, shapes[which], random))
      const change = integers(tf, call(x, filter).shape, random)
      const loss = (x: Untyped, filter: Untyped): Untyped => tf.sum(tf.mul(call(x, filter), change))
      const [[ofX], [, ofOtherFilter]] = [tf.grads(loss)([x, otherFilter]), tf.grads(loss)([otherX, filter])]
      // Linear in each: the gradient of <gradient of one, other> is the gradient with the other in its place.
      const viaX = (filter: Untyped): Untyped => tf.sum(tf.mul(tf.grads(loss)([x, filter])[0], otherX))
      const viaFilter = (x: Untyped): Untyped => tf.sum(tf.mul(tf.grads(loss)([x, filter])[1], otherFilter))
      expect(plain(tf.grad(viaX)(filter))).toEqual(plain(ofOtherFilter))
      expect(plain(tf.grad(viaFilter)(x))).toEqual(plain(ofX))
      const output = (change: Untyped): Untyped =>
        tf.sum(tf.mul(tf.grads((x: Untyped) => tf.sum(tf.mul(call(x, filter), change)))([x])[0], otherX))
      expect(plain(tf.grad(output)(change))).toEqual(plain(call(otherX, filter)))
    }
    const [x, filter] = [integers(tf, [1, 3, 4, 5, 2], random), integers(tf, [2, 3, 2, 4, 2], random)]
    const to = [1, 6, 8, 10, 4]
    const change = integers(tf, to, random)
    const through = (x: Untyped, filter: Untyped) =>
      tf.sum(tf.mul(tf.conv3dTranspose(x, filter, to, 2, 'same'), change))
    const [ofX] = tf.grads(through)([x, filter])
    expect(plain(ofX)).toEqual(plain(tf.conv3d(change, filter, 2, 'same')))
    acceleration.stop()
  })

  it('training leaves memory as it was, and the loss falls', async () => {
    const tf = await libraryOn(backend)
    const acceleration = accelerate(tf)
    const random = numbersOf(9)
    const [x, filter, depthwise] = [
      [4, 9, 8, 3],
      [3, 3, 3, 6],
      [3, 3, 6, 1],
    ].map((shape) => tf.tidy(() => tf.mul(integers(tf, shape, random), 0.05)))
    const variables = [tf.variable(filter), tf.variable(depthwise)]
    const optimizer = tf.train.sgd(0.05)
    const step = (): number =>
      tf.tidy(() => {
        const predicted = (): Untyped => {
          const first = tf.relu(tf.conv2d(x, variables[0], 2, 'same'))
          const second = tf.depthwiseConv2d(first, variables[1], 1, 'same', 'NHWC', 2)
          return tf.mean(tf.squaredDifference(tf.avgPool(second, 2, 1, 'same'), 0.5))
        }
        return optimizer.minimize(predicted, true, variables).dataSync()[0]
      })
    const memory = (): object => {
      const { numBytes, numDataBuffers, numTensors } = tf.memory()
      return { numBytes, numDataBuffers, numTensors, used: acceleration.used, own: memoryUse().used }
    }
    const [first] = [step(), step(), step()]
    const before = memory()
    let last = first
    for (let count = 0; count < 500; count++) last = step()
    expect(memory()).toEqual(before)
    expect(last).toBeLessThan(first - 0.005)
    acceleration.stop()
    tf.dispose([x, filter, depthwise, ...variables])
    expect(acceleration.used).toBe(0)
  })
})
