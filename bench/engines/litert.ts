import { shapesOf } from '../layers.ts'
import { channelsFirst, channelsLast, type Task } from '../tensors.ts'
import type { Engine } from './engine.ts'
import type { Packages } from './packages.ts'
import { tfliteModel, tfliteShapes } from './tflite-model.ts'

/** LiteRT.js on its CPU, which is XNNPACK: input and output stay on its heap. */
export async function liteRt(packages: Packages): Promise<Engine> {
  const { loadAndCompile, Tensor } = await packages.liteRt()
  return {
    ...{ name: 'LiteRT.js', kind: 'wasm', version: packages.version('@litertjs/core') },
    prepare: async (task: Task) => {
      const { layer } = task
      const model = await loadAndCompile(tfliteModel(task), { accelerator: 'wasm', cpuOptions: { numThreads: 1 } })
      const x = new Tensor(channelsLast(task.x).data, tfliteShapes(layer).x)
      const [batch, channels, ...cells] = shapesOf(layer).y
      return {
        run: async () => {
          const [y] = await model.run(x)
          y.delete()
        },
        result: async () => {
          const [y] = await model.run(x)
          const data = await y.data()
          y.delete()
          return channelsFirst({ data, shape: [batch, ...cells, channels] })
        },
        release: () => {
          x.delete()
          model.delete()
        },
      }
    },
  }
}
