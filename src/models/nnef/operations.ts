import type { AttributeInput } from '../builder.ts'
import { type AddOperator, add, type FileOperator, named, rowOf } from '../file-operator.ts'
import type { NnefArgument } from './text.ts'

// Operations of NNEF 1.0. Values are [batch, channels, ...cells].

/** An operation whose arguments are found by name, or by position. */
export interface NnefOperation extends FileOperator {
  readonly positional: readonly NnefArgument[]
  argument(name: string): NnefArgument | undefined
}

type AddOperation = AddOperator<NnefOperation>

const windowWords = 'border padding stride dilation'
/** Names of arguments by position (NNEF 1.0 specification, chapter 4). */
export const signatures: Readonly<Record<string, string>> = {
  conv: `input filter bias ${windowWords} groups`,
  deconv: `input filter bias ${windowWords} output_shape groups`,
  max_pool: `input size ${windowWords}`,
  avg_pool: `input size ${windowWords}`,
  rms_pool: `input size ${windowWords}`,
  max_pool_with_index: `input size ${windowWords}`,
  box: `input size ${windowWords} normalize`,
  pad: 'input padding border value',
  concat: 'values axis',
  external: 'shape',
  variable: 'shape label',
  reshape: 'input shape axis_start axis_count',
  transpose: 'input axes',
}

export const nameIn = (argument: NnefArgument | undefined): string | undefined =>
  typeof argument === 'object' && 'value' in argument ? argument.value : undefined
const input = (operation: NnefOperation): string => nameIn(operation.argument('input') ?? operation.positional[0]) ?? ''
const text = (operation: NnefOperation, name: string, absent: string): string => {
  const found = operation.argument(name)
  return typeof found === 'string' ? found : absent
}

/** Numbers of a list; undefined where it is left out, empty, or holds something else. */
export function numbers(argument: NnefArgument | undefined): number[] | undefined {
  if (!Array.isArray(argument) || argument.length === 0) return undefined
  const list = argument.filter((one) => typeof one === 'number')
  return list.length === argument.length ? list : undefined
}

/** Pads as [begin, end] of each axis, all begins first; undefined where padding is automatic. */
function padsOf(operation: NnefOperation, from: number): number[] | undefined {
  const list = operation.argument('padding')
  if (!Array.isArray(list) || list.length === 0) return undefined
  const pairs = (list as readonly NnefArgument[]).slice(from).map((pair) => numbers(pair) ?? [0, 0])
  return [0, 1].flatMap((side) => pairs.map((pair) => pair[side] ?? 0))
}

/** Words of borders that are no number, as a Pad has them. */
const modes: Readonly<Record<string, string>> = { replicate: 'edge', reflect: 'reflect', 'reflect-even': 'symmetric' }

/** The value that a window reads: behind a Pad where its border holds something else than what the window pads with. */
function bordered(operation: NnefOperation, pads: readonly number[] | undefined, own: readonly string[]) {
  const border = text(operation, 'border', 'constant')
  const x = input(operation)
  if (own.includes(border)) return { x, pads, remark: undefined }
  // What an automatic padding adds is not known before the size is.
  if (!pads) return { x, pads, remark: `its border is '${border}'` }
  if (!pads.some((cells) => cells !== 0)) return { x, pads, remark: undefined }
  const [name, half] = [`${operation.outputs[0]} border`, pads.length / 2]
  const all = [0, 0, ...pads.slice(0, half), 0, 0, ...pads.slice(half)]
  operation.builder.node(
    'Pad',
    [x],
    [name],
    { mode: rowOf(modes, border) ?? 'constant', pads: all },
    { span: operation.place },
  )
  return { x: name, pads: pads.map(() => 0), remark: undefined }
}

/** Padding that is left out is automatic. */
const padding = (pads: readonly number[] | undefined): Record<string, AttributeInput> =>
  pads ? { pads } : { auto_pad: 'same' }

const convolution: AddOperation = (operation) => {
  const filter = nameIn(operation.argument('filter')) ?? ''
  const { x, pads, remark } = bordered(operation, padsOf(operation, 0), ['constant'])
  const groups = operation.argument('groups')
  // Groups of 0 are as many as there are channels.
  const group = groups === 0 ? operation.builder.dimsOf(filter)?.[0] : typeof groups === 'number' ? groups : 1
  const [strides, dilations] = [numbers(operation.argument('stride')), numbers(operation.argument('dilation'))]
  add(operation, 'Conv', { strides, dilations, group, ...padding(pads), remark }, [x, filter])
}

