import type { Shape } from '../../network/model.ts'
import type { AttributeInput, ModelBuilder } from '../builder.ts'

/** An argument of a call of ATen; one of the values is there, none where it is None. */
export interface AtenArgument {
  /** The name of a value. */
  readonly value?: string
  readonly values?: readonly string[]
  readonly number?: number
  readonly bool?: boolean
  readonly text?: string
  /** Numbers; undefined where one is computed. */
  readonly numbers?: readonly number[] | undefined
}

/** A call of an operator of ATen with its arguments by name. */
export interface AtenCall {
  /** Without namespace and overload: `conv2d`. */
  readonly op: string
  readonly name: string
  readonly outputs: readonly string[]
  readonly place: { readonly begin: number; readonly end: number }
  readonly builder: ModelBuilder
  argument(name: string): AtenArgument | undefined
  /** The shape of a value, where the file says it. */
  shapeOf(value: string): Shape | undefined
}

/** The names of positional arguments (pytorch aten/src/ATen/native/native_functions.yaml). */
export const signatures: Readonly<Record<string, readonly string[]>> = {
  ...ofRanks('conv#d', 'input weight bias stride padding dilation groups'),
  ...ofRanks('conv_transpose#d', 'input weight bias stride padding output_padding groups dilation'),
  ...ofRanks('max_pool#d', 'self kernel_size stride padding dilation ceil_mode'),
  ...ofRanks('max_pool#d_with_indices', 'self kernel_size stride padding dilation ceil_mode'),
  ...ofRanks('avg_pool#d', 'self kernel_size stride padding ceil_mode count_include_pad divisor_override'),
  ...ofRanks('adaptive_avg_pool#d', 'self output_size'),
  ...ofRanks('adaptive_max_pool#d', 'self output_size'),
  ...ofRanks('reflection_pad#d', 'self padding'),
  ...ofRanks('replication_pad#d', 'self padding'),
  convolution: words('input weight bias stride padding dilation transposed output_padding groups'),
  _convolution: words('input weight bias stride padding dilation transposed output_padding groups'),
  _convolution_mode: words('input weight bias stride padding dilation groups'),
  pad: words('self pad mode value'),
  constant_pad_nd: words('self pad value'),
  cat: words('tensors dim'),
  permute: words('self dims'),
  permute_copy: words('self dims'),
  mean: words('self dim keepdim'),
  view: words('self size'),
  view_copy: words('self size'),
  reshape: words('self shape'),
  flatten: words('self start_dim end_dim'),
  slice: words('self dim start end step'),
  slice_copy: words('self dim start end step'),
  upsample_nearest2d: words('self output_size scales_h scales_w'),
  upsample_bilinear2d: words('self output_size align_corners scales_h scales_w'),
}

function words(text: string): readonly string[] {
  return text.split(' ')
}

function ofRanks(name: string, text: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([1, 2, 3].map((rank) => [name.replace('#', String(rank)), words(text)]))
}

/** Operators that leave cells where they are, by the operator of ONNX that does so too. */
const cellwise: Readonly<Record<string, string>> = {
  ...{
    relu: 'Relu',
    relu_: 'Relu',
    relu6: 'Clip',
    hardtanh: 'Clip',
    hardtanh_: 'Clip',
    clamp: 'Clip',
    leaky_relu: 'LeakyRelu',
  },
  ...{
    leaky_relu_: 'LeakyRelu',
    prelu: 'LeakyRelu',
    elu: 'Elu',
    gelu: 'Gelu',
    silu: 'Swish',
    silu_: 'Swish',
    mish: 'Mish',
  },
  ...{ sigmoid: 'Sigmoid', tanh: 'Tanh', softplus: 'Softplus', hardswish: 'HardSwish', hardsigmoid: 'HardSigmoid' },
  ...{ softmax: 'Softmax', _softmax: 'Softmax', exp: 'Exp', abs: 'Abs', neg: 'Neg', sqrt: 'Sqrt', rsqrt: 'Sqrt' },
  ...{ batch_norm: 'BatchNormalization', _native_batch_norm_legit_no_training: 'BatchNormalization' },
  ...{
    instance_norm: 'InstanceNormalization',
    group_norm: 'GroupNormalization',
    native_group_norm: 'GroupNormalization',
  },
  ...{ dropout: 'Identity', dropout_: 'Identity', clone: 'Identity', contiguous: 'Identity', alias: 'Identity' },
  ...{ detach: 'Identity', to: 'Identity', _to_copy: 'Identity' },
}

