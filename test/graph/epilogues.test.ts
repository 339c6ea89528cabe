import { expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { type ConstantOf, modelBytes, type NodeOf, numbersFrom, tensorFrom } from './onnx-bytes.ts'

// What convolutions, pools and products take in of what stands behind them: the same numbers, in fewer steps.

const x = tensorFrom(1, [2, 6, 9, 10])
const constants: Record<string, ConstantOf> = {
  w: { shape: [6, 6, 3, 3], data: numbersFrom(2, 324) },
  d: { shape: [6, 1, 3, 3], data: numbersFrom(3, 54) },
  u: { shape: [6, 6, 1, 1], data: numbersFrom(4, 36) },
  m: { shape: [10, 7], data: numbersFrom(5, 70) },
  seven: { shape: [7], data: numbersFrom(6, 7) },
  slopes: { shape: [6, 1, 1], data: numbersFrom(7, 6) },
  gates: { shape: [2, 6, 1, 1], data: numbersFrom(8, 12) },
  rows: { shape: [10], data: numbersFrom(9, 10) },
}
const conv: NodeOf = ['Conv', ['x', 'w'], ['c'], { pads: [1, 1, 1, 1] }]
const pool: NodeOf = ['AveragePool', ['x'], ['c'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1] }]

/** The operations of a model, and its output beside that of the same model with every value as an output, where nothing is joined. */
async function check(nodes: readonly NodeOf[], outputs: readonly string[] = ['y']): Promise<string[]> {
  const inputs = { x: ['n', 6, 'h', 10] }
  const every = [...outputs, ...nodes.flatMap(([, , [name]]) => (outputs.includes(name) ? [] : [name]))]
  const joined = await loadNetwork(modelBytes({ inputs, outputs, nodes, constants }), { layout: 'nchw' })
  const apart = await loadNetwork(modelBytes({ inputs, outputs: every, nodes, constants }), { layout: 'nchw' })
  expect(apart.plan({ x: x.shape }).steps.length).toBeGreaterThanOrEqual(joined.plan({ x: x.shape }).steps.length)
  const [found, wanted] = [joined.run({ x }), apart.run({ x })]
  for (const name of outputs) {
    expect(found[name].shape).toEqual(wanted[name].shape)
    found[name].data.forEach((one, at) => {
      expect(Math.abs(one - wanted[name].data[at])).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(wanted[name].data[at])))
    })
  }
  const steps = joined.plan({ x: x.shape }).steps.map(({ operation, detail }) => `${operation} ${detail}`)
  joined.release()
  apart.release()
  return steps
}

it.each([
  ['Add', ['c', 'x'], 'add residual'],
  ['Add', ['x', 'c'], 'add residual'],
  ['Mul', ['x', 'c'], 'multiply residual'],
  ['Sub', ['c', 'x'], 'subtract residual'],
  ['Max', ['x', 'c'], 'maximum residual'],
] as const)('%s of %s is a residual, before an activation and after it', async (opType, inputs, said) => {
  for (const first of [conv, pool]) {
    const before = await check([first, [opType, inputs, ['s']], ['Relu', ['s'], ['y']]])
    expect(before).toHaveLength(1)
    expect(before[0]).toContain(`${said} relu`)
    const operands = inputs.map((one) => (one === 'c' ? 't' : one))
    const after = await check([first, ['Tanh', ['c'], ['t']], [opType, operands, ['y']]])
    expect(after).toHaveLength(1)
    expect(after[0]).toContain(`tanh ${said}`)
  }
})

it('takes in activations with numbers, one or one for each channel', async () => {
  const prelu = await check([conv, ['PRelu', ['c', 'slopes'], ['y']]])
  expect(prelu).toEqual(['conv k3x3 p1,1 prelu [6,1,1]'])
  const clipped = await check([pool, ['Mul', ['c', 'slopes'], ['p']], ['HardSwish', ['p'], ['y']]])
  expect(clipped).toEqual(['averagePool k3x3 p1,1 multiply [6,1,1] hardSwish'])
  const elu = await check([conv, ['Elu', ['c'], ['y'], { alpha: { float: 0.5 } }]])
  expect(elu).toEqual(['conv k3x3 p1,1 elu 0.5'])
})

it('takes in what follows a product of rows', async () => {
  const steps = await check([
    ['MatMul', ['x', 'm'], ['c']],
    ['Add', ['c', 'seven'], ['b']],
    ['Gelu', ['b'], ['y']],
  ])
  expect(steps).toEqual(['dense 10x7 add [7] gelu'])
})

it('a chain of blocks adds what the block before made, where it lies', async () => {
  const layer = (from: string, to: string): NodeOf => ['Conv', [from, 'u'], [to]]
  const steps = await check([
    layer('x', 'a'),
    layer('a', 'b'),
    ['Add', ['b', 'a'], ['c']],
    ['Conv', ['c', 'd'], ['e'], { group: 6, pads: [1, 1, 1, 1] }],
    ['Add', ['c', 'e'], ['f']],
    ['Relu', ['f'], ['y']],
  ])
  expect(steps).toEqual(['conv k1x1 p0,0', 'conv k1x1 p0,0 add residual', 'conv k3x3 p1,1 groups 6 add residual relu'])
})

it.each<[string, readonly NodeOf[], number]>([
  ['is broadcast from fewer elements', [conv, ['Mul', ['c', 'gates'], ['y']]], 2],
  ['runs along the width', [conv, ['Mul', ['c', 'rows'], ['y']]], 2],
  ['is the output itself', [conv, ['Mul', ['c', 'c'], ['y']]], 2],
  ['is a second tensor', [conv, ['Add', ['c', 'x'], ['s']], ['Tanh', ['x'], ['t']], ['Mul', ['s', 't'], ['y']]], 2],
])('leaves alone what %s', async (_, nodes, count) => {
  expect(await check(nodes)).toHaveLength(count)
})

it('leaves alone what others read too', async () => {
  const nodes: readonly NodeOf[] = [conv, ['Relu', ['c'], ['y']], ['Tanh', ['c'], ['z']]]
  expect(await check(nodes, ['y', 'z'])).toHaveLength(3)
})
