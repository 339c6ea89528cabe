import { beforeAll, expect, it } from 'vitest'
import { loadNetwork, type Tensor } from '../../src/graph.ts'
import { numbersFrom } from '../graph/onnx-bytes.ts'
import { type CaseInput, caseBytes, isWhole } from '../graph/operator-cases/case.ts'
import { operatorCases } from '../graph/operator-cases/index.ts'
import { engine } from './engine.ts'

// Operators as operator sets have them that ONNX's own tests do not reach, by samepad and by onnxruntime.

// biome-ignore lint/suspicious/noExplicitAny: the engine has no types here
let ort: any
beforeAll(() => {
  ort = engine('onnxruntime-node')
})

function tensorOf(input: CaseInput, seed: number): Tensor {
  if (isWhole(input)) return { data: Float32Array.from(input.data), shape: input.shape }
  return {
    data: numbersFrom(
      seed,
      input.reduce((a, b) => a * b, 1),
    ),
    shape: input,
  }
}

it.each([...operatorCases])('%s', async (_, one) => {
  const { inputs, outputs = ['y'] } = one
  const bytes = caseBytes(one)
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, one], index) => [name, tensorOf(one, index + 3)]),
  )
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const feeds = Object.entries(tensors).map(([name, { data, shape }]) => [
    name,
    isWhole(inputs[name])
      ? new ort.Tensor(
          'int64',
          BigInt64Array.from(data, (one) => BigInt(one)),
          shape,
        )
      : new ort.Tensor('float32', data, shape),
  ])
  const wanted = await session.run(Object.fromEntries(feeds))
  const network = await loadNetwork(bytes)
  const found = network.run(tensors)
  for (const name of outputs) {
    expect(found[name].shape).toEqual([...wanted[name].dims])
    const numbers = Float64Array.from(wanted[name].data, Number)
    const range = numbers.reduce(
      (most, number) => (Number.isFinite(number) ? Math.max(most, Math.abs(number)) : most),
      1,
    )
    const wrong = [...numbers.keys()].filter(
      (place) =>
        !(Math.abs(numbers[place] - found[name].data[place]) <= 2e-6 * range) &&
        !Object.is(numbers[place], found[name].data[place]),
    )
    expect(wrong.map((place) => [place, found[name].data[place], numbers[place]])).toEqual([])
    expect(numbers.length).toBeGreaterThan(0)
  }
  network.release()
})
