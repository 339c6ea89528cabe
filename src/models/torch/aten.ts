import type { Shape } from '../../network/model.ts'
import {
  type AddOperator,
  add,
  addBy,
  type FileOperator,
  fromLastAxis,
  named,
  ofRanks,
  rowOf,
  unknown,
} from '../file-operator.ts'

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
interface AtenCall extends FileOperator {
  argument(name: string): AtenArgument | undefined
  /** The shape of a value, where the file says it. */
  shapeOf(value: string): Shape | undefined
}

type AddAten = AddOperator<AtenCall>

/** The names of positional arguments (pytorch aten/src/ATen/native/native_functions.yaml). */
const signatures: Readonly<Record<string, string>> = {
  ...ofRanks('conv#d', () => 'input weight bias stride padding dilation groups'),
  ...ofRanks('conv_transpose#d', () => 'input weight bias stride padding output_padding groups dilation'),
  ...ofRanks('max_pool#d', () => 'self kernel_size stride padding dilation ceil_mode'),
  ...ofRanks('max_pool#d_with_indices', () => 'self kernel_size stride padding dilation ceil_mode'),
  ...ofRanks('avg_pool#d', () => 'self kernel_size stride padding ceil_mode count_include_pad divisor_override'),
  ...ofRanks('adaptive_avg_pool#d', () => 'self output_size'),
  ...ofRanks('adaptive_max_pool#d', () => 'self output_size'),
  ...ofRanks('reflection_pad#d', () => 'self padding'),
  ...ofRanks('replication_pad#d', () => 'self padding'),
  convolution: 'input weight bias stride padding dilation transposed output_padding groups',
  _convolution: 'input weight bias stride padding dilation transposed output_padding groups',
  _convolution_mode: 'input weight bias stride padding dilation groups',
  pad: 'self pad mode value',
  constant_pad_nd: 'self pad value',
  cat: 'tensors dim',
  permute: 'self dims',
  mean: 'self dim keepdim',
  view: 'self size',
  reshape: 'self shape',
  flatten: 'self start_dim end_dim',
  slice: 'self dim start end step',
  upsample_nearest2d: 'self output_size scales_h scales_w',
  upsample_bilinear2d: 'self output_size align_corners scales_h scales_w',
}

/** An operator without what says that it writes over its input, `relu_`, or gives a copy, `view_copy`. */
const plain = (op: string): string => op.replace(/(_copy|_)$/, '')

/** The names of an operator's positional arguments, where they are known. */
export const argumentNames = (op: string): readonly string[] | undefined => rowOf(signatures, plain(op))?.split(' ')

/** A call as its file has it. */
export type AtenGiven = Omit<AtenCall, 'type' | 'domain' | 'inputs'> & {
  /** Without namespace and overload: `conv2d`. */
  readonly op: string
}

/** Adds a call to a model. */
export function addCall({ op, ...given }: AtenGiven): void {
  const inputs = ['self', 'input', 'other', 'tensors'].flatMap((name) => {
    const { values, value = [] } = given.argument(name) ?? {}
    return values ?? value
  })
  const call: AtenCall = { ...given, type: `aten.${op}`, domain: 'torch', inputs }
  const [, row] = windows.find(([names]) => names.test(op)) ?? []
  if (row) row(call)
  else addBy(others, call, plain(op))
}

const nameOf = (call: AtenCall, name: string): string | undefined => call.argument(name)?.value
const mainOf = (call: AtenCall): string => nameOf(call, 'self') ?? nameOf(call, 'input') ?? ''

/** Numbers of an argument that may be a single one. */
function numbersOf(call: AtenCall, name: string): readonly number[] | undefined {
  const { number, numbers = number === undefined ? undefined : [number] } = call.argument(name) ?? {}
  return numbers
}

/** Numbers for each axis; one for all where only one is given. */
function each(call: AtenCall, name: string, rank: number, absent?: number): number[] | undefined {
  const numbers = numbersOf(call, name)
  if (numbers && numbers.length === rank) return [...numbers]
  if (numbers?.length === 1) return new Array<number>(rank).fill(numbers[0])
  return absent === undefined || (numbers && numbers.length > 0) ? undefined : new Array<number>(rank).fill(absent)
}

const both = (sides: readonly number[] | undefined): number[] | undefined => sides && [...sides, ...sides]

/** How many axes a call has: by the shapes of its values, or by its name. */
function rankOf(call: AtenCall, value: string): number {
  const [digit] = /\d/.exec(call.type) ?? []
  if (digit !== undefined) return Number(digit)
  return (call.argument('stride')?.numbers?.length ?? 0) || Math.max(1, (call.shapeOf(value)?.length ?? 4) - 2)
}

function convolution(call: AtenCall): void {
  const isTransposed = call.argument('transposed')?.bool ?? call.type.startsWith('aten.conv_transpose')
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
  const input = mainOf(call)
  const rank = rankOf(call, input)
  const kernel = each(call, 'kernel_size', rank)
  const isAverage = call.type.startsWith('aten.avg')
  const divisor = call.argument('divisor_override')?.number
  add(
    call,
    isAverage ? 'AveragePool' : 'MaxPool',
    {
      ...{ kernel_shape: kernel, strides: each(call, 'stride', rank) ?? kernel },
      ...{ pads: both(each(call, 'padding', rank, 0)), ceil_mode: Number(call.argument('ceil_mode')?.bool ?? false) },
      ...(isAverage
        ? { count_include_pad: Number(call.argument('count_include_pad')?.bool ?? true) }
        : { dilations: each(call, 'dilation', rank, 1) }),
      ...(divisor !== undefined && { remark: `divides by ${divisor} (divisor_override)` }),
    },
    [input],
  )
}

