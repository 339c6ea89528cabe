import { expect, it } from 'vitest'
import { benchModels, inputOf } from '../../bench/models/bench-models.ts'
import { modelEngines } from '../../bench/models/model-engines.js'

// What the bench makes of a file of TFLite is the same network: LiteRT.js on the file, samepad and onnxruntime on the ONNX.

it('a network of TFLite, written as ONNX, gives what LiteRT.js gives for the file', async () => {
  const model = benchModels.find(({ name }) => name === 'BlazeFace short')
  if (!model) throw new Error('there is no BlazeFace')
  const files = { path: model.file(), tflite: model.tflite }
  const found = []
  for (const name of ['LiteRT.js', 'onnxruntime-node', 'samepad']) {
    const run = await modelEngines[name](files, 1)
    found.push(await run?.(inputOf(model), model.shape))
  }
  const [wanted, ...others] = found
  expect(Object.keys(wanted ?? {})).toEqual(['y0', 'y1'])
  for (const outputs of others) {
    for (const [name, { data, shape }] of Object.entries(wanted ?? {})) {
      const most = Math.max(...data.map(Math.abs))
      expect(most).toBeGreaterThan(1)
      expect([...(outputs?.[name].shape ?? [])]).toEqual([...shape])
      const apart = Math.max(...data.map((value, at) => Math.abs(value - Number(outputs?.[name].data[at]))))
      expect(apart / most).toBeLessThan(1e-5)
    }
  }
})

it('two threads are not asked of LiteRT.js, nor a model without a file of it', async () => {
  expect(await modelEngines['LiteRT.js']({ path: '', tflite: undefined }, 1)).toBeUndefined()
  expect(await modelEngines['LiteRT.js']({ path: '', tflite: 'model.tflite' }, 2)).toBeUndefined()
})
