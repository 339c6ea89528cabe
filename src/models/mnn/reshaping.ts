import type { Table } from '../../bytes/flatbuffer.ts'
import { type AddOperator, add, as, type FileOperator, unknown } from '../file-operator.ts'
import { stridedSlice } from '../strided-slice.ts'
import { convertSlots, interpSlots, NHWC, permuteSlots, reductionSlots, reshapeSlots, squeezeSlots } from './schema.ts'

// Operators that give values other sizes, or their dimensions another order.

/** An operator with the table of its options. Values are [batch, channels, ...cells], whatever their order in memory. */
export interface MnnOperator extends FileOperator {
  readonly main: Table | undefined
}

export type AddMnnOperator = AddOperator<MnnOperator>

/** Between orders: those with the channels second are one to a reader of sizes. */
const convert: AddMnnOperator = (operator) => {
  const [from, to] = [convertSlots.source, convertSlots.target].map((slot) => operator.main?.int8(slot) === NHWC)
  if (from === to) add(operator, 'Identity')
  else add(operator, 'Transpose', { perm: from ? [0, 3, 1, 2] : [0, 2, 3, 1] })
}

/** The new sizes are a second input, or a list of the operator. */
const reshape: AddMnnOperator = (operator) => {
  const { inputs, main, builder } = operator
  const dims = main?.int32s(reshapeSlots.dims) ?? []
  if (inputs.length > 1) add(operator, 'Reshape')
  else if (dims.length > 0) add(operator, 'Reshape', {}, [inputs[0] ?? '', builder.made([dims.length], dims)])
  else unknown(operator)
}

/** Axes are a list of the operator, or a second input; of a list that is empty, all that have one cell. */
const axesOf =
  (opType: 'Squeeze' | 'Unsqueeze'): AddMnnOperator =>
  (operator) => {
    const axes = operator.main?.int32s(squeezeSlots.dims) ?? []
    if (axes.length > 0) add(operator, opType, { axes }, operator.inputs.slice(0, 1))
    else if (opType === 'Squeeze' || operator.inputs.length > 1) add(operator, opType)
    else unknown(operator)
  }

/** ReductionType, as far as sizes and signs of it are known. */
const reductions: Readonly<Record<number, string>> = {
  ...{ 0: 'ReduceSum', 1: 'ReduceL1', 2: 'ReduceSumSquare', 3: 'ReduceMean', 4: 'ReduceMax', 5: 'ReduceMin' },
  ...{ 6: 'ReduceProd', 7: 'ReduceMax', 8: 'ReduceMin' },
}

const reduction: AddMnnOperator = (operator) => {
  const { main, inputs } = operator
  const opType = reductions[main?.int8(reductionSlots.operation) ?? 0]
  if (!main || !opType) return unknown(operator)
  const axes = main.int32s(reductionSlots.axes)
  const keepdims = Number(main.bool(reductionSlots.keepsAxes))
  if (axes.length > 0) add(operator, opType, { keepdims, axes }, inputs.slice(0, 1))
  else add(operator, opType, { keepdims }, inputs.slice(0, 2))
}

/** The axis is a third input, or the first one. */
const gather: AddMnnOperator = (operator) => {
  const { inputs, builder } = operator
  const [axis] = inputs[2] === undefined ? [0] : (builder.valuesOf(inputs[2]) ?? [])
  if (axis === undefined) unknown(operator)
  else add(operator, 'Gather', { axis }, inputs.slice(0, 2))
}

/** Height and width: a second input, numbers, or factors. */
const interp: AddMnnOperator = (operator) => {
  const { main, inputs, builder } = operator
  const [image = '', sizes] = inputs
  if (sizes !== undefined) return add(operator, 'Resize', { axes: [2, 3] }, [image, '', '', sizes])
  const [height, width] = [interpSlots.height, interpSlots.width].map((slot) => main?.int32(slot) ?? 0)
  if (height > 0 && width > 0) {
    return add(operator, 'Resize', { axes: [2, 3] }, [image, '', '', builder.made([2], [height, width])])
  }
  const scales = [interpSlots.heightScale, interpSlots.widthScale].map((slot) => main?.float32(slot) ?? 0)
  if (scales.some((scale) => !(scale > 0))) return unknown(operator)
  add(operator, 'Resize', { axes: [2, 3] }, [image, '', builder.made([2], scales)])
}

/** As in TensorFlow: begins, ends and steps are inputs, masks say for which axes a number does not count. */
const slice: AddMnnOperator = (operator) => {
  const { main, inputs, outputs, builder } = operator
  const [begins, ends, steps] = [1, 2, 3].map((input) => builder.valuesOf(inputs[input] ?? ''))
  const [begin, end, ellipsis, newAxis, shrink] = [2, 3, 4, 5, 6].map((slot) => main?.int32(slot) ?? 0)
  if (!begins || !ends || !steps || ellipsis !== 0 || newAxis !== 0) return unknown(operator)
  const { lists, dropped } = stridedSlice(begins, ends, steps, { begin, end, shrink })
  const given = [inputs[0] ?? '', ...lists.map((list) => builder.made([list.length], list))]
  if (dropped.length === 0) return add(operator, 'Slice', {}, given)
  const sliced = `${outputs[0]} sliced`
  add({ ...operator, outputs: [sliced] }, 'Slice', {}, given)
  add(operator, 'Squeeze', { axes: dropped }, [sliced])
}

/** Operators by OpType. */
export const reshaping: Readonly<Record<string, AddMnnOperator>> = {
  31: gather,
  35: interp,
  46: as('Transpose', ({ main }) => ({ perm: main?.int32s(permuteSlots.dims) })),
  68: reduction,
  73: reshape,
  80: as('Shape'),
  90: axesOf('Squeeze'),
  91: slice,
  107: axesOf('Unsqueeze'),
  129: convert,
}
