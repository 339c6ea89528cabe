import * as ort from 'onnxruntime-web'
import { expect, it } from 'vitest'
import { register } from '../../src/onnxruntime.ts'
import { modelBytes } from '../graph/onnx-bytes.ts'
import { OtherProvider } from './other-provider.ts'

// A file of its own: once samepad is taken by default, it stays so.

const model = (opType: string): Uint8Array =>
  modelBytes({ inputs: { x: [2] }, outputs: ['y'], nodes: [[opType, ['x'], ['y']]] })
const x = new ort.Tensor(Float32Array.of(-4, 9), [2])
const warnings: string[] = []
const own = new OtherProvider().register('cpu', 100)

it('by default, sessions that name no provider run on samepad, and on cpu where it does not run them', async () => {
  register(ort)
  await ort.InferenceSession.create(model('Neg'))
  expect(own.sessions).toHaveLength(1)
  register(ort, { byDefault: true })
  register(ort, { warn: (message) => warnings.push(message) })
  const session = await ort.InferenceSession.create(model('Neg'))
  expect((await session.run({ x })).y.data).toEqual(Float32Array.of(4, -9))
  expect([own.sessions.length, warnings.length]).toEqual([1, 0])
  const other = await ort.InferenceSession.create(model('RNN'))
  expect((await other.run({ x })).y.data).toEqual(Float32Array.of(996, 1009))
  expect(own.sessions[1].options.executionProviders).toEqual(['cpu'])
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain(' runs on onnxruntime (cpu): loadNetwork: every node must be one that samepad runs')
})

it('sessions that name others do not', async () => {
  await ort.InferenceSession.create(model('Neg'), { executionProviders: ['cpu'] })
  expect(own.sessions).toHaveLength(3)
})
