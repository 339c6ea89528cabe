import { describe, expect, it } from 'vitest'
import { onnxNodes, resolve } from '../../src/geometry.ts'
import { audit, diff } from '../../src/models.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'

// The code that samepad writes, as a graph, is the layer that it stands for.

type Given = Parameters<typeof resolve>[0] & { readonly op: keyof typeof words }
const words = { conv: 'Conv', convTranspose: 'ConvTranspose', maxPool: 'MaxPool', averagePool: 'AveragePool' } as const

/** The nodes that are written for a layer with SAME padding, as a model. */
function written(given: Given): Uint8Array {
  const nodes = onnxNodes(resolve(given), given.op.startsWith('conv') ? { bias: false } : {})
  const initializers = nodes.flatMap(({ constants }) =>
    constants.map(({ name, type, shape, values }) =>
      type === 'int64' ? ints(name, shape.length === 0 ? values[0] : values) : floats(name, shape, values),
    ),
  )
  const made = nodes.map(({ opType, inputs, outputs, attributes }) =>
    node(opType, inputs.join(' '), outputs.join(' '), attributes),
  )
  return model({ nodes: made, inputs: inputsOf(given), initializers: [...initializers, ...weightsOf(given)] }, 19)
}

/** One node with automatic padding. */
function automatic(given: Given): Uint8Array {
  const { op, kernel, strides, dilations } = given
  const list = (value: unknown): number[] => [value ?? 1].flat() as number[]
  const attributes = { kernel_shape: list(kernel), strides: list(strides), dilations: list(dilations) }
  const names = op.startsWith('conv') ? 'x weight' : 'x'
  const nodes = [node(words[op], names, 'y', { ...attributes, auto_pad: 'SAME_UPPER' })]
  return model({ nodes, inputs: inputsOf(given), initializers: weightsOf(given) }, 19)
}

const inputsOf = ({ input }: Given): Record<string, number[]> => ({ x: [1, 1, ...([input].flat() as number[])] })
const weightsOf = ({ op, kernel }: Given): ReturnType<typeof floats>[] =>
  op.startsWith('conv') ? [floats('weight', [1, 1, ...([kernel].flat() as number[])])] : []

describe('code for ONNX', () => {
  const numbers = [1, 2, 3, 4, 5]
  it.each(Object.keys(words) as (keyof typeof words)[])('%s: all small windows are as SAME has them', async (op) => {
    let count = 0
    for (const input of [7, 8, 12])
      for (const kernel of numbers)
        for (const strides of numbers.slice(0, 4))
          for (const dilations of op === 'averagePool' ? [1] : [1, 3]) {
            const given = { op, input: [input], kernel: [kernel], strides, dilations, padding: 'same' } as Given
            const [one, two] = [
              written(given),
              automatic({ ...given, strides: [strides], dilations: [dilations] } as Given),
            ]
            expect((await diff(one, two)).equal, `${op} ${input} k${kernel} s${strides} d${dilations}`).toBe(true)
            count++
          }
    expect(count).toBe(op === 'averagePool' ? 60 : 120)
  })
})

describe('code for PyTorch, as its exporter writes it', () => {
  const slice = (from: string, to: string, steps: string): ReturnType<typeof node> =>
    node('Slice', `${from} starts ends axes ${steps}`, to)
  const bounds = (starts: number[], ends: number[], steps: number[]) => [
    ...[ints('starts', starts), ints('ends', ends), ints('axes', [2, 3]), ints('steps', steps)],
    floats('w', [1, 1, 3, 3]),
  ]
  const inputs = { x: [1, 1, 9, 11] }

  it('a transposed convolution cut to input * stride, in one layout and the other', async () => {
    const attributes = { kernel_shape: [3, 3], strides: [2, 2] }
    const same = model({
      nodes: [node('ConvTranspose', 'x w', 'y', { ...attributes, auto_pad: 'SAME_UPPER' })],
      inputs,
      initializers: [floats('w', [1, 1, 3, 3])],
    })
    const cut = [node('ConvTranspose', 'x w', 'c', attributes), slice('c', 'y', 'steps')]
    const plain = model({ nodes: cut, inputs, initializers: bounds([0, 0], [18, 22], [1, 1]) })
    expect((await diff(plain, same)).equal).toBe(true)
    const turned = [
      ...[node('ConvTranspose', 'x w', 'c', attributes), node('Transpose', 'c', 't', { perm: [0, 2, 3, 1] })],
      ...[node('Slice', 't starts ends last steps', 'u'), node('Transpose', 'u', 'y', { perm: [0, 3, 1, 2] })],
    ]
    const last = ints('last', [1, 2])
    const channelsLast = model({ nodes: turned, inputs, initializers: [...bounds([0, 0], [18, 22], [1, 1]), last] })
    expect((await diff(channelsLast, same)).equal).toBe(true)
    const late = model({ nodes: cut, inputs, initializers: bounds([1, 0], [19, 22], [1, 1]) })
    expect((await diff(late, same)).equal).toBe(false)
  })

  it('a dilated convolution of stride 1, of whose outputs every other one is kept', async () => {
    const attributes = { kernel_shape: [3, 3], dilations: [2, 2] }
    const same = { ...attributes, strides: [2, 2], auto_pad: 'SAME_UPPER' }
    const reference = model({
      nodes: [node('Conv', 'x w', 'y', same)],
      inputs,
      initializers: [floats('w', [1, 1, 3, 3])],
    })
    const nodes = [node('Conv', 'x w', 'c', { ...attributes, pads: [2, 2, 2, 2] }), slice('c', 'y', 'steps')]
    const most = 2 ** 31 - 1
    const from = (start: number, step: number): Uint8Array =>
      model({ nodes, inputs, initializers: bounds([start, start], [most, most], [step, step]) })
    expect((await diff(from(0, 2), reference)).equal).toBe(true)
    expect((await diff(from(1, 2), reference)).equal).toBe(false)
    expect((await diff(from(0, 3), reference)).first?.difference).toBe('window')
    expect((await audit(from(0, 2))).nodes[0].window).toBe('3x3 stride 2 dilation 2')
  })
})
