import { afterAll, beforeAll, expect, it } from 'vitest'
import { accelerate, stopAccelerating } from '../../src/tfjs.ts'
import { libraryOn, numbersOf, type Untyped } from './tfjs-accelerated.ts'

const SHAPE = [1, 9, 7, 6]
const PROGRAMS = 120
const STEPS = 14

let tf: Untyped
beforeAll(async () => {
  tf = await libraryOn('wasm')
})
afterAll(stopAccelerating)

/** What a program did: values that were read on the way and in the end, and memory after each step. */
interface Trace {
  readonly values: readonly Float32Array[]
  readonly memory: readonly unknown[]
}

/** A few weights that are not zero, so that values stay small and are exact. */
function sparse(shape: readonly number[], random: () => number): Untyped {
  const length = shape.reduce((product, size) => product * size, 1)
  return tf.tensor(
    Float32Array.from({ length }, () => (random() < 0.2 ? Math.sign(random() - 0.5) : 0)),
    shape,
  )
}

/** Steps at random on some tensors of one shape, of which any may be read, used again or disposed of at any time. */
function traceOf(seed: number): Trace {
  const random = numbersOf(seed)
  const pick = (count: number): number => Math.floor(random() * count)
  const weights = [
    sparse([1, 1, 6, 6], random),
    sparse([3, 2, 6, 1], random),
    sparse([6], random),
    tf.fill([6], 0.5),
    sparse([1, 1, 6, 6], random),
  ]
  const [filter, own, bias, alpha, other] = weights
  const live: Untyped[] = [sparse(SHAPE, random), sparse(SHAPE, random)]
  // The latest ones more often, as in a model.
  const one = (): Untyped => live[random() < 0.7 ? live.length - 1 : pick(live.length)]
  const values: Float32Array[] = []
  const memory: unknown[] = []
  const steps: (() => Untyped)[] = [
    () => tf.conv2d(one(), filter, 1, 'same'),
    () => tf.depthwiseConv2d(one(), own, 1, 'same'),
    () => tf.fused.conv2d({ x: one(), filter, strides: 1, pad: 'same', bias }),
    () => tf.add(one(), bias),
    () => tf.add(bias, one()),
    () => tf.add(one(), one()),
    () => tf.relu(one()),
    () => tf.relu6(one()),
    () => tf.prelu(one(), alpha),
    () => tf.leakyRelu(one(), 0.5),
    () => tf.maxPool(one(), 2, 1, 'same'),
    () => tf.clone(one()),
    () => tf.reshape(tf.relu(tf.reshape(tf.conv2d(one(), filter, 1, 'same'), [9, 42])), SHAPE),
    () => tf.reshape(tf.add(tf.reshape(one(), [63, 6]), bias), SHAPE),
    () => tf.tidy(() => tf.relu(tf.add(tf.conv2d(one(), filter, 1, 'same'), one()))),
    () => {
      const alias = filter.clone()
      const y = tf.conv2d(one(), alias, 1, 'same')
      alias.dispose()
      return y
    },
    () => {
      const variable = tf.variable(filter)
      const y = tf.conv2d(one(), variable, 1, 'same')
      variable.assign(other)
      const z = tf.prelu(y, alpha)
      y.dispose()
      variable.dispose()
      return z
    },
    () => {
      const [y, gradient] = Object.values(
        tf.valueAndGrad((x: Untyped) => tf.relu(tf.add(tf.conv2d(x, filter, 1, 'same'), x)))(one()),
      )
      ;(y as Untyped).dispose()
      return gradient
    },
  ]
  tf.engine().startScope()
  for (let step = 0; step < STEPS; step++) {
    live.push(tf.keep(steps[pick(steps.length)]()))
    if (random() < 0.15) values.push(one().dataSync())
    while (live.length > 2 && random() < 0.5) live.splice(pick(live.length - 1), 1)[0].dispose()
    const { numTensors, numDataBuffers, numBytes } = tf.memory()
    memory.push([numTensors, numDataBuffers, numBytes])
  }
  for (const tensor of live) {
    if (random() < 0.7) values.push(tensor.dataSync())
    tensor.dispose()
  }
  tf.engine().endScope()
  for (const tensor of weights) tensor.dispose()
  return { values, memory }
}

