import { identifier } from '../../src/models/tflite/schema.ts'
import { bytes, type Fields, flatFile, int8, int32, int32s, table, tables, text } from '../../test/models/flat.ts'
import { type BenchLayer, isPool, product, shapesOf } from '../layers.ts'
import { type Task, transposed, type Values } from '../tensors.ts'

/** An operator of the format: its number, that of its options, and the inputs and options of a layer. */
interface Operator {
  readonly code: number
  readonly optionsType: number
  readonly options: Fields
  readonly constants: readonly Constant[]
  /** Where the layer's input stands among the operator's. */
  readonly at: number
}

interface Constant {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

/** TensorType. */
const types = { float32: 0, int32: 2 } as const

/**
 * A layer as a .tflite file of one operator: channels last, height and width, or depth, height and width; a layer of one
 * axis is one of height 1. A bias of zeros stands where the operator has one, since delegates ask for it.
 *
 * @throws Error where the format cannot say it
 */
export function tfliteModel(task: Task): Uint8Array {
  const { layer } = task
  const { code, optionsType, options, constants, at } = operatorOf(task)
  const { x, y } = tfliteShapes(layer)
  const inputs = constants.map((_, index) => index + 1)
  inputs.splice(at, 0, 0)
  const output = constants.length + 1
  const tensor = (name: string, shape: readonly number[], type: number, buffer: number): Fields => ({
    0: int32s(shape),
    1: int8(type),
    2: int32(buffer),
    3: text(name),
  })
  const list = [
    tensor('x', x, types.float32, 0),
    ...constants.map(({ shape, data }, index) =>
      tensor(`constant ${index}`, shape, data instanceof Int32Array ? types.int32 : types.float32, index + 1),
    ),
    tensor('y', y, types.float32, 0),
  ]
  const operator = { 0: int32(0), 1: int32s(inputs), 2: int32s([output]), 3: int8(optionsType), 4: table(options) }
  const subgraph = { 0: tables(list), 1: int32s([0]), 2: int32s([output]), 3: tables([operator]) }
  const buffers = constants.map(({ data }) => ({
    0: bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 16),
  }))
  return flatFile(
    {
      0: int32(3), // version of the schema
      1: tables([{ 0: int8(Math.min(code, 127)), 2: int32(1), 3: int32(code) }]),
      2: tables([subgraph]),
      4: tables([{}, ...buffers]), // the first is empty: the buffer of tensors without values
    },
    identifier,
  )
}

/** Shapes of input and output in the file, channels last. */
export function tfliteShapes(layer: BenchLayer): Record<'x' | 'y', number[]> {
  const { x, y } = shapesOf(layer)
  const last = ([batch, channels, ...cells]: number[]): number[] => [batch, ...planar(cells, 1), channels]
  return { x: last(x), y: last(y) }
}

/** One axis is the width of two. */
function planar(values: readonly number[], height: number): number[] {
  return values.length === 1 ? [height, ...values] : [...values]
}

/** What operators are made of, height before width. */
interface Parts {
  readonly task: Task
  readonly pad: Fields[number]
  readonly strides: readonly Fields[number][]
  readonly dilations: readonly Fields[number][]
  readonly kernel: readonly Fields[number][]
  readonly bias: Constant
  /** The weights in another order: of the first two dimensions and the axes, which stand from 2 on. */
  readonly filter: (order: (...axes: number[]) => number[]) => Constant
}

const pool = (code: number): ((parts: Parts) => Operator) => {
  return ({ pad, strides, kernel }) => {
    const options = { 0: pad, 1: strides[1], 2: strides[0], 3: kernel[1], 4: kernel[0] }
    return { code, optionsType: 5, options, constants: [], at: 0 }
  }
}

/** Operators by operation and axes. Their options have the width before the height. */
const operators: Readonly<Record<string, (parts: Parts) => Operator>> = {
  'conv 2': ({ pad, strides, dilations, filter, bias }) => ({
    ...{ code: 3, optionsType: 1, at: 0 },
    options: { 0: pad, 1: strides[1], 2: strides[0], 4: dilations[1], 5: dilations[0] },
    constants: [filter((height, width) => [0, height, width, 1]), bias],
  }),
  'depthwise 2': ({ task: { layer }, pad, strides, dilations, filter, bias }) => ({
    ...{ code: 4, optionsType: 2, at: 0 },
    options: {
      ...{ 0: pad, 1: strides[1], 2: strides[0], 3: int32(layer.outChannels / layer.inChannels) },
      ...{ 5: dilations[1], 6: dilations[0] },
    },
    constants: [filter((height, width) => [1, height, width, 0]), bias],
  }),
  'conv 3': ({ pad, strides: [depth, height, width], dilations, filter, bias }) => ({
    ...{ code: 132, optionsType: 106, at: 0 },
    options: { 0: pad, 1: depth, 2: width, 3: height, 5: dilations[0], 6: dilations[2], 7: dilations[1] },
    constants: [filter((...axes) => [...axes, 1, 0]), bias],
  }),
  'convTranspose 2': ({ task: { layer }, pad, strides, filter }) => {
    if (layer.groups > 1) throw new Error('TRANSPOSE_CONV takes no groups')
    refuseDilation(layer, 'TRANSPOSE_CONV')
    const shape = { shape: [4], data: Int32Array.from(tfliteShapes(layer).y) }
    const constants = [shape, filter((height, width) => [1, height, width, 0])]
    return { code: 67, optionsType: 49, options: { 0: pad, 1: strides[1], 2: strides[0] }, constants, at: 2 }
  },
  'averagePool 2': pool(1),
  'maxPool 2': pool(17),
}

function refuseDilation({ geometry }: BenchLayer, name: string): void {
  if (geometry.axes.some(({ dilation }) => dilation > 1)) throw new Error(`${name} takes no dilation`)
}

function operatorOf(task: Task): Operator {
  const { layer, weights } = task
  const { geometry, groups, inChannels, padding } = layer
  if (padding !== 'same' && padding !== 'valid') throw new Error('TFLite has the paddings SAME and VALID only')
  if (isPool(layer)) refuseDilation(layer, 'a pool')
  const isDepthwise = geometry.op === 'conv' && groups > 1 && groups === inChannels
  const name = `${isDepthwise ? 'depthwise' : geometry.op} ${Math.max(2, geometry.axes.length)}`
  const make = Object.hasOwn(operators, name) ? operators[name] : undefined
  if (!make) throw new Error(`TFLite has no ${geometry.op} over ${geometry.axes.length} axes`)
  const each = (of: 'kernel' | 'stride' | 'dilation'): Fields[number][] =>
    planar(
      geometry.axes.map((axis) => axis[of]),
      1,
    ).map(int32)
  return make({
    ...{ task, pad: int8(padding === 'same' ? 0 : 1) },
    ...{ strides: each('stride'), dilations: each('dilation'), kernel: each('kernel') },
    bias: { shape: [layer.outChannels], data: new Float32Array(layer.outChannels) },
    filter: (order) => reordered(weights, order),
  })
}

/** A filter with its dimensions in another order, in which its axes stand from dimension 2 on. */
function reordered({ data, shape }: Values, order: (...taps: number[]) => number[]): Constant {
  const full = [...shape.slice(0, 2), ...planar(shape.slice(2), 1)]
  if (product(full) !== data.length) throw new Error(`a filter of ${full} must have ${product(full)} values`)
  return transposed({ data, shape: full }, order(...full.slice(2).map((_, axis) => axis + 2)))
}
