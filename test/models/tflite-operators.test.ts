import { describe, expect, it } from 'vitest'
import { inputSizes, readModel } from '../../src/models.ts'
import { int8, int32, text } from './flat.ts'
import {
  code,
  type FileGraph,
  type FileOperator,
  type FileTensor,
  floats,
  ints,
  longs,
  tfliteFile,
} from './tflite-file.ts'
import { filter, only, picture, result, SAME, single, VALID, windowsOf } from './tflite-single.ts'

describe('padding operators', () => {
  const padded = (
    number: number,
    rows: FileTensor,
    options: FileOperator['options'],
    pool: number,
    ...more: FileTensor[]
  ): Uint8Array =>
    tfliteFile({
      tensors: [picture(1, 9, 7, 4), rows, { name: 'p', shape: [] }, result, ...more],
      ...{ inputs: [0], outputs: [3] },
      operators: [
        {
          code: code(number),
          inputs: [0, 1, ...more.map((_, index) => 4 + index)],
          outputs: [2],
          ...(options && { options }),
        },
        {
          code: code(pool),
          inputs: [2],
          outputs: [3],
          options: { 0: int8(VALID), 1: int32(2), 2: int32(2), 3: int32(3), 4: int32(3) },
        },
      ],
    })
  const rows = [0, 0, 1, 2, 3, 4, 0, 0]

  it.each([
    ['int32', { name: 'p4', shape: [4, 2], type: 2, data: ints(...rows) }],
    ['int64', { name: 'p8', shape: [4, 2], type: 4, data: longs(...rows) }],
  ])('pads are a row for each axis (%s)', async (_, constant) => {
    const window = await only(padded(34, constant, undefined, 17))
    expect(window.outputShape).toEqual([1, 4, 5, 6])
    expect(window.before[0].steps.slice(2)).toMatchObject([{ pads: [1, 2] }, { pads: [3, 4] }])
  })

  it.each([
    ['the default of MIRROR_PAD', 100, {}, 'reflect'],
    ['0', 100, { 0: int8(0) }, 'reflect'],
    ['1', 100, { 0: int8(1) }, 'symmetric'],
    ['PAD', 34, undefined, 'constant'],
  ])('the mode of %s', async (_, number, options, mode) => {
    const constant = { name: 'p4', shape: [4, 2], type: 2, data: ints(...rows) }
    const [pad] = (await only(padded(number, constant, options, 17))).before
    expect(pad?.steps[2]).toMatchObject({ filling: { mode } })
  })

  it('PADV2 has its value as an input', async () => {
    const constant = { name: 'p4', shape: [4, 2], type: 2, data: ints(...rows) }
    const value = { name: 'v', shape: [1], type: 0, data: floats(-3.5) }
    const [pad] = (await only(padded(60, constant, undefined, 17, value))).before
    expect(pad?.steps[2]).toMatchObject({ filling: { mode: 'constant', value: -3.5 } })
  })
})

describe('a dilated convolution of three operators', () => {
  const made = (
    paddings: number[],
    crops: number[],
    convolution: FileOperator['options'],
    block = [2, 2],
  ): Uint8Array =>
    tfliteFile({
      tensors: [
        picture(1, 9, 9, 4),
        { name: 'block', shape: [2], type: 2, data: ints(...block) },
        { name: 'paddings', shape: [2, 2], type: 2, data: ints(...paddings) },
        { name: 'folded', shape: [4, 7, 7, 4] },
        filter(1, 3, 3, 4),
        { name: 'z', shape: [4, 5, 5, 4] },
        { name: 'a', shape: [4, 5, 5, 4] },
        { name: 'crops', shape: [2, 2], type: 2, data: ints(...crops) },
        { name: 'y', shape: [1, 9, 9, 4] },
      ],
      ...{ inputs: [0], outputs: [8] },
      operators: [
        { code: code(38), inputs: [0, 1, 2], outputs: [3] },
        { code: code(4), inputs: [3, 4], outputs: [5], ...(convolution && { options: convolution }) },
        { code: code(19), inputs: [5], outputs: [6] },
        { code: code(37), inputs: [6, 1, 7], outputs: [8] },
      ],
    })
  const valid = { 0: int8(VALID), 1: int32(1), 2: int32(1) }

  it('with SAME of that dilation', async () => {
    const window = await only(made([2, 3, 2, 3], [0, 1, 0, 1], valid))
    expect(window.written).toMatchObject({ autoPad: 'same', dilations: [2, 2], strides: [1, 1] })
    expect(window).toMatchObject({ inputShape: [1, 4, 9, 9], outputShape: [1, 4, 9, 9] })
  })

  it('without padding', async () => {
    const window = await only(made([0, 1, 0, 1], [0, 1, 0, 1], valid))
    expect(window.written).toMatchObject({ autoPad: 'valid', dilations: [2, 2] })
    expect(window.outputShape).toEqual([1, 4, 5, 5])
  })

  it('with more on one side', async () => {
    const window = await only(made([4, 1, 2, 3], [0, 1, 0, 1], valid))
    expect(window.before[0].steps.slice(2)).toMatchObject([{ pads: [4, 0] }, { pads: [2, 2] }])
    expect(window.outputShape).toEqual([1, 4, 9, 9])
  })

  it.each([
    ['a window with padding of its own', made([2, 3, 2, 3], [0, 1, 0, 1], { 1: int32(1), 2: int32(1) })],
    ['a window of larger steps', made([2, 3, 2, 3], [0, 1, 0, 1], { 0: int8(VALID), 1: int32(2), 2: int32(2) })],
  ])('stays three with %s', async (_, file) => {
    const { graph } = await readModel(file)
    expect(graph.nodes.map(({ opType }) => opType)).toContain('SpaceToBatchND')
  })
})

