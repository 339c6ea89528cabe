import type { Shape } from '../../network/model.ts'
import type { AttributeInput, ModelBuilder } from '../builder.ts'

/** An operator of Paddle with its inputs and attributes by name, whichever file it comes from. */
export interface PaddleOperator {
  readonly type: string
  readonly inputs: ReadonlyMap<string, readonly string[]>
  readonly outputs: readonly string[]
  readonly place: { readonly begin: number; readonly end: number }
  number(attribute: string): number | undefined
  numbers(attribute: string): readonly number[] | undefined
  text(attribute: string): string | undefined
  shapeOf(value: string): Shape | undefined
}

type Add = (operator: PaddleOperator, builder: ModelBuilder) => void

export function addOperator(operator: PaddleOperator, builder: ModelBuilder): void {
  ;(operators[operator.type] ?? unknown)(operator, builder)
}

const first = ({ inputs }: PaddleOperator, ...names: readonly string[]): string =>
  names.map((name) => inputs.get(name)?.[0]).find((name) => name !== undefined) ?? ''

function add(
  operator: PaddleOperator,
  builder: ModelBuilder,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>>,
  inputs: readonly string[],
): void {
  const name = `${operator.type} ${operator.outputs[0] ?? ''}`
  builder.node(opType, inputs, operator.outputs, attributes, { name, span: operator.place })
}

/** What is not known keeps Paddle's own name, so that no row of ONNX is taken for it. */
const unknown: Add = ({ type, inputs, outputs, place }, builder) =>
  builder.node(
    type,
    [...inputs.values()].flat(),
    outputs,
    {},
    { name: `${type} ${outputs[0] ?? ''}`, span: place, domain: 'paddle' },
  )

/** Two numbers pad both sides, four are top, bottom, left, right. SAME and VALID leave the numbers out of account. */
function padding(
  operator: PaddleOperator,
  rank: number,
): { readonly auto_pad?: string; readonly pads?: number[] | undefined } {
  const word = (operator.text('padding_algorithm') ?? 'EXPLICIT').toLowerCase()
  if (word !== 'explicit') return { auto_pad: word }
  const list = operator.numbers('paddings') ?? []
  if (list.length === 2 * rank) return { pads: [0, 1].flatMap((side) => list.filter((_, index) => index % 2 === side)) }
  return { pads: list.length === rank ? [...list, ...list] : undefined }
}

const layoutOf = (operator: PaddleOperator): string => (/C$/.test(operator.text('data_format') ?? '') ? 'nhwc' : 'nchw')

const convolution =
  (opType: 'Conv' | 'ConvTranspose'): Add =>
  (operator, builder) => {
    const weight = first(operator, 'Filter', 'filter')
    const dims = (operator.shapeOf(weight) ?? []).filter((size) => typeof size === 'number')
    const rank = Math.max(1, dims.length - 2)
    const { pads, auto_pad } = padding(operator, rank)
    const [strides, dilations] = [operator.numbers('strides'), operator.numbers('dilations')]
    const added = operator.numbers('output_padding') ?? []
    const asked = operator.numbers('output_size') ?? []
    // A size that is asked for is the cropped one and less than a stride more: what is more stands at the end.
    const more = asked.map((size, axis) => {
      const kernel = (dims[axis + 2] - 1) * (dilations?.[axis] ?? 1) + 1
      const stride = Math.max(1, strides?.[axis] ?? 1)
      const room = size + (pads?.[axis] ?? 0) + (pads?.[axis + rank] ?? 0) - kernel
      return ((room % stride) + stride) % stride
    })
    add(
      operator,
      builder,
      opType,
      {
        ...{ layout: layoutOf(operator), strides, dilations, pads, auto_pad },
        group: operator.number('groups') ?? 1,
        ...(opType === 'ConvTranspose' && {
          output_padding: [more, added].find((list) => list.length === rank),
        }),
      },
      [first(operator, 'Input', 'input', 'x'), ...(dims.length > 2 ? [builder.made(dims)] : [])],
    )
  }

