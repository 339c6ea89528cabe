import type { AttributeInput } from '../builder.ts'
import { convolution, depthwise, pool, type TfCall, transposed } from './windows.ts'

type Add = (call: TfCall) => void

/** The largest integer that a slice may end at: all that is there. */
const END = 2 ** 31 - 1

function add(
  { node, inputs, outputs, builder }: TfCall,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
  given: readonly string[] = inputs,
): void {
  builder.node(opType, given, outputs, attributes, { name: node.name, span: node.place })
}

const as =
  (opType: string, attributes?: (call: TfCall) => Readonly<Record<string, AttributeInput>>): Add =>
  (call) =>
    add(call, opType, attributes?.(call))

/** Operators of which only the first input has cells. */
const first =
  (opType: string): Add =>
  (call) =>
    add(call, opType, {}, call.inputs.slice(0, 1))

/** What is not known keeps TensorFlow's own name, so that no row of ONNX is taken for it. */
export const unknown: Add = ({ node, inputs, outputs, builder }) =>
  builder.node(node.op, inputs, outputs, {}, { name: node.name, span: node.place, domain: 'tensorflow' })

const pad =
  (isMirrored: boolean): Add =>
  (call) => {
    const { inputs, builder, node } = call
    const mode = isMirrored ? (node.attributes.get('mode')?.text ?? 'REFLECT').toLowerCase() : 'constant'
    add(call, 'Pad', { mode }, [inputs[0], builder.flatPads(inputs[1] ?? ''), ...inputs.slice(2, 3)])
  }

/** The axis is the last input, and the first one in the oldest version. */
const concat =
  (axisAt: number): Add =>
  (call) => {
    const [axis] = call.values(axisAt < 0 ? call.inputs.length - 1 : axisAt) ?? []
    const inputs = axisAt < 0 ? call.inputs.slice(0, -1) : call.inputs.slice(1)
    if (axis === undefined) unknown(call)
    else add(call, 'Concat', { axis }, inputs)
  }

/** Values side by side along a new axis. */
const pack: Add = (call) => {
  const { inputs, outputs, node, builder } = call
  const axis = node.attributes.get('axis')?.int ?? 0
  const parts = inputs.map((input, index) => {
    const part = `${outputs[0]} part ${index}`
    builder.node('Unsqueeze', [input, builder.made([1], [axis])], [part])
    return part
  })
  add(call, 'Concat', { axis }, parts)
}

const reducing =
  (opType: string): Add =>
  (call) =>
    add(
      call,
      opType,
      { keepdims: Number(call.node.attributes.get('keep_dims')?.bool ?? false) },
      call.inputs.slice(0, 2),
    )

const transpose: Add = (call) => add(call, 'Transpose', { perm: call.values(1) }, call.inputs.slice(0, 1))

const squeeze: Add = (call) => {
  const axes = call.node.attributes.get('squeeze_dims')?.ints ?? call.node.attributes.get('axis')?.ints
  add(call, 'Squeeze', { axes: axes && axes.length > 0 ? axes : undefined })
}

/** New height and width are the second input; the channels are last. */
const resize: Add = (call) => add(call, 'Resize', { axes: [1, 2] }, [call.inputs[0], '', '', call.inputs[1] ?? ''])

const matMul: Add = (call) => {
  const flag = (name: string): number => Number(call.node.attributes.get(name)?.bool ?? false)
  add(call, 'Gemm', { transA: flag('transpose_a'), transB: flag('transpose_b') }, call.inputs.slice(0, 2))
}

