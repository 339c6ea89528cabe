import { type AddOperator, add, alone, as, named, unknown } from '../file-operator.ts'
import { convolution, depthwise, pool, type TfCall, transposed } from './windows.ts'

type AddNode = AddOperator<TfCall>

/** The largest integer that a slice may end at: all that is there. */
const END = 2 ** 31 - 1

const pad =
  (isMirrored: boolean): AddNode =>
  (call) => {
    const { inputs, builder, attributes } = call
    const mode = isMirrored ? (attributes.get('mode')?.text ?? 'REFLECT').toLowerCase() : 'constant'
    add(call, 'Pad', { mode }, [inputs[0], builder.flatPads(inputs[1] ?? ''), ...inputs.slice(2, 3)])
  }

/** The axis is the last input, and the first one in the oldest version. */
const concat =
  (axisAt: number): AddNode =>
  (call) => {
    const [axis] = call.values(axisAt < 0 ? call.inputs.length - 1 : axisAt) ?? []
    const inputs = axisAt < 0 ? call.inputs.slice(0, -1) : call.inputs.slice(1)
    if (axis === undefined) unknown(call)
    else add(call, 'Concat', { axis }, inputs)
  }

/** Values side by side along a new axis. */
const pack: AddNode = (call) => {
  const { inputs, outputs, attributes, builder } = call
  const axis = attributes.get('axis')?.int ?? 0
  const parts = inputs.map((input, index) => {
    const part = `${outputs[0]} part ${index}`
    builder.node('Unsqueeze', [input, builder.made([1], [axis])], [part])
    return part
  })
  add(call, 'Concat', { axis }, parts)
}

const reducing =
  (opType: string): AddNode =>
  (call) =>
    add(call, opType, { keepdims: Number(call.attributes.get('keep_dims')?.bool ?? false) }, call.inputs.slice(0, 2))

const transpose: AddNode = (call) => add(call, 'Transpose', { perm: call.values(1) }, call.inputs.slice(0, 1))

const squeeze: AddNode = (call) => {
  const axes = call.attributes.get('squeeze_dims')?.ints ?? call.attributes.get('axis')?.ints
  add(call, 'Squeeze', { axes: axes && axes.length > 0 ? axes : undefined })
}

/** New height and width are the second input; the channels are last. */
const resize: AddNode = (call) => add(call, 'Resize', { axes: [1, 2] }, [call.inputs[0], '', '', call.inputs[1] ?? ''])

const matMul: AddNode = (call) => {
  const flag = (name: string): number => Number(call.attributes.get(name)?.bool ?? false)
  add(call, 'Gemm', { transA: flag('transpose_a'), transB: flag('transpose_b') }, call.inputs.slice(0, 2))
}

/** Bits of masks say for which entries a number does not count, an axis is left out, or is new. */
const stridedSlice: AddNode = (call) => {
  const { inputs, outputs, attributes, builder } = call
  const [begins, ends, steps] = [1, 2, 3].map((input) => call.values(input))
  const mask = (name: string): number => attributes.get(name)?.int ?? 0
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
  add({ ...call, outputs: [names[0]] }, 'Slice', {}, [inputs[0], ...lists])
  for (const [index, [opType, one]] of rest.entries())
    add({ ...call, outputs: [names[index + 1]] }, opType, { axes: one }, [names[index]])
}

const [maximum, average] = [pool('MaxPool'), pool('AveragePool')]

/** Nodes by their operator. */
export const operators: Readonly<Record<string, AddNode>> = {
  ...named({
    ...{ Add: 'Add AddV2', Sub: 'Sub SquaredDifference', Mul: 'Mul', Div: 'RealDiv FloorDiv DivNoNan', Pow: 'Pow' },
    ...{ Max: 'Maximum', Min: 'Minimum', Mod: 'FloorMod', Sum: 'AddN' },
    Identity: 'Identity StopGradient PreventGradient Snapshot Cast',
    ...{ Relu: 'Relu', LeakyRelu: 'LeakyRelu', Elu: 'Elu', Selu: 'Selu', Sigmoid: 'Sigmoid', Tanh: 'Tanh' },
    ...{ Softplus: 'Softplus', Softsign: 'Softsign', Softmax: 'Softmax', LogSoftmax: 'LogSoftmax', Erf: 'Erf' },
    ...{ Exp: 'Exp', Log: 'Log', Neg: 'Neg', Abs: 'Abs Square', Floor: 'Floor', Ceil: 'Ceil', Round: 'Round' },
    ...{ Sqrt: 'Sqrt Rsqrt', Reciprocal: 'Reciprocal', Sin: 'Sin', Cos: 'Cos', Sign: 'Sign', LRN: 'LRN' },
    ...{ Reshape: 'Reshape', Shape: 'Shape', Tile: 'Tile', Unsqueeze: 'ExpandDims', Expand: 'BroadcastTo' },
  }),
  // Only the first input has cells.
  ...named(
    {
      BatchNormalization: 'BiasAdd FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3',
      Identity: 'FakeQuantWithMinMaxVars PlaceholderWithDefault',
    },
    alone,
  ),
  ...named({ ReduceMean: 'Mean', ReduceMax: 'Max', ReduceMin: 'Min', ReduceSum: 'Sum', ReduceProd: 'Prod' }, reducing),
  Conv2D: convolution,
  _FusedConv2D: convolution,
  FusedConv2D: convolution,
  Conv3D: convolution,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: transposed,
  Conv3DBackpropInputV2: transposed,
  MaxPool: maximum,
  MaxPoolV2: maximum,
  MaxPool3D: maximum,
  MaxPoolWithArgmax: maximum,
  AvgPool: average,
  AvgPool3D: average,
  Pad: pad(false),
  PadV2: pad(false),
  MirrorPad: pad(true),
  ConcatV2: concat(-1),
  Concat: concat(0),
  Pack: pack,
  Transpose: transpose,
  Squeeze: squeeze,
  StridedSlice: stridedSlice,
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  ResizeBicubic: resize,
  MatMul: matMul,
  _FusedMatMul: matMul,
  Relu6: as('Clip', () => ({ min: { float: 0 }, max: { float: 6 } })),
}
