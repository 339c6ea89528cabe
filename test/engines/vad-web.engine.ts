import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { memoryUse } from '../../src/index.ts'
import { register } from '../../src/onnxruntime.ts'
import { engine } from './engine.ts'

// @ricky0123/vad-web as it is published: it finds speech with onnxruntime-web. Its model has an LSTM, which samepad does not
// run, and it names no provider.

interface Vad {
  readonly frameProcessor: { modelProcessFunc(frame: Float32Array): Promise<{ isSpeech: number }> }
}

const require = createRequire(join(import.meta.dirname, '../../bench/package.json'))
const warnings: string[] = []
// biome-ignore lint/suspicious/noExplicitAny: the engine has no types here
let ort: any

beforeAll(() => {
  ort = engine('onnxruntime-web')
  ort.env.wasm.numThreads = 1
  ort.env.logLevel = 'error'
})
afterEach(() => {
  warnings.length = 0
})

/** How sure it is of speech, frame by frame: silence, then a buzz like that of a voice. */
async function probabilities(): Promise<number[]> {
  const path = require.resolve('@ricky0123/vad-web/dist/silero_vad_legacy.onnx')
  const { NonRealTimeVAD } = engine('@ricky0123/vad-web')
  const modelFetcher = async () => new Uint8Array(readFileSync(path)).buffer
  const vad: Vad = await NonRealTimeVAD.new({ modelURL: path, modelFetcher })
  const found: number[] = []
  for (let frame = 0; frame < 12; frame++) {
    const samples = Float32Array.from({ length: 1536 }, (_, index) => {
      const second = (1536 * frame + index) / 16000
      const buzz = [1, 2, 3, 5, 8, 13].reduce(
        (sum, part) => sum + Math.sin(2 * Math.PI * 140 * part * second) / part,
        0,
      )
      return frame < 4 ? 0 : 0.2 * buzz * (1 + Math.sin(2 * Math.PI * 4 * second))
    })
    found.push((await vad.frameProcessor.modelProcessFunc(samples)).isSpeech)
  }
  return found
}

it('vad-web hears with samepad registered by default what it hears without: onnxruntime runs its LSTM', async () => {
  const wanted = await probabilities()
  expect(new Set(wanted).size).toBeGreaterThan(6)
  register(ort, { byDefault: true, warn: (message) => warnings.push(message) })
  const before = memoryUse().used
  expect(await probabilities()).toEqual(wanted)
  expect(memoryUse().used).toBe(before)
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(
    /^samepad: a model of \d+ bytes runs on onnxruntime \(cpu\): loadNetwork: every node must be one that samepad runs/,
  )
})

it('what names wasm stays there, and what names nothing and can run, runs on samepad', async () => {
  const path = join(import.meta.dirname, '../../examples/face/data/blazeface-front.onnx')
  const bytes = new Uint8Array(readFileSync(path))
  const input = new ort.Tensor('float32', new Float32Array(128 * 128 * 3).fill(0.25), [1, 128, 128, 3])
  const before = memoryUse().used
  const wasm = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] })
  const wanted = await wasm.run({ 'input:0': input })
  expect(memoryUse().used).toBe(before)
  for (const options of [{}, { executionProviders: ['samepad', 'wasm'] }, { executionProviders: ['samepad'] }]) {
    const session = await ort.InferenceSession.create(bytes, options)
    const found = await session.run({ 'input:0': input })
    expect(memoryUse().used).toBeGreaterThan(before)
    expect([session.inputNames, session.outputNames]).toEqual([wasm.inputNames, wasm.outputNames])
    expect(session.inputMetadata).toEqual(wasm.inputMetadata)
    expect(session.outputMetadata).toEqual(wasm.outputMetadata)
    for (const name of wasm.outputNames) {
      expect(found[name]).toBeInstanceOf(ort.Tensor)
      expect(found[name].dims).toEqual(wanted[name].dims)
      const most = Math.max(...wanted[name].data.map(Math.abs))
      found[name].data.forEach((one: number, at: number) => {
        expect(Math.abs(one - wanted[name].data[at])).toBeLessThanOrEqual(4e-5 * most)
      })
    }
    await session.release()
  }
  expect(warnings).toEqual([])
})