describe('what cannot be seen', () => {
  it('a custom operator keeps its name', async () => {
    const file = single({ code: { 0: int8(32), 1: text('ethos-u') } }, picture(1, 8, 8, 4), result)
    expect((await readModel(file)).graph.nodes).toMatchObject([{ opType: 'ethos-u', domain: 'tflite' }])
  })

  it.each([
    [1, 'SAME'],
    [2, 'VALID'],
  ])('the structure of Convolution2DTransposeBias counts paddings from 1: %i is %s', async (padding, word) => {
    const file = single(
      { code: { 0: int8(32), 1: text('Convolution2DTransposeBias') }, custom: ints(padding, 2, 3) },
      picture(1, 8, 8, 4),
      result,
    )
    const [node] = (await readModel(file)).graph.nodes
    expect(node.attributes[0].string).toContain(`padding ${word} and strides 3,2`)
  })

  it('the graphs of an If are named', async () => {
    const inner = (name: string): FileGraph => ({
      name,
      tensors: [],
      inputs: [],
      outputs: [],
      operators: [],
    })
    const file = tfliteFile(
      {
        ...{ tensors: [picture(1, 4), result], inputs: [0], outputs: [1] },
        operators: [{ code: code(118), inputs: [0], outputs: [1], options: { 0: int32(1), 1: int32(2) } }],
      },
      inner('then'),
      inner('else'),
    )
    const [node] = (await readModel(file)).graph.nodes
    expect(node).toMatchObject({ opType: 'IF', domain: 'tflite' })
    expect(node.attributes[0].string).toBe('runs the graphs then and else, which are not read')
  })
})

it.each([
  ['that stand twice', ['v', 'v', 'v']],
  ['that are missing', [undefined, undefined, undefined]],
  ['that are the numbers of others', ['tensor 2', 'tensor 1', undefined]],
])('names %s are told apart', async (_, [a, b, c]) => {
  const options = { 1: int32(1), 2: int32(1), 3: int32(2), 4: int32(2) }
  const file = tfliteFile({
    tensors: [
      { name: a, shape: [1, 8, 8, 4] },
      { name: b, shape: [] },
      { name: c, shape: [] },
    ],
    ...{ inputs: [0], outputs: [2] },
    operators: [
      { code: code(17), inputs: [0], outputs: [1], options },
      { code: code(1), inputs: [1], outputs: [2], options: { ...options, 0: int8(VALID) } },
    ],
  })
  const windows = await windowsOf(file)
  expect(windows.map(({ outputShape }) => outputShape)).toEqual([
    [1, 4, 8, 8],
    [1, 4, 7, 7],
  ])
})

it('data behind the tables are constants, too', async () => {
  const made = (offset: number): Uint8Array =>
    tfliteFile({
      tensors: [picture(1, 8, 8, 4), { name: 'p', shape: [4, 2], type: 2, behind: [offset, 32] }, result],
      ...{ inputs: [0], outputs: [2] },
      operators: [{ code: code(34), inputs: [0, 1], outputs: [2] }],
    })
  const offset = made(0).length
  const file = new Uint8Array([...made(offset), ...ints(0, 0, 1, 2, 3, 4, 0, 0)])
  const { graph } = await readModel(file)
  expect(graph.initializers.find(({ name }) => name === 'p')?.values()).toEqual([0, 0, 1, 2, 3, 4, 0, 0])
  await expect(readModel(made(offset))).rejects.toThrow(/^tflite: 32 bytes must lie within the file/)
})

it('an operator without a code is none', async () => {
  const file = tfliteFile({
    tensors: [picture(1, 4), result],
    inputs: [0],
    outputs: [1],
    operators: [{ code: {}, inputs: [0, -1, 99], outputs: [1] }],
  })
  expect((await readModel(file)).graph.nodes[0]).toMatchObject({ opType: 'Add', inputs: ['x', '', ''] })
})

describe('a transposed convolution whose output size is a constant', () => {
  const transposed = (padding: number, output: number): Uint8Array =>
    tfliteFile({
      tensors: [
        { name: 'sizes', shape: [4], type: 2, data: ints(1, output, output, 3) },
        filter(3, 3, 3, 2),
        picture(1, 7, 7, 2),
        result,
      ],
      inputs: [2],
      outputs: [3],
      operators: [
        { code: code(67), options: { 0: int8(padding), 1: int32(2), 2: int32(2) }, inputs: [0, 1, 2], outputs: [3] },
      ],
    })

  it.each([
    ['SAME', SAME, 14],
    ['VALID', VALID, 15],
  ])('%s takes the one input that it leads back to', async (_, padding, output) => {
    const { axes } = await inputSizes(await readModel(transposed(padding, output)))
    expect(axes.map(({ taken }) => taken)).toEqual([[7], [7]])
    expect(axes[0].refused?.message).toBe(
      `the size of the output that is written must lead back to that of the input, got ${output} and 8`,
    )
  })

  it('what fits at no size is another fault than the size', async () => {
    const { given } = await inputSizes(await readModel(transposed(SAME, 13)))
    expect(given?.refusal).toBeUndefined()
    const wrong = await inputSizes(await readModel(transposed(SAME, 20)))
    expect(wrong.given?.refusal?.message).toContain('got 20 and 7')
  })
})
