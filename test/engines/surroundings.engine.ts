import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diff, readModel } from '../../src/models.ts'
import { engine } from './engine.ts'

// Pairs of small models that differ in what stands in the padding or around a window: what diff says, held against values.

const { InferenceSession, Tensor } = engine('onnxruntime-node')
const folder = join(import.meta.dirname, '..', 'audit', 'cases')

/** What a model gives for numbers that rise and fall. */
async function valuesOf(name: string): Promise<number[]> {
  const path = join(folder, `${name}.onnx`)
  const { graph } = await readModel(path)
  const [{ name: input, shape, elementType }] = graph.inputs
  const dims = shape as number[]
  const length = dims.reduce((product, size) => product * size, 1)
  const numbers = Array.from({ length }, (_, index) => ((index * 7) % 23) + (elementType === 2 ? 100 : -30))
  const tensor =
    elementType === 2
      ? new Tensor('uint8', Uint8Array.from(numbers), dims)
      : new Tensor('float32', Float32Array.from(numbers), dims)
  const session = await InferenceSession.create(readFileSync(path), { graphOptimizationLevel: 'disabled' })
  const [output] = Object.values(await session.run({ [input]: tensor })) as { data: ArrayLike<number> }[]
  await session.release()
  return Array.from(output.data, Number)
}

it.each([
  ['reflect7', 'zero7', false],
  ['pvr', 'pve', false],
  ['qpad0', 'qpad128', false],
  ['padmax', 'padmax-inf', false],
  ['own-ct', 'own-ct-ref', true],
  ['own-dil', 'own-dil-ref', true],
])('%s and %s', async (a, b, alike) => {
  const [one, two] = [await valuesOf(a), await valuesOf(b)]
  const apart = one.map((value, index) => Math.abs(value - two[index])).reduce((x, y) => Math.max(x, y), 0)
  expect(one.length === two.length && apart < 1e-3).toBe(alike)
  expect((await diff(join(folder, `${a}.onnx`), join(folder, `${b}.onnx`))).equal).toBe(alike)
})
