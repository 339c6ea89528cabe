import { expect, it } from 'vitest'
import { audit, diff, outputPhases } from '../../src/models.ts'
import { floats, model, node } from '../models/onnx/make-model.ts'
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

/** A strided layer, a gate made of all its cells by two more layers, and a strided layer behind; the gate comes first or last. */
const gated = (isFirst: boolean): Uint8Array =>
  model({
    nodes: [
      node('Conv', 'x w', 'a', { strides: [2, 2], pads: symmetric }),
      node('GlobalAveragePool', 'a', 'mean'),
      node('Conv', 'mean v', 'less'),
      node('Conv', 'less v', 'gate'),
      node('Mul', isFirst ? 'gate a' : 'a gate', 'b'),
      node('Conv', 'b w', 'y', { strides: [2, 2], pads: symmetric }),
    ],
    inputs: { x: [1, 2, 32, 48] },
    initializers: [floats('w', [2, 2, 3, 3]), floats('v', [2, 2, 1, 1])],
  })

it.each([true, false])('the way from the input goes past a gate, whichever comes first (%s)', async (isFirst) => {
  const { findings } = await audit(gated(isFirst))
  expect(findings.map(({ message }) => message).join()).toMatch(/grid by 3 cells of the input over 2 strided layers/)
})

it('a last pooling without padding does not hide how far the grid would move', async () => {
  const pool: Spec = ['AveragePool', { kernel_shape: [5, 5], strides: [2, 2] }]
  const { findings } = await audit(chain([conv(upper), conv(upper), pool, ['Conv', { kernel_shape: [1, 1] }]]))
  expect(findings.map(({ message }) => message).join()).toMatch(/grid by 3 cells of the input over 2 strided layers/)
  // Before a layer that tells it does: the rules need not meet there at any size.
  const between = await audit(chain([conv(upper), pool, conv(upper)]))
  expect(between.findings.map(({ rule }) => rule)).not.toContain('grid-drift')
})

it('what lays cells in a row keeps the batch, and a gate made so leaves the grid in its place', async () => {
  const bytes = model(
    {
      nodes: [
        node('Conv', 'x w', 'a', { strides: [2, 2], pads: symmetric }),
        node('GlobalAveragePool', 'a', 'mean'),
        node('Flatten', 'mean', 'row'),
        node('Gemm', 'row m', 'made'),
        node('Unsqueeze', 'made', 'gate', { axes: [2, 3] }),
        node('Mul', 'a gate', 'y'),
      ],
      inputs: { x: [1, 2, 32, 48] },
      initializers: [floats('w', [2, 2, 3, 3]), floats('m', [2, 2])],
    },
    11,
  )
  const [{ axes }] = (await outputPhases(bytes)).outputs
  expect(axes.map(({ name, jump, ended }) => [name, jump, ended])).toEqual([
    ['height', 2, undefined],
    ['width', 2, undefined],
  ])
})
