import type { Dimension, Shape } from '../../network/model.ts'
import type { AttributeInput, ModelBuilder } from '../builder.ts'

/** A constant of a MIL program: numbers, texts or truths. */
export interface MilConstant {
  readonly numbers?: readonly number[]
  readonly texts?: readonly string[]
}

/** An operation of a MIL program with its arguments by name. Values are [batch, channels, ...cells]. */
export interface MilOperation {
  readonly type: string
  readonly name: string
  /** The names of values; an argument may have several. */
  readonly inputs: ReadonlyMap<string, readonly string[]>
  readonly outputs: readonly { readonly name: string; readonly shape: Shape | undefined }[]
  readonly place: { readonly begin: number; readonly end: number }
  constant(argument: string): MilConstant | undefined
  /** The shape of an argument. */
  shapeOf(argument: string): readonly Dimension[] | undefined
}

type Add = (operation: MilOperation, builder: ModelBuilder) => void

/** Adds an operation to a model. */
export function addOperation(operation: MilOperation, builder: ModelBuilder): void {
  for (const { name, shape } of operation.outputs) builder.value(name, shape)
  ;(operations[operation.type] ?? unknown)(operation, builder)
}

function add(
  { name, outputs, place }: MilOperation,
  builder: ModelBuilder,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>>,
  inputs: readonly string[],
): void {
  builder.node(
    opType,
    inputs,
    outputs.map((output) => output.name),
    attributes,
    { name, span: place },
  )
}

/** What is not known keeps the format's own name, so that no row of ONNX is taken for it. */
const unknown: Add = ({ type, name, inputs, outputs, place }, builder) =>
  builder.node(
    type,
    [...inputs.values()].flat(),
    outputs.map((output) => output.name),
    {},
    { name, span: place, domain: 'coreml' },
  )

const first = (operation: MilOperation, name: string): string => operation.inputs.get(name)?.[0] ?? ''
const numbers = (operation: MilOperation, name: string): readonly number[] | undefined =>
  operation.constant(name)?.numbers
const text = (operation: MilOperation, name: string): string | undefined => operation.constant(name)?.texts?.[0]
const truth = (operation: MilOperation, name: string, absent: boolean): boolean =>
  (numbers(operation, name)?.[0] ?? Number(absent)) !== 0

/** Words of pad_type. `custom` has numbers, begin and end of each axis in turn. */
const padTypes: Readonly<Record<string, string>> = { valid: 'valid', same: 'same', same_lower: 'same-lower' }

function padding(operation: MilOperation): Record<string, AttributeInput> {
  const word = padTypes[text(operation, 'pad_type') ?? 'valid']
  if (word !== undefined) return { auto_pad: word }
  const list = numbers(operation, 'pad') ?? []
  return { pads: [0, 1].flatMap((side) => list.filter((_, index) => index % 2 === side)) }
}

const known = (shape: readonly Dimension[] | undefined): number[] =>
  shape?.every((size) => typeof size === 'number') ? [...(shape as readonly number[])] : []

const convolution =
  (opType: 'Conv' | 'ConvTranspose'): Add =>
  (operation, builder) => {
    const dims = known(operation.shapeOf('weight'))
    const given = dims.length > 2 ? [first(operation, 'x'), builder.made(dims)] : [first(operation, 'x')]
    const output = opType === 'ConvTranspose' ? numbers(operation, 'output_shape')?.slice(2) : undefined
    add(
      operation,
      builder,
      opType,
      {
        ...{ strides: numbers(operation, 'strides'), dilations: numbers(operation, 'dilations') },
        ...{ group: numbers(operation, 'groups')?.[0] ?? 1, ...padding(operation), output_shape: output },
      },
      given,
    )
  }

const pool =
  (opType: string): Add =>
  (operation, builder) =>
    add(
      operation,
      builder,
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

/** Pairs for the last axes, in their order. */
const pad: Add = (operation, builder) => {
  const list = numbers(operation, 'pad') ?? []
  const rank = operation.shapeOf('x')?.length ?? list.length / 2
  const missing = new Array<number>(Math.max(0, rank - list.length / 2)).fill(0)
  const sides = [0, 1].flatMap((side) => [...missing, ...list.filter((_, index) => index % 2 === side)])
  const mode = { reflect: 'reflect', replicate: 'edge' }[text(operation, 'mode') ?? 'constant'] ?? 'constant'
  const value = numbers(operation, 'constant_val')?.[0] ?? 0
  const attributes = { mode, pads: list.length > 0 ? sides : undefined }
  add(operation, builder, 'Pad', mode === 'constant' ? { ...attributes, value: { float: value } } : attributes, [
    first(operation, 'x'),
  ])
}

const cellwise =
  (opType: string): Add =>
  (operation, builder) =>
    add(operation, builder, opType, {}, [first(operation, 'x')])

const pair =
  (opType: string): Add =>
  (operation, builder) =>
    add(operation, builder, opType, {}, [first(operation, 'x'), first(operation, 'y')])

const concat: Add = (operation, builder) =>
  add(
    operation,
    builder,
    'Concat',
    { axis: numbers(operation, 'axis')?.[0] ?? 0 },
    operation.inputs.get('values') ?? [],
  )

const transpose: Add = (operation, builder) =>
  add(operation, builder, 'Transpose', { perm: numbers(operation, 'perm') }, [first(operation, 'x')])

const reduced: Add = (operation, builder) => {
  const axes = numbers(operation, 'axes') ?? []
  const keepdims = Number(truth(operation, 'keep_dims', false))
  const inputs = [first(operation, 'x'), ...(axes.length > 0 ? [builder.made([axes.length], axes)] : [])]
  add(operation, builder, 'ReduceMean', { keepdims }, inputs)
}

const named = (list: Readonly<Record<string, string>>, of: (opType: string) => Add): Readonly<Record<string, Add>> =>
  Object.fromEntries(Object.entries(list).map(([type, opType]) => [type, of(opType)]))

const operations: Readonly<Record<string, Add>> = {
  conv: convolution('Conv'),
  conv_transpose: convolution('ConvTranspose'),
  max_pool: pool('MaxPool'),
  avg_pool: pool('AveragePool'),
  l2_pool: pool('LpPool'),
  pad,
  concat,
  transpose,
  reduce_mean: reduced,
  ...named({ add: 'Add', sub: 'Sub', mul: 'Mul', real_div: 'Div', maximum: 'Max', minimum: 'Min', pow: 'Pow' }, pair),
  ...named(
    {
      ...{
        relu: 'Relu',
        relu6: 'Clip',
        clip: 'Clip',
        leaky_relu: 'LeakyRelu',
        prelu: 'LeakyRelu',
        elu: 'Elu',
        gelu: 'Gelu',
      },
      ...{ sigmoid: 'Sigmoid', tanh: 'Tanh', silu: 'Swish', softmax: 'Softmax', softplus: 'Softplus', erf: 'Erf' },
      ...{ sigmoid_hard: 'HardSigmoid', exp: 'Exp', abs: 'Abs', sqrt: 'Sqrt', batch_norm: 'BatchNormalization' },
      ...{
        instance_norm: 'InstanceNormalization',
        layer_norm: 'LayerNormalization',
        cast: 'Identity',
        identity: 'Identity',
      },
    },
    cellwise,
  ),
}