/** `exclusive` is true where an average divides by real cells alone. */
const pool: Add = (operator, builder) => {
  const kernel = operator.numbers('ksize') ?? operator.numbers('kernel_size') ?? []
  const isAverage = operator.text('pooling_type') === 'avg'
  const input = first(operator, 'X', 'x')
  const isAdaptive = operator.number('adaptive') === 1
  if (operator.number('global_pooling') === 1 || (isAdaptive && kernel.every((size) => size === 1))) {
    return add(operator, builder, isAverage ? 'GlobalAveragePool' : 'GlobalMaxPool', {}, [input])
  }
  if (isAdaptive) return unknown(operator, builder)
  add(
    operator,
    builder,
    isAverage ? 'AveragePool' : 'MaxPool',
    {
      ...{ layout: layoutOf(operator), kernel_shape: kernel, strides: operator.numbers('strides') },
      ...{ ...padding(operator, kernel.length), ceil_mode: operator.number('ceil_mode') ?? 0 },
      ...(isAverage && { count_include_pad: Number(operator.number('exclusive') === 0) }),
    },
    [input],
  )
}

/** Cells of pad3d are left, right, top, bottom, front, back: the last axis first. */
const pad: Add = (operator, builder) => {
  const list = operator.numbers('paddings') ?? []
  const rank = list.length / 2
  const sides = [0, 1].map((side) => Array.from({ length: rank }, (_, axis) => list[2 * (rank - 1 - axis) + side] ?? 0))
  const mode = { replicate: 'edge', circular: 'wrap', reflect: 'reflect' }[operator.text('mode') ?? ''] ?? 'constant'
  add(operator, builder, 'Pad', { mode, pads: sides.flatMap((cells) => [0, 0, ...cells]) }, [first(operator, 'X', 'x')])
}

const cellwise =
  (opType: string): Add =>
  (operator, builder) =>
    add(operator, builder, opType, {}, [first(operator, 'X', 'x', 'Input')])

const pair =
  (opType: string): Add =>
  (operator, builder) =>
    add(operator, builder, opType, {}, [first(operator, 'X', 'x'), first(operator, 'Y', 'y')])

const concat: Add = (operator, builder) =>
  add(
    operator,
    builder,
    'Concat',
    { axis: operator.number('axis') ?? 0 },
    operator.inputs.get('X') ?? operator.inputs.get('x') ?? [],
  )

const named = (list: Readonly<Record<string, string>>, of: (opType: string) => Add): Readonly<Record<string, Add>> =>
  Object.fromEntries(Object.entries(list).map(([type, opType]) => [type, of(opType)]))

const operators: Readonly<Record<string, Add>> = {
  conv2d: convolution('Conv'),
  depthwise_conv2d: convolution('Conv'),
  conv3d: convolution('Conv'),
  conv2d_transpose: convolution('ConvTranspose'),
  depthwise_conv2d_transpose: convolution('ConvTranspose'),
  conv3d_transpose: convolution('ConvTranspose'),
  pool2d: pool,
  pool3d: pool,
  pad3d: pad,
  concat,
  ...named(
    {
      elementwise_add: 'Add',
      add: 'Add',
      elementwise_sub: 'Sub',
      subtract: 'Sub',
      elementwise_mul: 'Mul',
      multiply: 'Mul',
    },
    pair,
  ),
  ...named({ elementwise_div: 'Div', divide: 'Div', elementwise_max: 'Max', elementwise_min: 'Min' }, pair),
  ...named(
    {
      ...{ relu: 'Relu', relu6: 'Clip', leaky_relu: 'LeakyRelu', prelu: 'LeakyRelu', sigmoid: 'Sigmoid', tanh: 'Tanh' },
      ...{
        swish: 'Swish',
        silu: 'Swish',
        hard_swish: 'HardSwish',
        hardswish: 'HardSwish',
        hard_sigmoid: 'HardSigmoid',
      },
      ...{
        hardsigmoid: 'HardSigmoid',
        mish: 'Mish',
        gelu: 'Gelu',
        elu: 'Elu',
        softmax: 'Softmax',
        exp: 'Exp',
        sqrt: 'Sqrt',
      },
      ...{
        batch_norm: 'BatchNormalization',
        batch_norm_: 'BatchNormalization',
        instance_norm: 'InstanceNormalization',
      },
      ...{ scale: 'BatchNormalization', dropout: 'Identity', assign: 'Identity', clip: 'Clip' },
    },
    cellwise,
  ),
}
