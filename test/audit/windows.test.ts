import { expect, it } from 'vitest'
import { audit, diff } from '../../src/models.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'
import { inShort } from './networks.ts'

const causal = (kernel: number): Uint8Array =>
  model(
    {
      nodes: [node('CausalConvWithState', 'x w', 'y state')],
      inputs: { x: [1, 2, 'length'] },
      initializers: [floats('w', [2, 1, kernel])],
    },
    27,
  )

it('a causal convolution with a state is a window, on open sizes too', async () => {
  const found = await audit(causal(4))
  expect(found.nodes).toMatchObject([{ window: '4', family: 'causal', axes: [{ padBegin: 3, padEnd: 0 }] }])
  expect(inShort(found)).toEqual([])
  const sized = await audit(causal(4), { inputs: { x: [1, 2, 10] } })
  expect(sized.nodes[0].axes).toMatchObject([{ input: 10, padBegin: 3, padEnd: 0, output: 10 }])
})

it('diff holds it against a convolution that pads as it does', async () => {
  const conv = (pads: number[]): Uint8Array =>
    model({
      nodes: [node('Conv', 'x w', 'y', { kernel_shape: [4], pads, group: 2 })],
      inputs: { x: [1, 2, 'length'] },
      initializers: [floats('w', [2, 1, 4])],
    })
  expect((await diff(causal(4), conv([3, 0]))).equal).toBe(true)
  expect((await diff(causal(4), conv([2, 1]))).equal).toBe(false)
})

it('an unpooling is a transposed window', async () => {
  const found = await audit(
    model({
      nodes: [
        node('MaxPool', 'x', 'p indices', { kernel_shape: [2, 2], strides: [2, 2] }),
        node('MaxUnpool', 'p indices', 'y', { kernel_shape: [2, 2], strides: [2, 2] }),
      ],
      inputs: { x: [1, 1, 6, 8] },
    }),
  )
  expect(found.nodes.map(({ family, axes }) => [family, axes.map(({ output }) => output)])).toEqual([
    ['both', [3, 4]],
    ['both', [6, 8]],
  ])
  expect(inShort(found)).toEqual([])
})

it('negative pads of a transposed convolution: the specification forbids them, and that is the reason given', async () => {
  const transposed = (pads: number[]): Uint8Array =>
    model({
      nodes: [node('ConvTranspose', 'x w', 'y', { kernel_shape: [3, 3], strides: [2, 2], pads })],
      inputs: { x: [1, 1, 6, 6] },
      initializers: [floats('w', [1, 1, 3, 3]), ints('unused', [1])],
    })
  const [finding] = (await audit(transposed([-1, -1, -1, -1]))).findings
  expect(finding).toMatchObject({ rule: 'pads-refused', severity: 'error' })
  expect(finding.message).toBe('ONNX has no answer on 6x6 cells: padding must not be negative')
  expect(inShort(await audit(transposed([1, 1, 1, 1])))).toEqual([])
})