function adaptive(call: AtenCall): void {
  const cells = numbersOf(call, 'output_size') ?? []
  if (cells.length === 0 || !cells.every((count) => count === 1)) unknown(call)
  else add(call, call.type.includes('avg') ? 'GlobalAveragePool' : 'GlobalMaxPool', {}, [nameOf(call, 'self') ?? ''])
}

/** Modes of a Pad by PyTorch's words, and by the names of operators. */
const modes: Readonly<Record<string, string>> = {
  replicate: 'edge',
  replication: 'edge',
  circular: 'wrap',
  reflection: 'reflect',
}

/** `[left, right, top, bottom]`: the last axis first, its begin before its end. */
function pad(call: AtenCall): void {
  const input = mainOf(call)
  const cells = (call.argument('pad') ?? call.argument('padding'))?.numbers
  const rank = call.shapeOf(input)?.length ?? (cells ? cells.length / 2 + 2 : 0)
  const [, named = 'constant'] = /\.(reflection|replication)/.exec(call.type) ?? []
  const word = call.argument('mode')?.text ?? named
  const mode = rowOf(modes, word) ?? word
  const attributes = { mode, pads: cells && fromLastAxis(cells, rank).flat() }
  const value = { float: call.argument('value')?.number ?? 0 }
  add(call, 'Pad', mode === 'constant' ? { ...attributes, value } : attributes, [input])
}

/** Operators by their names, of which there are several for each. */
const windows: readonly (readonly [names: RegExp, row: AddAten])[] = [
  [/^_?conv/, convolution],
  [/^(max|avg)_pool\dd/, pool],
  [/^adaptive_(avg|max)_pool/, adaptive],
  [/pad(\dd|_nd)?$/, pad],
]

/** The largest integer that a slice may end at: all that is there. */
const END = 2 ** 31 - 1

const others: Readonly<Record<string, AddAten>> = {
  // They leave cells where they are, as the operator of ONNX does.
  ...named(
    {
      ...{ Relu: 'relu', Clip: 'relu6 hardtanh clamp', LeakyRelu: 'leaky_relu prelu', Elu: 'elu', Gelu: 'gelu' },
      ...{ Swish: 'silu', Mish: 'mish', Sigmoid: 'sigmoid', Tanh: 'tanh', Softplus: 'softplus', Exp: 'exp' },
      ...{ HardSwish: 'hardswish', HardSigmoid: 'hardsigmoid', Softmax: 'softmax _softmax' },
      ...{ Abs: 'abs', Neg: 'neg', Sqrt: 'sqrt rsqrt', InstanceNormalization: 'instance_norm' },
      BatchNormalization: 'batch_norm _native_batch_norm_legit_no_training',
      GroupNormalization: 'group_norm native_group_norm',
      Identity: 'dropout clone contiguous alias detach to _to',
    },
    (opType) => (call: AtenCall) => add(call, opType, {}, [mainOf(call)]),
  ),
  ...named(
    { Add: 'add', Sub: 'sub', Mul: 'mul', Div: 'div', Max: 'maximum', Min: 'minimum', Pow: 'pow' },
    // With a number for the second value they leave cells where they are.
    (opType) => (call: AtenCall) => {
      const other = nameOf(call, 'other')
      if (other === undefined) add(call, 'BatchNormalization', {}, [mainOf(call)])
      else add(call, opType, {}, [mainOf(call), other])
    },
  ),
  cat: (call) =>
    add(call, 'Concat', { axis: call.argument('dim')?.number ?? 0 }, call.argument('tensors')?.values ?? []),
  permute: (call) => add(call, 'Transpose', { perm: call.argument('dims')?.numbers }, [mainOf(call)]),
  mean: reduced,
  view: reshaped,
  reshape: reshaped,
  slice: sliced,
  upsample_nearest2d: resized,
  upsample_bilinear2d: resized,
}

function reduced(call: AtenCall): void {
  const axes = numbersOf(call, 'dim') ?? []
  const keepdims = Number(call.argument('keepdim')?.bool ?? false)
  const inputs = [mainOf(call), ...(axes.length > 0 ? [call.builder.made([axes.length], axes)] : [])]
  add(call, 'ReduceMean', { keepdims }, inputs)
}

function reshaped(call: AtenCall): void {
  const sizes = (call.argument('size') ?? call.argument('shape'))?.numbers
  if (sizes) add(call, 'Reshape', {}, [mainOf(call), call.builder.made([sizes.length], sizes)])
  else unknown(call)
}

function sliced(call: AtenCall): void {
  const number = (name: string, absent: number): number => Math.min(call.argument(name)?.number ?? absent, END)
  const lists = [number('start', 0), number('end', END), number('dim', 0), number('step', 1)]
  add(call, 'Slice', {}, [mainOf(call), ...lists.map((value) => call.builder.made([1], [value]))])
}

function resized(call: AtenCall): void {
  const sizes = call.argument('output_size')?.numbers
  if (sizes?.length === 2) add(call, 'Resize', { axes: [2, 3] }, [mainOf(call), '', '', call.builder.made([2], sizes)])
  else unknown(call)
}