/** Operators on two values; with a number for the second they leave cells where they are. */
const paired: Readonly<Record<string, string>> = {
  ...{
    add: 'Add',
    add_: 'Add',
    sub: 'Sub',
    mul: 'Mul',
    mul_: 'Mul',
    div: 'Div',
    maximum: 'Max',
    minimum: 'Min',
    pow: 'Pow',
  },
}

/** Adds a call to a model. */
export function addCall(call: AtenCall): void {
  const { op } = call
  const inputs = [nameOf(call, 'self') ?? nameOf(call, 'input') ?? '']
  const [transposed] = [call.argument('transposed')?.bool ?? op.startsWith('conv_transpose')]
  if (/^_?conv/.test(op)) convolution(call, transposed)
  else if (/^(max|avg)_pool\dd/.test(op)) pool(call)
  else if (/^adaptive_(avg|max)_pool/.test(op)) adaptive(call)
  else if (/pad(\dd|_nd)?$/.test(op)) pad(call)
  else if (cellwise[op]) add(call, cellwise[op], {}, inputs)
  else if (paired[op]) {
    const other = nameOf(call, 'other')
    add(
      call,
      other === undefined ? 'BatchNormalization' : paired[op],
      {},
      other === undefined ? inputs : [...inputs, other],
    )
  } else (others[op] ?? unknown)(call)
}

const nameOf = (call: AtenCall, name: string): string | undefined => call.argument(name)?.value

function add(
  call: AtenCall,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>>,
  inputs: readonly string[],
): void {
  call.builder.node(opType, inputs, call.outputs, attributes, { name: call.name, span: call.place })
}

/** What is not known keeps PyTorch's own name, so that no row of ONNX is taken for it. */
function unknown(call: AtenCall): void {
  const names = ['self', 'input', 'other', 'tensors']
  const inputs = names.flatMap((name) => call.argument(name)?.values ?? nameOf(call, name) ?? [])
  call.builder.node(`aten.${call.op}`, inputs, call.outputs, {}, { name: call.name, span: call.place, domain: 'torch' })
}

/** Numbers for each axis; one for all where only one is given. */
function each(call: AtenCall, name: string, rank: number, absent?: number): number[] | undefined {
  const found = call.argument(name)
  const numbers = found?.numbers ?? (found?.number === undefined ? undefined : [found.number])
  if (numbers && numbers.length === rank) return [...numbers]
  if (numbers?.length === 1) return new Array<number>(rank).fill(numbers[0])
  return absent === undefined || (numbers && numbers.length > 0) ? undefined : new Array<number>(rank).fill(absent)
}

const both = (sides: readonly number[] | undefined): number[] | undefined => sides && [...sides, ...sides]

/** How many axes a call has: by the shapes of its values, or by its name. */
function rankOf(call: AtenCall, value: string): number {
  const [digit] = /\d/.exec(call.op) ?? []
  if (digit !== undefined) return Number(digit)
  return (call.argument('stride')?.numbers?.length ?? 0) || Math.max(1, (call.shapeOf(value)?.length ?? 4) - 2)
}

function convolution(call: AtenCall, isTransposed: boolean): void {
  const [input = '', weight = ''] = [nameOf(call, 'input'), nameOf(call, 'weight')]
  const rank = rankOf(call, weight)
  const dims = call.shapeOf(weight)?.filter((size) => typeof size === 'number') ?? []
  const word = call.argument('padding')?.text
  const group = call.argument('groups')?.number ?? 1
  const weights = dims.length === rank + 2 ? [call.builder.made(dims)] : []
  add(
    call,
    isTransposed ? 'ConvTranspose' : 'Conv',
    {
      ...{ strides: each(call, 'stride', rank, 1), dilations: each(call, 'dilation', rank, 1), group },
      ...(word === undefined ? { pads: both(each(call, 'padding', rank, 0)) } : { auto_pad: word }),
      ...(isTransposed && { output_padding: each(call, 'output_padding', rank) }),
    },
    [input, ...weights],
  )
}

