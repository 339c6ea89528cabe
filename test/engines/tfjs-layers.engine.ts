import { afterAll, describe, expect, it } from 'vitest'
import { accelerate, convolution, stopAccelerating } from '../../src/tfjs.ts'
import { bothWays, farthest, integers, libraryOn, numbersOf, type Untyped } from './tfjs-accelerated.ts'

afterAll(stopAccelerating)

/** A layer with sizes that are all different, and its call; each is called twice, since weights are kept from then on. */
function layers(tf: Untyped, random: () => number): Record<string, () => Untyped> {
  const pick = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
  const [batch, height, width, channels, outputs] = [pick(1, 3), pick(7, 17), pick(7, 19), pick(1, 9), pick(1, 11)]
  const [kernelHeight, kernelWidth] = [pick(1, 4), pick(1, 5)]
  const pad = ['same', 'valid'][pick(0, 1)]
  const isDilated = random() < 0.4
  // The library's wrong where SAME strides exceed the kernel: tfjs-faults.engine.ts.
  const most = (kernel: number): number => (pad === 'same' ? Math.min(3, kernel) : 3)
  const strides = isDilated ? 1 : [pick(1, most(kernelHeight)), pick(1, most(kernelWidth))]
  const dilations = isDilated ? [pick(1, 2), pick(1, 2)] : 1
  const activation = ['linear', 'relu', 'relu6', 'prelu', 'leakyrelu', 'elu', 'sigmoid'][pick(0, 6)]
  const x = integers(tf, [batch, height, width, channels], random)
  const filter = integers(tf, [kernelHeight, kernelWidth, channels, outputs], random)
  const multiplier = pick(1, 3)
  const own = integers(tf, [kernelHeight, kernelWidth, channels, multiplier], random)
  const fused = (out: number) => ({
    ...{ x, strides, pad, dilations, activation, dataFormat: 'NHWC', bias: integers(tf, [out], random) },
    ...(activation === 'prelu' && { preluActivationWeights: integers(tf, [out], random) }),
    ...(activation === 'leakyrelu' && { leakyreluAlpha: 0.25 }),
  })
  const depthwiseStrides = isDilated ? 1 : pick(1, most(Math.min(kernelHeight, kernelWidth)))
  const wide = fused(outputs)
  const deep = fused(channels * multiplier)
  return {
    conv2d: () => tf.conv2d(x, filter, strides, pad, 'NHWC', dilations),
    'fused.conv2d': () => tf.fused.conv2d({ ...wide, filter }),
    depthwiseConv2d: () => tf.depthwiseConv2d(x, own, depthwiseStrides, pad, 'NHWC', dilations),
    'fused.depthwiseConv2d': () => tf.fused.depthwiseConv2d({ ...deep, filter: own, strides: depthwiseStrides }),
  }
}

