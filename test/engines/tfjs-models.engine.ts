import { describe, expect, it } from 'vitest'
import { backends } from '../../bench/tfjs/library.ts'
import { openLibrary } from '../../bench/tfjs/library-node.ts'
import { apart, libraryModels, loadModel } from '../../bench/tfjs/models.ts'
import { memoryUse } from '../../dist/index.js'

/** How often the smallest model runs, and a network is trained: `SAMEPAD_ROUNDS=2000` for all that is promised. */
const rounds = Number(process.env.SAMEPAD_ROUNDS ?? 200)

/** In plain JavaScript the others take the library seconds. */
const small = ['antispoof', 'emotion', 'facemesh', 'iris', 'liveness']

describe.each(backends)('on the backend %s', (backend) => {
  const models = libraryModels.filter(({ name }) => backend === 'wasm' || small.includes(name))

  it.each(models)('$name gives what it gives with the kernels of the library', async (model) => {
    const library = await openLibrary(backend)
    const loaded = await loadModel(library, model)
    library.use('stock')
    const wanted = await loaded.run()
    library.use('samepad')
    for (let sight = 0; sight < 3; sight++) expect(apart(await loaded.run(), wanted)).toBeLessThan(model.farthest)
    loaded.dispose()
    library.stop()
  })

  it('inference leaves memory as it was', async () => {
    const library = await openLibrary(backend)
    const model = libraryModels.find(({ name }) => name === 'liveness')
    if (!model) throw new Error('there is no such model')
    const loaded = await loadModel(library, model)
    const used = (): unknown => {
      const { numBytes, numDataBuffers, numTensors } = library.tf.memory()
      return { numBytes, numDataBuffers, numTensors, used: memoryUse().used, foreign: library.used() }
    }
    for (let round = 0; round < 3; round++) await loaded.run()
    const before = used()
    for (let round = 0; round < rounds; round++) await loaded.run()
    expect(used()).toEqual(before)
    loaded.dispose()
    library.stop()
    expect(library.used()).toBe(0)
  })

  it('training leaves memory as it was', async () => {
    const library = await openLibrary(backend)
    const { tf, layers } = library
    const model = layers.sequential({
      layers: [
        layers.layers.conv2d({ inputShape: [14, 15, 2], filters: 6, kernelSize: [3, 4], padding: 'same', strides: 2 }),
        layers.layers.batchNormalization(),
        layers.layers.activation({ activation: 'relu' }),
        layers.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
        layers.layers.maxPooling2d({ poolSize: 2 }),
        layers.layers.flatten(),
        layers.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    })
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' })
    const [x, y] = [
      tf.randomNormal([4, 14, 15, 2], 0, 1, 'float32', 1),
      tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), 3),
    ]
    const losses: number[] = []
    const steps = async (count: number): Promise<unknown> => {
      for (let step = 0; step < count; step++) losses.push(await model.trainOnBatch(x, y))
      const { numBytes, numDataBuffers, numTensors } = tf.memory()
      return { numBytes, numDataBuffers, numTensors, used: memoryUse().used, foreign: library.used() }
    }
    const before = await steps(5)
    expect(await steps(Math.ceil(rounds / 4))).toEqual(before)
    expect(losses.at(-1)).toBeLessThan(losses[0] / 2)
    model.dispose()
    tf.dispose([x, y])
    library.stop()
  })
})
