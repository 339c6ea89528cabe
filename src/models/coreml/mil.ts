import type { Dimension } from '../../network/model.ts'
import type { AttributeInput } from '../builder.ts'
import { type AddOperator, add, beginsFirst, type FileOperator, named, rowOf } from '../file-operator.ts'

/** A constant of a MIL program: numbers, texts or truths. */
export interface MilConstant {
  readonly numbers?: readonly number[]
  readonly texts?: readonly string[]
}

/** An operation of a MIL program with its arguments by name. Values are [batch, channels, ...cells]. */
export interface MilOperation extends FileOperator {
  /** The names of values; an argument may have several. */
  readonly parameters: ReadonlyMap<string, readonly string[]>
  constant(argument: string): MilConstant | undefined
  /** The shape of an argument. */
  shapeOf(argument: string): readonly Dimension[] | undefined
}

type AddOperation = AddOperator<MilOperation>

const first = (operation: MilOperation, name: string): string => operation.parameters.get(name)?.[0] ?? ''
const numbers = (operation: MilOperation, name: string): readonly number[] | undefined =>
  operation.constant(name)?.numbers
const text = (operation: MilOperation, name: string): string | undefined => operation.constant(name)?.texts?.[0]
const truth = (operation: MilOperation, name: string, absent: boolean): boolean =>
  (numbers(operation, name)?.[0] ?? Number(absent)) !== 0

/** Words of pad_type. `custom` has numbers, begin and end of each axis in turn. */
const padTypes: Readonly<Record<string, string>> = { valid: 'valid', same: 'same', same_lower: 'same-lower' }

function padding(operation: MilOperation): Record<string, AttributeInput> {
  const word = rowOf(padTypes, text(operation, 'pad_type') ?? 'valid')
  return word === undefined ? { pads: beginsFirst(numbers(operation, 'pad') ?? []) } : { auto_pad: word }
}

const known = (shape: readonly Dimension[] | undefined): number[] =>
  shape?.every((size) => typeof size === 'number') ? [...(shape as readonly number[])] : []

const convolution =
  (opType: 'Conv' | 'ConvTranspose'): AddOperation =>
  (operation) => {
    const dims = known(operation.shapeOf('weight'))
    const given = dims.length > 2 ? [first(operation, 'x'), operation.builder.made(dims)] : [first(operation, 'x')]
    const output = opType === 'ConvTranspose' ? numbers(operation, 'output_shape')?.slice(2) : undefined
    add(
      operation,
      opType,
      {
        ...{ strides: numbers(operation, 'strides'), dilations: numbers(operation, 'dilations') },
        ...{ group: numbers(operation, 'groups')?.[0] ?? 1, ...padding(operation), output_shape: output },
      },
      given,
    )
  }

const pool =
  (opType: string): AddOperation =>
  (operation) =>
    add(
      operation,
      opType,
      {
        ...{
          kernel_shape: numbers(operation, 'kernel_sizes'),
          strides: numbers(operation, 'strides'),
          ...padding(operation),
        },
        ceil_mode: Number(truth(operation, 'ceil_mode', false)),
        ...(opType === 'AveragePool' && {
          count_include_pad: Number(!truth(operation, 'exclude_padding_from_average', false)),
        }),
      },
      [first(operation, 'x')],
    )

const modes: Readonly<Record<string, string>> = { reflect: 'reflect', replicate: 'edge' }

/** Pairs for the last axes, in their order. */
const pad: AddOperation = (operation) => {
  const list = numbers(operation, 'pad') ?? []
  const rank = operation.shapeOf('x')?.length ?? list.length / 2
  const missing = new Array<number>(2 * Math.max(0, rank - list.length / 2)).fill(0)
  const sides = beginsFirst([...missing, ...list])
  const mode = rowOf(modes, text(operation, 'mode') ?? '') ?? 'constant'
  const value = numbers(operation, 'constant_val')?.[0] ?? 0
  const attributes = { mode, pads: list.length > 0 ? sides : undefined }
  add(operation, 'Pad', mode === 'constant' ? { ...attributes, value: { float: value } } : attributes, [
    first(operation, 'x'),
  ])
}

const cellwise =
  (opType: string): AddOperation =>
  (operation) =>
    add(operation, opType, {}, [first(operation, 'x')])

const pair =
  (opType: string): AddOperation =>
  (operation) =>
    add(operation, opType, {}, [first(operation, 'x'), first(operation, 'y')])

const concat: AddOperation = (operation) =>
  add(operation, 'Concat', { axis: numbers(operation, 'axis')?.[0] ?? 0 }, operation.parameters.get('values') ?? [])

const transpose: AddOperation = (operation) =>
  add(operation, 'Transpose', { perm: numbers(operation, 'perm') }, [first(operation, 'x')])

const reduced: AddOperation = (operation) => {
  const axes = numbers(operation, 'axes') ?? []
  const keepdims = Number(truth(operation, 'keep_dims', false))
  const inputs = [first(operation, 'x'), ...(axes.length > 0 ? [operation.builder.made([axes.length], axes)] : [])]
  add(operation, 'ReduceMean', { keepdims }, inputs)
}

/** Operations by their type. */
export const operations: Readonly<Record<string, AddOperation>> = {
  conv: convolution('Conv'),
  conv_transpose: convolution('ConvTranspose'),
  max_pool: pool('MaxPool'),
  avg_pool: pool('AveragePool'),
  l2_pool: pool('LpPool'),
  pad,
  concat,
  transpose,
  reduce_mean: reduced,
  ...named({ Add: 'add', Sub: 'sub', Mul: 'mul', Div: 'real_div', Max: 'maximum', Min: 'minimum', Pow: 'pow' }, pair),
  ...named(
    {
      ...{ Relu: 'relu', Clip: 'relu6 clip', LeakyRelu: 'leaky_relu prelu', Elu: 'elu', Gelu: 'gelu', Swish: 'silu' },
      ...{ Sigmoid: 'sigmoid', Tanh: 'tanh', Softmax: 'softmax', Softplus: 'softplus', Erf: 'erf', Exp: 'exp' },
      ...{ HardSigmoid: 'sigmoid_hard', Abs: 'abs', Sqrt: 'sqrt', BatchNormalization: 'batch_norm' },
      ...{ InstanceNormalization: 'instance_norm', LayerNormalization: 'layer_norm', Identity: 'cast identity' },
    },
    cellwise,
  ),
}