/** Bits of masks say for which entries a number does not count, an axis is left out, or is new. */
const stridedSlice: Add = (call) => {
  const { inputs, outputs, node, builder } = call
  const [begins, ends, steps] = [1, 2, 3].map((input) => call.values(input))
  const mask = (name: string): number => node.attributes.get(name)?.int ?? 0
  if (!begins || !ends || !steps || mask('ellipsis_mask') !== 0) return unknown(call)
  const has = (name: string, entry: number): boolean => (mask(name) >> entry) % 2 === 1
  const all = begins.map((_, entry) => entry)
  const isNew = (entry: number): boolean => has('new_axis_mask', entry)
  // Of the axes that are there already.
  const entries = all.filter((entry) => !isNew(entry))
  const isDropped = (entry: number): boolean => !isNew(entry) && has('shrink_axis_mask', entry)
  const starts = entries.map((at) => (has('begin_mask', at) && !isDropped(at) ? (steps[at] < 0 ? END : 0) : begins[at]))
  const limits = entries.map((at) => {
    if (isDropped(at)) return begins[at] === -1 ? END : begins[at] + 1
    return has('end_mask', at) ? (steps[at] < 0 ? -END : END) : ends[at]
  })
  const axes = entries.map((_, axis) => axis)
  const lists = [starts, limits, axes, entries.map((at) => steps[at])].map((list) => builder.made([list.length], list))
  const left = all.filter((entry) => !isDropped(entry))
  const [dropped, added] = [
    axes.filter((axis) => isDropped(entries[axis])),
    [...left.keys()].filter((at) => isNew(left[at])),
  ]
  const after: [opType: string, axes: readonly number[]][] = [
    ['Squeeze', dropped],
    ['Unsqueeze', added],
  ]
  const rest = after.filter(([, one]) => one.length > 0)
  const names = [...rest.map(([opType]) => `${outputs[0]} before ${opType}`), outputs[0]]
  const place = { name: node.name, span: node.place }
  builder.node('Slice', [inputs[0], ...lists], [names[0]], {}, place)
  for (const [index, [opType, one]] of rest.entries())
    builder.node(opType, [names[index]], [names[index + 1]], { axes: one }, place)
}

/** Operators on one element at a time, or on pairs of them, under ONNX's name. */
const renamed: Readonly<Record<string, string>> = {
  ...{ Add: 'Add', AddV2: 'Add', Sub: 'Sub', Mul: 'Mul', RealDiv: 'Div', Maximum: 'Max', Minimum: 'Min', Pow: 'Pow' },
  ...{ FloorDiv: 'Div', FloorMod: 'Mod', DivNoNan: 'Div', SquaredDifference: 'Sub', AddN: 'Sum' },
  ...{ Identity: 'Identity', StopGradient: 'Identity', PreventGradient: 'Identity', Snapshot: 'Identity' },
  ...{ Relu: 'Relu', LeakyRelu: 'LeakyRelu', Elu: 'Elu', Selu: 'Selu', Sigmoid: 'Sigmoid', Tanh: 'Tanh' },
  ...{ Softplus: 'Softplus', Softsign: 'Softsign', Softmax: 'Softmax', LogSoftmax: 'LogSoftmax', Erf: 'Erf' },
  ...{ Exp: 'Exp', Log: 'Log', Neg: 'Neg', Abs: 'Abs', Floor: 'Floor', Ceil: 'Ceil', Round: 'Round', Sqrt: 'Sqrt' },
  ...{ Square: 'Abs', Rsqrt: 'Sqrt', Reciprocal: 'Reciprocal', Sin: 'Sin', Cos: 'Cos', Sign: 'Sign' },
  ...{ Reshape: 'Reshape', Shape: 'Shape', Tile: 'Tile', ExpandDims: 'Unsqueeze', BroadcastTo: 'Expand' },
  ...{ LRN: 'LRN', Cast: 'Identity' },
}

/** Nodes by their operator. */
export const operators: Readonly<Record<string, Add>> = {
  ...Object.fromEntries(Object.entries(renamed).map(([op, opType]) => [op, as(opType)])),
  Conv2D: convolution,
  _FusedConv2D: convolution,
  FusedConv2D: convolution,
  Conv3D: convolution,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: transposed,
  Conv3DBackpropInputV2: transposed,
  MaxPool: pool('MaxPool'),
  MaxPoolV2: pool('MaxPool'),
  MaxPool3D: pool('MaxPool'),
  MaxPoolWithArgmax: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  AvgPool3D: pool('AveragePool'),
  Pad: pad(false),
  PadV2: pad(false),
  MirrorPad: pad(true),
  ConcatV2: concat(-1),
  Concat: concat(0),
  Pack: pack,
  Mean: reducing('ReduceMean'),
  Max: reducing('ReduceMax'),
  Min: reducing('ReduceMin'),
  Sum: reducing('ReduceSum'),
  Prod: reducing('ReduceProd'),
  Transpose: transpose,
  Squeeze: squeeze,
  StridedSlice: stridedSlice,
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  ResizeBicubic: resize,
  MatMul: matMul,
  _FusedMatMul: matMul,
  Relu6: as('Clip', () => ({ min: { float: 0 }, max: { float: 6 } })),
  BiasAdd: first('BatchNormalization'),
  FusedBatchNorm: first('BatchNormalization'),
  FusedBatchNormV2: first('BatchNormalization'),
  FusedBatchNormV3: first('BatchNormalization'),
  FakeQuantWithMinMaxVars: first('Identity'),
  PlaceholderWithDefault: first('Identity'),
}