/** Crops are numbers also where they are automatic: then the output is the input times the stride, or what is asked for. */
const deconvolution: AddOperation = (operation) => {
  const filter = nameIn(operation.argument('filter')) ?? ''
  const dims = operation.builder.dimsOf(filter) ?? []
  const kernel = dims.slice(2)
  const strides = numbers(operation.argument('stride')) ?? kernel.map(() => 1)
  const dilations = numbers(operation.argument('dilation')) ?? kernel.map(() => 1)
  const groups = operation.argument('groups')
  const asked = numbers(operation.argument('output_shape'))?.slice(-kernel.length)
  const given = padsOf(operation, 0)
  const axes = kernel.map((cells, axis) => {
    const [reach, stride] = [(cells - 1) * dilations[axis] + 1, Math.max(1, strides[axis])]
    const size = asked?.[axis]
    const scaled = size === undefined ? reach - stride : (Math.ceil(size / stride) - 1) * stride + reach - size
    const [begin, end] = given
      ? [given[axis] ?? 0, given[axis + kernel.length] ?? 0]
      : [Math.floor(Math.max(0, scaled) / 2), Math.ceil(Math.max(0, scaled) / 2)]
    const more = given ? (size === undefined ? 0 : (((size + begin + end - reach) % stride) + stride) % stride) : 0
    return { begin, end, more: given ? more : Math.max(0, -scaled) }
  })
  const pads = [...axes.map(({ begin }) => begin), ...axes.map(({ end }) => end)]
  const group = groups === 0 ? dims[0] : typeof groups === 'number' ? groups : 1
  // NNEF has no rule of its own here: numbers are cropped as everywhere.
  const convention = 'openvino.transposed.explicit'
  const output_padding = axes.map(({ more }) => more)
  add(operation, 'ConvTranspose', { strides, dilations, group, pads, output_padding, convention }, [
    input(operation),
    filter,
  ])
}

/** Pools have numbers for batch and channels too. A maximum takes a constant border for zeros. */
const pool =
  (opType: string): AddOperation =>
  (operation) => {
    const isAverage = opType === 'AveragePool'
    const { x, pads, remark } = bordered(
      operation,
      padsOf(operation, 2),
      isAverage ? ['constant', 'ignore'] : ['ignore'],
    )
    const spatial = (name: string): number[] | undefined => numbers(operation.argument(name))?.slice(2)
    const counts = Number(text(operation, 'border', 'constant') === 'constant')
    add(
      operation,
      opType,
      {
        ...{ kernel_shape: spatial('size'), strides: spatial('stride'), dilations: spatial('dilation') },
        ...{ ...padding(pads), remark, ...(isAverage && { count_include_pad: counts }) },
      },
      [x],
    )
  }

const pad: AddOperation = (operation) => {
  const value = operation.argument('value')
  const mode = rowOf(modes, text(operation, 'border', 'constant')) ?? 'constant'
  const fill = mode === 'constant' ? { value: { float: typeof value === 'number' ? value : 0 } } : {}
  add(operation, 'Pad', { mode, pads: padsOf(operation, 0), ...fill }, [input(operation)])
}

const concat: AddOperation = (operation) => {
  const [values, axis] = [operation.argument('values'), operation.argument('axis')]
  const names = Array.isArray(values) ? (values as readonly NnefArgument[]).flatMap((one) => nameIn(one) ?? []) : []
  add(operation, 'Concat', { axis: typeof axis === 'number' ? axis : 0 }, names)
}

/** Operations by their name. */
export const operations: Readonly<Record<string, AddOperation>> = {
  ...named({
    ...{ Relu: 'relu', Sigmoid: 'sigmoid', Tanh: 'tanh', Elu: 'elu', Softplus: 'softplus', Softmax: 'softmax' },
    ...{ LeakyRelu: 'leaky_relu prelu', Exp: 'exp', Abs: 'abs', Sqrt: 'sqrt', Neg: 'neg', Identity: 'copy' },
    ...{ Add: 'add', Sub: 'sub', Mul: 'mul', Div: 'div', Min: 'min', Max: 'max', Clip: 'clamp' },
  }),
  conv: convolution,
  deconv: deconvolution,
  max_pool: pool('MaxPool'),
  max_pool_with_index: pool('MaxPool'),
  avg_pool: pool('AveragePool'),
  rms_pool: pool('LpPool'),
  pad,
  concat,
  batch_normalization: (operation) => add(operation, 'BatchNormalization', {}, [input(operation)]),
}