function pool(call: AtenCall): void {
  const input = nameOf(call, 'self') ?? nameOf(call, 'input') ?? ''
  const rank = rankOf(call, input)
  const kernel = each(call, 'kernel_size', rank)
  const isAverage = call.op.startsWith('avg')
  const divisor = call.argument('divisor_override')?.number
  add(
    call,
    isAverage ? 'AveragePool' : 'MaxPool',
    {
      ...{
        kernel_shape: kernel,
        strides: each(call, 'stride', rank) ?? kernel,
        pads: both(each(call, 'padding', rank, 0)),
      },
      ceil_mode: Number(call.argument('ceil_mode')?.bool ?? false),
      ...(isAverage
        ? { count_include_pad: Number(call.argument('count_include_pad')?.bool ?? true) }
        : { dilations: each(call, 'dilation', rank, 1) }),
      ...(divisor !== undefined && { remark: `divides by ${divisor} (divisor_override)` }),
    },
    [input],
  )
}

function adaptive(call: AtenCall): void {
  const size = call.argument('output_size')
  const cells = size?.numbers ?? (size?.number === undefined ? [] : [size.number])
  const input = nameOf(call, 'self') ?? ''
  if (cells.length === 0 || !cells.every((count) => count === 1)) unknown(call)
  else add(call, call.op.includes('avg') ? 'GlobalAveragePool' : 'GlobalMaxPool', {}, [input])
}

/** `[left, right, top, bottom]`: the last axis first, its begin before its end. */
function pad(call: AtenCall): void {
  const input = nameOf(call, 'self') ?? nameOf(call, 'input') ?? ''
  const cells = (call.argument('pad') ?? call.argument('padding'))?.numbers
  const rank = call.shapeOf(input)?.length ?? (cells ? cells.length / 2 + 2 : 0)
  const side = (at: number): number[] =>
    Array.from({ length: rank }, (_, axis) => cells?.[2 * (rank - 1 - axis) + at] ?? 0)
  const named = call.op.startsWith('reflection')
    ? 'reflect'
    : call.op.startsWith('replication')
      ? 'replicate'
      : 'constant'
  const mode =
    { replicate: 'edge', circular: 'wrap' }[call.argument('mode')?.text ?? named] ??
    call.argument('mode')?.text ??
    named
  const value = call.argument('value')?.number ?? 0
  const attributes = { mode, pads: cells && [...side(0), ...side(1)] }
  add(call, 'Pad', mode === 'constant' ? { ...attributes, value: { float: value } } : attributes, [input])
}

/** The largest integer that a slice may end at: all that is there. */
const END = 2 ** 31 - 1

const others: Readonly<Record<string, (call: AtenCall) => void>> = {
  cat: (call) =>
    add(call, 'Concat', { axis: call.argument('dim')?.number ?? 0 }, call.argument('tensors')?.values ?? []),
  permute: (call) => add(call, 'Transpose', { perm: call.argument('dims')?.numbers }, [nameOf(call, 'self') ?? '']),
  permute_copy: (call) =>
    add(call, 'Transpose', { perm: call.argument('dims')?.numbers }, [nameOf(call, 'self') ?? '']),
  mean: reduced,
  view: reshaped,
  view_copy: reshaped,
  reshape: reshaped,
  slice: sliced,
  slice_copy: sliced,
  upsample_nearest2d: resized,
  upsample_bilinear2d: resized,
}

function reduced(call: AtenCall): void {
  const axes =
    call.argument('dim')?.numbers ??
    (call.argument('dim')?.number === undefined ? [] : [call.argument('dim')?.number ?? 0])
  const keepdims = Number(call.argument('keepdim')?.bool ?? false)
  const inputs = [nameOf(call, 'self') ?? '', ...(axes.length > 0 ? [call.builder.made([axes.length], axes)] : [])]
  add(call, 'ReduceMean', { keepdims }, inputs)
}

function reshaped(call: AtenCall): void {
  const sizes = (call.argument('size') ?? call.argument('shape'))?.numbers
  if (sizes) add(call, 'Reshape', {}, [nameOf(call, 'self') ?? '', call.builder.made([sizes.length], sizes)])
  else unknown(call)
}

function sliced(call: AtenCall): void {
  const number = (name: string, absent: number): number => Math.min(call.argument(name)?.number ?? absent, END)
  const lists = [number('start', 0), number('end', END), number('dim', 0), number('step', 1)]
  const constants = lists.map((value) => call.builder.made([1], [value]))
  add(call, 'Slice', {}, [nameOf(call, 'self') ?? '', ...constants])
}

function resized(call: AtenCall): void {
  const sizes = call.argument('output_size')?.numbers
  const input = nameOf(call, 'self') ?? nameOf(call, 'input') ?? ''
  if (sizes?.length === 2) add(call, 'Resize', { axes: [2, 3] }, [input, '', '', call.builder.made([2], sizes)])
  else unknown(call)
}
