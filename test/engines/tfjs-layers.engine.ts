import { afterAll, describe, expect, it } from 'vitest'
import { accelerate, stopAccelerating } from '../../src/tfjs.ts'
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

  it('leave memory as it was, however often they run', async () => {
    const tf = await libraryOn(backend)
    const acceleration = accelerate(tf)
    const { conv2d, depthwiseConv2d } = layers(tf, numbersOf(7))
    const rounds = (count: number): unknown => {
      for (let round = 0; round < count; round++) tf.dispose([conv2d(), depthwiseConv2d()])
      const { numBytes, numDataBuffers, numTensors } = tf.memory()
      return { numBytes, numDataBuffers, numTensors, used: acceleration.used }
    }
    const before = rounds(3)
    expect(rounds(2000)).toEqual(before)
    acceleration.stop()
    expect(acceleration.used).toBe(0)
  })
})