/** Pieces of the backend's memory that are lent, and the lengths of all that ever were. */
function countLent(): { lent(): number; readonly lengths: number[]; stop(): void } {
  const { wasm } = tf.backend()
  const { _malloc, _free } = wasm
  const lengths: number[] = []
  let lent = 0
  Object.assign(wasm, {
    _malloc: (bytes: number) => {
      lent++
      lengths.push(bytes)
      return _malloc(bytes)
    },
    _free: (address: number) => {
      lent--
      _free(address)
    },
  })
  return { lent: () => lent, lengths, stop: () => Object.assign(wasm, { _malloc, _free }) }
}

it('what waits to be computed with what follows gives the values and the memory that it has at once', () => {
  const seeds = Array.from({ length: PROGRAMS }, (_, seed) => seed + 1)
  const theirs = seeds.map(traceOf)
  const count = countLent()
  const before = tf.backend().numDataIds()
  const acceleration = accelerate(tf, { deterministic: true })
  // The second time weights are seen before.
  for (let pass = 0; pass < 2; pass++) {
    for (const [index, seed] of seeds.entries()) {
      const base = tf.memory()
      const ours = traceOf(seed)
      expect(ours.values, `program ${seed}`).toEqual(theirs[index].values)
      expect(ours.memory, `program ${seed}`).toEqual(theirs[index].memory)
      expect(tf.memory()).toEqual(base)
      expect(tf.backend().numDataIds()).toBe(before)
    }
  }
  acceleration.stop()
  expect([acceleration.used, count.lent()]).toEqual([0, 0])
  count.stop()
})

it('a layer with what follows it is one: one output is allocated', () => {
  const acceleration = accelerate(tf)
  const [x, filter, own] = [tf.ones([1, 20, 20, 8]), tf.ones([1, 1, 8, 8]), tf.ones([3, 3, 8, 1])]
  const [bias, alpha] = [tf.fill([8], -80), tf.fill([8], 0.5)]
  const chains = [
    () => tf.relu(tf.add(tf.add(tf.conv2d(x, filter, 1, 'same'), bias), x)),
    () => tf.prelu(tf.add(x, tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias })), alpha),
    () => tf.relu6(tf.add(tf.depthwiseConv2d(x, own, 1, 'same'), bias)),
    () => tf.tanh(tf.add(tf.conv2d(x, filter, 1, 'same'), bias)),
  ]
  for (const chain of chains) {
    const read = (): void => {
      const y = tf.tidy(chain)
      y.dataSync()
      y.dispose()
    }
    for (let sight = 0; sight < 3; sight++) read()
    const count = countLent()
    read()
    count.stop()
    expect(count.lengths.filter((length) => length >= 4 * 20 * 20 * 8)).toHaveLength(1)
  }
  acceleration.stop()
  tf.dispose([x, filter, own, bias, alpha])
})

it('what waits when that is stopped, or moves to another backend, is computed before', async () => {
  const [x, filter] = [tf.ones(SHAPE), tf.ones([1, 1, 6, 6])]
  for (const leave of [(acceleration: Untyped) => acceleration.stop(), () => tf.setBackend('cpu')]) {
    await tf.setBackend('wasm')
    const acceleration = accelerate(tf)
    const y = tf.relu(tf.conv2d(x, filter, 1, 'same'))
    await leave(acceleration)
    expect(new Set(tf.add(y, x).dataSync())).toEqual(new Set([7]))
    await tf.setBackend('wasm')
    expect(new Set(tf.add(y, x).dataSync())).toEqual(new Set([7]))
    acceleration.stop()
  }
})

it('what waits for tensors of another backend has them as they were, whatever becomes of them there', async () => {
  const values = new Float32Array(9 * 7 * 6).fill(1)
  await tf.setBackend('cpu')
  const [x, filter, other] = [tf.tensor(values, SHAPE), tf.ones([1, 1, 6, 6]), tf.ones(SHAPE)]
  await tf.setBackend('wasm')
  const before = tf.backend().numDataIds()
  const acceleration = accelerate(tf)
  const y = tf.tidy(() => tf.relu(tf.add(tf.conv2d(x, filter, 1, 'same'), other)))
  values.fill(5)
  tf.dispose([x, filter, other])
  expect(new Set(y.dataSync())).toEqual(new Set([7]))
  y.dispose()
  expect(tf.backend().numDataIds()).toBe(before)
  acceleration.stop()
})

