import type { Shape } from '../../network/model.ts'
import {
  type AddOperator,
  add,
  beginsFirst,
  type FileOperator,
  fromLastAxis,
  named,
  rowOf,
  unknown,
} from '../file-operator.ts'

/** An operator of Paddle with its inputs and attributes by name, whichever file it comes from. */
export interface PaddleOperator extends FileOperator {
  readonly parameters: ReadonlyMap<string, readonly string[]>
  number(attribute: string): number | undefined
  numbers(attribute: string): readonly number[] | undefined
  text(attribute: string): string | undefined
  shapeOf(value: string): Shape | undefined
}

type AddPaddle = AddOperator<PaddleOperator>

const first = ({ parameters }: PaddleOperator, ...names: readonly string[]): string =>
  names.map((name) => parameters.get(name)?.[0]).find((name) => name !== undefined) ?? ''

/** Two numbers pad both sides, four are top, bottom, left, right. SAME and VALID leave the numbers out of account. */
function padding(
  operator: PaddleOperator,
  rank: number,
): { readonly auto_pad?: string; readonly pads?: number[] | undefined } {
  const word = (operator.text('padding_algorithm') ?? 'EXPLICIT').toLowerCase()
  if (word !== 'explicit') return { auto_pad: word }
  const list = operator.numbers('paddings') ?? []
  if (list.length === 2 * rank) return { pads: beginsFirst(list) }
  return { pads: list.length === rank ? [...list, ...list] : undefined }
}

const layoutOf = (operator: PaddleOperator): string => (/C$/.test(operator.text('data_format') ?? '') ? 'nhwc' : 'nchw')

const convolution =
  (opType: 'Conv' | 'ConvTranspose'): AddPaddle =>
  (operator) => {
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
      opType,
      {
        ...{ layout: layoutOf(operator), strides, dilations, pads, auto_pad },
        group: operator.number('groups') ?? 1,
        ...(opType === 'ConvTranspose' && {
          output_padding: [more, added].find((list) => list.length === rank),
        }),
      },
      [first(operator, 'Input', 'input', 'x'), ...(dims.length > 2 ? [operator.builder.made(dims)] : [])],
    )
  }

/** `exclusive` is true where an average divides by real cells alone. */
const pool: AddPaddle = (operator) => {
  const kernel = operator.numbers('ksize') ?? operator.numbers('kernel_size') ?? []
  const isAverage = operator.text('pooling_type') === 'avg'
  const input = first(operator, 'X', 'x')
  const isAdaptive = operator.number('adaptive') === 1
  if (operator.number('global_pooling') === 1 || (isAdaptive && kernel.every((size) => size === 1))) {
    return add(operator, isAverage ? 'GlobalAveragePool' : 'GlobalMaxPool', {}, [input])
  }
  if (isAdaptive) return unknown(operator)
  add(
    operator,
    isAverage ? 'AveragePool' : 'MaxPool',
    {
      ...{ layout: layoutOf(operator), kernel_shape: kernel, strides: operator.numbers('strides') },
      ...{ ...padding(operator, kernel.length), ceil_mode: operator.number('ceil_mode') ?? 0 },
      ...(isAverage && { count_include_pad: Number(operator.number('exclusive') === 0) }),
    },
    [input],
  )
}

const modes: Readonly<Record<string, string>> = { replicate: 'edge', circular: 'wrap', reflect: 'reflect' }

/** Cells of pad3d are left, right, top, bottom, front, back: the last axis first. */
const pad: AddPaddle = (operator) => {
  const list = operator.numbers('paddings') ?? []
  const sides = fromLastAxis(list, list.length / 2)
  const mode = rowOf(modes, operator.text('mode') ?? '') ?? 'constant'
  add(operator, 'Pad', { mode, pads: sides.flatMap((cells) => [0, 0, ...cells]) }, [first(operator, 'X', 'x')])
}

const cellwise =
  (opType: string): AddPaddle =>
  (operator) =>
    add(operator, opType, {}, [first(operator, 'X', 'x', 'Input')])

const pair =
  (opType: string): AddPaddle =>
  (operator) =>
    add(operator, opType, {}, [first(operator, 'X', 'x'), first(operator, 'Y', 'y')])

const concat: AddPaddle = (operator) =>
  add(
    operator,
    'Concat',
    { axis: operator.number('axis') ?? 0 },
    operator.parameters.get('X') ?? operator.parameters.get('x') ?? [],
  )

export const operators: Readonly<Record<string, AddPaddle>> = {
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
      ...{ Add: 'elementwise_add add', Sub: 'elementwise_sub subtract', Mul: 'elementwise_mul multiply' },
      ...{ Div: 'elementwise_div divide', Max: 'elementwise_max', Min: 'elementwise_min' },
    },
    pair,
  ),
  ...named(
    {
      ...{ Relu: 'relu', Clip: 'relu6 clip', LeakyRelu: 'leaky_relu prelu', Sigmoid: 'sigmoid', Tanh: 'tanh' },
      ...{ Swish: 'swish silu', HardSwish: 'hard_swish hardswish', HardSigmoid: 'hard_sigmoid hardsigmoid' },
      ...{ Mish: 'mish', Gelu: 'gelu', Elu: 'elu', Softmax: 'softmax', Exp: 'exp', Sqrt: 'sqrt' },
      ...{ BatchNormalization: 'batch_norm batch_norm_ scale', InstanceNormalization: 'instance_norm' },
      Identity: 'dropout assign',
    },
    cellwise,
  ),
}
