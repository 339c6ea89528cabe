import { shapesOf } from '../layers.ts'
import { channelsFirst, channelsLast, type Task } from '../tensors.ts'
import type { Engine } from './engine.ts'
import type { Packages } from './packages.ts'
import { tfliteModel } from './tflite-model.ts'

/** tfjs-tflite: TensorFlow Lite with XNNPACK of 2023. What its TypeScript wraps is called, so that nothing is copied. */
export async function tfjsTflite(packages: Packages): Promise<Engine> {
  const module = await packages.tfliteModule()
  return {
    ...{ name: 'tfjs-tflite', kind: 'wasm', version: packages.version('@tensorflow/tfjs-tflite') },
    prepare: async (task: Task) => {
      const file = tfliteModel(task)
      const address = module._malloc(file.length)
      module.HEAPU8.set(file, address)
      const options = { numThreads: 1, enableProfiling: false, maxProfilingBufferEntries: 1024 }
      const made = module.TFLiteWebModelRunner.CreateFromBufferAndOptions(address, file.length, options)
      if (!made.ok()) throw new Error(made.errorMessage())
      const runner = made.value()
      const first = (list: { get: (index: number) => Values; delete: () => void }): Values => {
        const one = list.get(0)
        list.delete()
        return one
      }
      first(runner.GetInputs()).data().set(channelsLast(task.x).data)
      const [batch, channels, ...cells] = shapesOf(task.layer).y
      const run = (): void => {
        if (!runner.Infer()) throw new Error('the interpreter failed')
      }
      return {
        run,
        result: async () => {
          run()
          const data = first(runner.GetOutputs()).data().slice()
          return channelsFirst({ data, shape: [batch, ...cells, channels] })
        },
        release: () => {
          runner.delete()
          module._free(address)
        },
      }
    },
  }
}

/** A tensor of the interpreter; the array lies on its heap. */
interface Values {
  readonly data: () => Float32Array
}
