import { expect, it } from 'vitest'
import { diff } from '../../src/models.ts'
import { chain, type Spec } from './networks.ts'

const conv = (pads: number[]): Spec => ['Conv', { kernel_shape: [3, 3], strides: [2, 2], pads }]
const upper = [0, 0, 1, 1]
const symmetric = [1, 1, 1, 1]

/** Cells that the grid of a second strided layer drifts, with an operator between the two. */
async function driftOver(between: Spec): Promise<number | undefined> {
  const exported = (pads: number[]) => chain([conv(pads), between, conv(pads)])
  return (await diff(exported(upper), exported(symmetric))).drift?.cells
}

it.each(['Relu', 'Sin', 'Cos', 'Tan', 'Sinh', 'IsNaN', 'BitwiseNot', 'Softmax', 'RMSNormalization', 'Bernoulli'])(
  'the drift goes on over %s, which leaves each cell where it is',
  async (opType) => expect(Math.abs((await driftOver([opType, {}])) ?? 0)).toBe(3),
)

it.each(['CumSum', 'GlobalMaxPool', 'Resize'])('and not over %s', async (opType) => {
  expect(Math.abs((await driftOver([opType, {}])) ?? 0)).toBe(1)
})