it('where memory lacks for an output, who reads that one gets the error, and nobody else', () => {
  const acceleration = accelerate(tf)
  const [x, filter] = [tf.ones(SHAPE), tf.ones([1, 1, 6, 6])]
  const { wasm } = tf.backend()
  const { _malloc } = wasm
  const before = tf.backend().numDataIds()
  wasm._malloc = () => 0
  const [y, z, more] = [1, 2, 3].map(() => tf.conv2d(x, filter, 1, 'same'))
  expect(() => y.dataSync()).toThrow('the backend must have memory for an output, got [1, 9, 7, 6]')
  wasm._malloc = _malloc
  for (const output of [z, y]) expect(new Set(output.dataSync())).toEqual(new Set([6]))
  tf.dispose([x, filter, y, z])
  expect(() => acceleration.stop()).not.toThrow()
  more.dispose()
  expect(tf.backend().numDataIds()).toBe(before - 2)
})

it('what waits is computed before a view of the memory is given, and within the time that is measured', async () => {
  const acceleration = accelerate(tf)
  const [x, filter] = [tf.ones(SHAPE), tf.ones([1, 1, 6, 6])]
  const y = tf.conv2d(x, filter, 1, 'same')
  tf.backend().typedArrayFromHeap(x).fill(5)
  expect(new Set(y.dataSync())).toEqual(new Set([6]))
  let z: Untyped
  await tf.time(() => {
    z = tf.conv2d(x, filter, 1, 'same')
  })
  const count = countLent()
  expect(new Set(z.dataSync())).toEqual(new Set([30]))
  count.stop()
  expect(count.lengths).toEqual([])
  acceleration.stop()
  tf.dispose([x, filter, y, z])
})

it('a bias that waits is computed before the views of its layer are taken, since memory may grow', () => {
  const acceleration = accelerate(tf)
  const [x, filter] = [tf.ones(SHAPE), tf.ones([1, 1, 6, 6])]
  const { wasm } = tf.backend()
  const { _malloc, _free } = wasm
  for (let run = 0; run < 6; run++) {
    const bias = tf.tidy(() => tf.reshape(tf.relu(tf.conv2d(tf.ones([1, 1, 1, 6]), filter, 1, 'same')), [6]))
    wasm._malloc = (bytes: number) => {
      if (run > 3) _free(_malloc(wasm.HEAPU8.length))
      return _malloc(bytes)
    }
    const y = tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias })
    wasm._malloc = _malloc
    expect(new Set(y.dataSync())).toEqual(new Set([12]))
    tf.dispose([bias, y])
  }
  acceleration.stop()
  tf.dispose([x, filter])
})

it('what is not finite passes activations as it does in the kernels of the library, but relu6 keeps NaN', () => {
  const [x, filter] = [tf.tensor([Number.NaN, Infinity, -Infinity, -2], [1, 4, 1, 1]), tf.ones([1, 1, 1, 4])]
  const [bias, alpha] = [tf.ones([4]), tf.fill([4], 0.5)]
  const activations: ((y: Untyped) => Untyped)[] = [
    (y) => tf.relu(y),
    (y) => tf.leakyRelu(y, 0.5),
    (y) => tf.prelu(y, alpha),
    (y) => tf.sigmoid(y),
    (y) => tf.elu(y),
    (y) => tf.tanh(y),
    (y) => tf.relu6(y),
  ]
  const passed = () =>
    activations.map((activation) => {
      const y = tf.tidy(() => activation(tf.add(tf.conv2d(x, filter, 1, 'same'), bias)))
      const values = [0, 4, 8, 12].map((index) => Math.round(y.dataSync()[index] * 1e4) / 1e4 + 0) // no -0
      y.dispose()
      return values
    })
  const theirs = passed()
  const acceleration = accelerate(tf)
  const ours = passed()
  acceleration.stop()
  expect(ours.slice(0, 6)).toEqual(theirs.slice(0, 6))
  expect([theirs[6], ours[6]]).toEqual([
    [0, 6, 0, 0],
    [Number.NaN, 6, 0, 0],
  ])
  tf.dispose([x, filter, bias, alpha])
})