describe.each(['wasm', 'cpu'] as const)('layers on the backend %s', (backend) => {
  it('give what the library gives', async () => {
    const tf = await libraryOn(backend)
    for (let seed = 1; seed <= 60; seed++) {
      tf.tidy(() => {
        for (const [name, call] of Object.entries(layers(tf, numbersOf(seed)))) {
          const { ours, theirs } = bothWays(tf, () =>
            [call(), call()].map((y) => ({ shape: y.shape, data: y.dataSync() })),
          )
          for (const [index, { shape, data }] of ours.entries()) {
            expect(shape, `${name} ${seed}`).toEqual(theirs[index].shape)
            expect(farthest(data, theirs[index].data), `${name} ${seed}`).toBeLessThan(1e-6) // integers are exact, exponentials are rounded
          }
        }
      })
    }
  })

  it('have as many windows as rounding asks for, as in plain JavaScript', async () => {
    const random = numbersOf(5)
    const call = (tf: Untyped, size: number, stride: number, pad: unknown, mode: string): Float32Array[] => {
      const [x, filter, own] = [
        [1, size, size + 1, 2],
        [3, 3, 2, 3],
        [3, 3, 2, 1],
      ].map((shape) => tf.ones(shape))
      const results = [
        tf.conv2d(x, filter, stride, pad, 'NHWC', 1, mode),
        tf.depthwiseConv2d(x, own, stride, pad, 'NHWC', 1, mode),
        tf.avgPool(x, 3, stride, pad, mode),
      ]
      return results.map((result) => result.dataSync())
    }
    const cases = Array.from({ length: 24 }, (_, index) => {
      const pads = [
        [0, 0],
        [1, index % 2],
        [0, 1],
        [0, 0],
      ]
      const pad = [0, 1, pads][index % 3]
      // So that every window has a real cell: an average of none is NaN.
      const stride = pad === 0 ? 3 : 2
      return [5 + Math.floor(random() * 6), stride, pad, ['floor', 'round', 'ceil'][Math.floor(index / 3) % 3]] as const
    })
    const plainly = await libraryOn('cpu')
    const wanted = cases.map((one) => plainly.tidy(() => call(plainly, ...one)))
    const tf = await libraryOn(backend)
    const acceleration = accelerate(tf, { deterministic: true })
    const filter = tf.ones([3, 3, 2, 3])
    for (const [index, one] of cases.entries()) {
      const ours = tf.tidy(() => call(tf, ...one))
      for (const [which, data] of ours.entries()) {
        expect(farthest(data, wanted[index][which]), `${which} ${one}`).toBeLessThan(1e-6)
      }
      // Of ones the gradient has the sum of the outputs; the library's forgets the rounding.
      const [size, stride, pad, mode] = one
      const gradient = tf.tidy(() => {
        const layer = (x: Untyped): Untyped => tf.conv2d(x, filter, stride, pad, 'NHWC', 1, mode)
        return tf
          .grad((x: Untyped) => tf.sum(layer(x)))(tf.ones([1, size, size + 1, 2]))
          .dataSync()
      })
      const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0)
      expect(sum(gradient), `${one}`).toBe(sum(wanted[index][0]))
    }
    tf.dispose(filter)
    acceleration.stop()
  })

  it('tell filters apart that were reshaped and share their data', async () => {
    const tf = await libraryOn(backend)
    const random = numbersOf(3)
    const inputs = [4, 8].map((channels) => integers(tf, [1, 9, 9, channels], random))
    const filters = [integers(tf, [3, 3, 4, 8], random)]
    filters.push(filters[0].reshape([3, 3, 8, 4]))
    const own = [integers(tf, [3, 3, 4, 2], random)]
    own.push(own[0].reshape([3, 3, 8, 1]))
    const calls = [0, 1, 0, 1, 0, 1].flatMap((which) => [
      () => tf.conv2d(inputs[which], filters[which], 1, 'same'),
      () => tf.depthwiseConv2d(inputs[which], own[which], 1, 'same'),
      () => tf.conv2dTranspose(inputs[1 - which], filters[which], [1, 18, 18, 4 * (1 + which)], 2, 'same'),
    ])
    const { ours, theirs } = bothWays(tf, () => calls.map((call) => call().dataSync()))
    for (const [index, data] of ours.entries()) expect(farthest(data, theirs[index]), `call ${index}`).toBe(0)
  })

  it('take tanh as an activation, which the library refuses', async () => {
    const tf = await libraryOn(backend)
    const random = numbersOf(6)
    const [x, filter, bias] = [[1, 8, 7, 3], [3, 2, 3, 5], [5]].map((shape) =>
      tf.tidy(() => tf.mul(integers(tf, shape, random), 0.25)),
    )
    const fused = (): Untyped => tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'tanh' })
    expect(fused).toThrow(/tanh/i)
    const acceleration = accelerate(tf)
    const joined = tf.tidy(() => tf.tanh(tf.add(tf.conv2d(x, filter, 1, 'same'), bias)))
    expect(farthest(fused().dataSync(), joined.dataSync())).toBeLessThan(1e-6)
    acceleration.stop()
    const theirs = tf.tidy(() => tf.tanh(tf.add(tf.conv2d(x, filter, 1, 'same'), bias)))
    expect(farthest(joined.dataSync(), theirs.dataSync())).toBeLessThan(1e-6)
  })

  it('leave memory as it was, however often they run', async () => {
    const tf = await libraryOn(backend)
    const acceleration = accelerate(tf)
    const { conv2d, depthwiseConv2d } = layers(tf, numbersOf(7))
    const rounds = (count: number): unknown => {
      for (let round = 0; round < count; round++) {
        const results = [conv2d(), depthwiseConv2d()]
        for (const result of results) result.dataSync() // what nobody reads is not computed
        tf.dispose(results)
      }
      const { numBytes, numDataBuffers, numTensors } = tf.memory()
      return { numBytes, numDataBuffers, numTensors, used: acceleration.used }
    }
    const before = rounds(3)
    expect(rounds(2000)).toEqual(before)
    acceleration.stop()
    expect(acceleration.used).toBe(0)
  })
})

