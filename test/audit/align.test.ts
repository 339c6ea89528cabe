import { expect, it } from 'vitest'
import { diff } from '../../src/models.ts'
import { model, node, type Parts } from '../models/onnx/make-model.ts'

/** Pools in a row of other strides at both ends, so that no twins are found there. */
function row(kernels: readonly number[], stride: number): Uint8Array {
  const nodes: Parts['nodes'] = kernels.map((kernel, index) =>
    node(
      'MaxPool',
      index === 0 ? 'x' : `v${index}`,
      `v${index + 1}`,
      { kernel_shape: [kernel], strides: [index === 0 || index === kernels.length - 1 ? stride : 1] },
      { name: `p${kernel}` },
    ),
  )
  return model({ nodes, inputs: { x: [1, 1, 2 ** 22] } }, 17)
}

it('layers between those that are too many to be weighed are paired by what occurs once', async () => {
  const kernels = Array.from({ length: 2100 }, (_, index) => index + 1)
  // The second has not every tenth one, and another stride at both ends.
  const fewer = kernels.filter((kernel) => kernel % 10 !== 5)
  const { pairs, onlyA, onlyB } = await diff(row(kernels, 2), row(fewer, 3))
  expect(onlyB).toEqual([])
  expect(onlyA.map(({ name }) => name)).toEqual(kernels.filter((kernel) => kernel % 10 === 5).map((one) => `p${one}`))
  expect(pairs.every(({ a, b }) => a.name === b.name)).toBe(true)
  expect(pairs).toHaveLength(fewer.length)
}, 60_000)
