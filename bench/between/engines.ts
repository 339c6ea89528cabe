import * as samepad from '../../dist/index.js'
import { onnxModel } from '../../test/engines/onnx-model.ts'
import type { Packages, Untyped } from '../engines/packages.ts'
import { channelsFirst, channelsLast, type Values } from '../tensors.ts'
import type { Operation } from './operations.ts'

/** An operation made ready on an engine, its inputs in place. */
export interface ReadyOperation {
  readonly run: () => unknown
  readonly result: () => Promise<Values>
  readonly release: () => unknown
}

/** Makes an operation ready. */
export type Preparing = (operation: Operation, inputs: readonly Values[]) => Promise<ReadyOperation>

/** samepad, its tensors in program memory. */
export const prepareOnSamepad: Preparing = async (operation, inputs) => {
  const tensors = inputs.map(({ shape, data }) => samepad.programTensor(shape, data))
  const { shape } = operation.samepad(tensors, undefined)
  const output = samepad.programTensor(shape)
  return {
    run: () => operation.samepad(tensors, output),
    result: async () => {
      output.data.fill(Number.NaN) // so that an element that no program writes is seen
      operation.samepad(tensors, output)
      return { data: output.data.slice(), shape }
    },
    release: () => {
      for (const tensor of [...tensors, output]) tensor.release()
    },
  }
}

/** TensorFlow.js on its WebAssembly backend, its tensors on that backend's heap. */
export async function preparingOnTfjs(packages: Packages): Promise<Preparing> {
  const tf = await packages.tfjs()
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  await tf.setBackend('wasm')
  return async (operation, inputs) => {
    const isImage = ({ shape }: Values): boolean => shape.length === 4
    const turned = (values: Values): Values =>
      isImage(values) ? channelsLast(values) : { ...values, shape: values.shape.filter((size) => size > 1) }
    const tensors = inputs.map((values) => {
      const { data, shape } = operation.channelsLast ? turned(values) : values
      return tf.tensor(data, shape, 'float32')
    })
    return {
      run: () => operation.tfjs(tf, tensors).dispose(),
      result: async () => {
        const y = operation.tfjs(tf, tensors)
        const values = { data: y.dataSync(), shape: y.shape }
        y.dispose()
        return operation.channelsLast ? channelsFirst(values) : values
      },
      release: () => tf.dispose(tensors),
    }
  }
}

/** onnxruntime-web: arrays in and out, as its interface has it. */
export async function preparingOnOnnxruntime(packages: Packages): Promise<Preparing> {
  const ort: Untyped = await packages.onnxruntimeWeb()
  ort.env.wasm.numThreads = 1
  return async ({ onnx }, inputs) => {
    const shapes = Object.fromEntries(inputs.map(({ shape }, index) => [`x${index}`, shape]))
    const session = await ort.InferenceSession.create(onnxModel(onnx, shapes, 20), {
      ...{ executionProviders: ['wasm'], intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 },
    })
    const feeds = Object.fromEntries(
      inputs.map(({ data, shape }, index) => [`x${index}`, new ort.Tensor('float32', data, shape)]),
    )
    return {
      run: () => session.run(feeds),
      result: async () => {
        const { y } = await session.run(feeds)
        return { data: y.data, shape: y.dims }
      },
      release: () => session.release(),
    }
  }
}