it('in plain JavaScript a pool of single cells shares the data that it is given, as in the library', async () => {
  const tf = await libraryOn('cpu')
  const x = tf.ones([1, 4, 4, 1])
  const { ours, theirs } = bothWays(tf, () => {
    const before = tf.memory().numDataBuffers
    return [tf.maxPool(x, 1, 1, 'same'), tf.avgPool(x, 1, 1, 'valid'), tf.maxPool(x, 1, 2, 'same')].map(
      () => tf.memory().numDataBuffers - before,
    )
  })
  expect(ours).toEqual(theirs)
  expect(ours).toEqual([1, 1, 1])
})

describe('accelerate', () => {
  it('takes backends that are ready, and options that there are', async () => {
    const tf = await libraryOn('cpu')
    const other = { ...tf, findBackend: () => ({}) }
    const options = (given: object) => () => accelerate(tf, given)
    expect(options({ backend: 'webgl' })).toThrow(
      "accelerate: the backend must be ready (await tf.ready()), got 'webgl'",
    )
    expect(() => accelerate(other)).toThrow("accelerate: the backend must be that of 'wasm' or 'cpu', got 'cpu'")
    expect(options({ packed_bytes: 1 })).toThrow('accelerate: the option is called packedBytes')
    expect(options({ packedBytes: -1 })).toThrow('accelerate: packedBytes must be')
    expect(options({ faults: 'mine' })).toThrow('accelerate: faults must be')
    expect(options({ deterministic: 1 })).toThrow('accelerate: deterministic must be')
  })

  it('is undone as a whole, and may be done anew', async () => {
    const tf = await libraryOn('wasm')
    const registered = (): unknown[] => [
      ...['Conv2D', 'Conv2DBackpropFilter', 'MaxPool'].map((name) => tf.getKernel(name, 'wasm')),
      tf.getGradient('Conv2D'),
    ]
    const before = registered()
    const acceleration = accelerate(tf)
    expect(registered().map((one, index) => one === before[index])).toEqual([false, false, false, false])
    expect(acceleration.kernels).toContain('Conv2DBackpropFilter')
    accelerate(tf) // in place of the first
    expect(acceleration.kernels).toEqual([])
    stopAccelerating()
    stopAccelerating()
    expect(registered()).toEqual(before)
  })

  it('keeps no more packed weights than it may, and none of what is disposed of', async () => {
    const tf = await libraryOn('wasm')
    const random = numbersOf(4)
    const x = integers(tf, [1, 8, 8, 16], random)
    const filters = [1, 2, 3, 4].map(() => integers(tf, [3, 3, 16, 16], random))
    const used = (packedBytes: number): number[] => {
      const acceleration = accelerate(tf, { packedBytes, deterministic: true })
      const found = filters.map((filter) => {
        for (let sight = 0; sight < 3; sight++) {
          const result = tf.conv2d(x, filter, 1, 'same')
          result.dataSync() // what nobody reads is not computed
          tf.dispose(result)
        }
        return acceleration.used
      })
      tf.dispose(filters[0])
      found.push(acceleration.used)
      filters[0] = integers(tf, [3, 3, 16, 16], random)
      acceleration.stop()
      return [...found, acceleration.used]
    }
    const [one, two, three, four, disposed, stopped] = used(2 ** 20)
    expect([two, three, four, disposed, stopped]).toEqual([2 * one, 3 * one, 4 * one, 3 * one, 0])
    expect(used(0)).toEqual([one, one, one, one, one, 0]) // that of the last call stays
    tf.dispose([x, filters])
  })

  it('what fits no kernel is refused where the library has none', async () => {
    const tf = await libraryOn('wasm')
    const acceleration = accelerate(tf)
    const [x, filter] = [tf.ones([1, 4, 4, 3]), tf.ones([2, 2, 2, 4])]
    expect(() => convolution(tf, x, filter, { groups: 2 })).toThrow(
      'SamepadConv: tensors of float32 and attributes must fit',
    )
    expect(() => convolution(tf, x, filter, { dataFormat: 'CHWN' as 'NHWC' })).toThrow(
      'convolution: dataFormat must be',
    )
    acceleration.stop()
    tf.dispose([x, filter])
  })
})
