import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryUse } from '../../src/index.ts'
import { register } from '../../src/onnxruntime.ts'
import { type ConstantOf, type ModelOf, modelBytes, numbersFrom } from '../graph/onnx-bytes.ts'
import { engine } from './engine.ts'

// @huggingface/transformers as it is published, on small models of random weights: it takes the providers of a session's
// options, opens models by their paths, and feeds integers of 64 bits.

const folder = mkdtempSync(join(tmpdir(), 'samepad-transformers-'))
const warnings: string[] = []
// biome-ignore lint/suspicious/noExplicitAny: the library is not typed here
let hf: any

const random = (seed: number, shape: readonly number[], size = 1): ConstantOf => {
  const data = numbersFrom(
    seed,
    shape.reduce((a, b) => a * b, 1),
  )
  return { shape, data: data.map((one) => size * one) }
}

/** A classifier of pictures. */
const vision: ModelOf = {
  inputs: { pixel_values: ['batch', 3, 'height', 'width'] },
  outputs: ['logits'],
  nodes: [
    ['Conv', ['pixel_values', 'w1'], ['a'], { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }],
    ['Relu', ['a'], ['b']],
    ['Conv', ['b', 'w2'], ['c'], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
    ['HardSwish', ['c'], ['d']],
    ['GlobalAveragePool', ['d'], ['e']],
    ['Flatten', ['e'], ['f']],
    ['Gemm', ['f', 'w3', 'b3'], ['logits'], { transB: 1 }],
  ],
  constants: {
    ...{ w1: random(1, [16, 3, 3, 3]), w2: random(2, [32, 16, 3, 3], 0.3) },
    ...{ w3: random(3, [4, 32], 2), b3: random(4, [4]) },
  },
}

/** Vectors of tokens, which are nothing where the mask is 0. */
const text: ModelOf = {
  inputs: { input_ids: ['batch', 'length'], attention_mask: ['batch', 'length'] },
  outputs: ['last_hidden_state'],
  types: { input_ids: 7, attention_mask: 7 },
  nodes: [
    ['Gather', ['table', 'input_ids'], ['a']],
    ['LayerNormalization', ['a', 'scale', 'shift'], ['b'], { axis: -1 }],
    ['MatMul', ['b', 'weights'], ['c']],
    ['Cast', ['attention_mask'], ['d'], { to: 1 }],
    ['Unsqueeze', ['d', 'last'], ['e']],
    ['Mul', ['c', 'e'], ['last_hidden_state']],
  ],
  constants: {
    ...{ table: random(5, [50, 8]), scale: random(6, [8]), shift: random(7, [8]), weights: random(8, [8, 8]) },
    last: { shape: [1], data: [2], type: 7 },
  },
}

function writeModel(name: string, model: ModelOf, files: Readonly<Record<string, object>>): void {
  mkdirSync(join(folder, name, 'onnx'), { recursive: true })
  writeFileSync(join(folder, name, 'onnx', 'model.onnx'), modelBytes(model))
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, name, file), JSON.stringify(content))
}

beforeAll(async () => {
  const labels = { 0: 'cat', 1: 'dog', 2: 'face', 3: 'star' }
  const numbers = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], rescale_factor: 1 / 255 }
  writeModel('vision', vision, {
    'config.json': {
      ...{ model_type: 'mobilenet_v2', architectures: ['MobileNetV2ForImageClassification'], id2label: labels },
    },
    'preprocessor_config.json': {
      ...{ image_processor_type: 'MobileNetV2ImageProcessor', do_resize: true, size: { height: 64, width: 64 } },
      ...{ do_rescale: true, do_normalize: true, ...numbers },
    },
  })
  writeModel('text', text, { 'config.json': { model_type: 'bert', architectures: ['BertModel'] } })
  register(engine('onnxruntime-node'), { warn: (message) => warnings.push(message) })
  const require = createRequire(join(import.meta.dirname, '../../bench/package.json'))
  hf = await import(pathToFileURL(require.resolve('@huggingface/transformers').replace(/cjs$/, 'mjs')).href)
  Object.assign(hf.env, { allowRemoteModels: false, localModelPath: folder })
})
afterAll(() => rmSync(folder, { recursive: true }))

const options = (executionProviders: readonly string[]) => ({ dtype: 'fp32', session_options: { executionProviders } })
const providers = [['cpu'], ['samepad', 'cpu'], ['samepad']]

it('classifies pictures on samepad as on onnxruntime-node, several at once too', async () => {
  const pixels = Uint8ClampedArray.from({ length: 50 * 40 * 3 }, (_, index) => (index * 37) % 256)
  const picture = new hf.RawImage(pixels, 50, 40, 3)
  const found: { label: string; score: number }[][] = []
  for (const one of providers) {
    const before = memoryUse().used
    const classify = await hf.pipeline('image-classification', 'vision', options(one))
    const [first, again] = await Promise.all([classify(picture, { top_k: 4 }), classify(picture, { top_k: 4 })])
    expect(again).toEqual(first)
    expect(memoryUse().used > before).toBe(one[0] === 'samepad')
    await classify.dispose()
    expect(memoryUse().used).toBe(before)
    found.push(first)
  }
  const [wanted] = found
  expect(new Set(wanted.map(({ score }) => score)).size).toBe(4)
  for (const scores of found) {
    expect(scores.map(({ label }) => label)).toEqual(wanted.map(({ label }) => label))
    scores.forEach(({ score }, index) => {
      expect(score).toBeCloseTo(wanted[index].score, 5)
    })
  }
  expect(warnings).toEqual([])
})

it('gives vectors of tokens, which are integers of 64 bits', async () => {
  const tensor = (...list: bigint[]) => new hf.Tensor('int64', BigInt64Array.from(list), [1, list.length])
  const found: number[][] = []
  for (const one of providers) {
    const model = await hf.AutoModel.from_pretrained('text', options(one))
    const { last_hidden_state: vectors } = await model({
      ...{ input_ids: tensor(7n, 0n, 49n, 3n), attention_mask: tensor(1n, 1n, 1n, 0n) },
    })
    expect(vectors.dims).toEqual([1, 4, 8])
    found.push([...vectors.data])
    await model.dispose()
  }
  const [wanted] = found
  expect(new Set(wanted).size).toBe(25) // three vectors, and zeros
  for (const list of found) {
    list.forEach((value, index) => {
      expect(value).toBeCloseTo(wanted[index], 5)
    })
  }
  expect(warnings).toEqual([])
})
