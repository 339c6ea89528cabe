import { add, beginsFirst, type FileOperator } from '../file-operator.ts'
import type { TfNode } from './graph.ts'

// The nodes that slide a window. Lists have a number for each dimension, in the order of data_format.

/** A node, its inputs under the names that they have in the model, and where it is added. */
export interface TfCall extends FileOperator, Pick<TfNode, 'attributes'> {
  /** The shape of a constant that is an input, also through nodes that only pass it on. */
  dims(input: number): readonly number[] | undefined
  values(input: number): readonly number[] | undefined
}

const isChannelsFirst = ({ attributes }: TfCall): boolean =>
  (attributes.get('data_format')?.text ?? '').startsWith('NC')

/** The numbers of the spatial axes. */
function spatial<Entry>(call: TfCall, list: readonly Entry[] | undefined): Entry[] | undefined {
  return list && [...(isChannelsFirst(call) ? list.slice(2) : list.slice(1, -1))]
}

const ints = (call: TfCall, name: string): readonly number[] | undefined => call.attributes.get(name)?.ints

/** Padding by its word; EXPLICIT has a pair for each dimension. */
function padding(call: TfCall): { readonly auto_pad?: string; readonly pads?: number[] | undefined } {
  const word = (call.attributes.get('padding')?.text ?? 'VALID').toLowerCase()
  if (word !== 'explicit') return { auto_pad: word }
  const list = ints(call, 'explicit_paddings') ?? []
  const pairs = list.flatMap((cells, index) => (index % 2 === 0 ? [[cells, list[index + 1]]] : []))
  return { pads: beginsFirst((spatial(call, pairs) ?? []).flat()) }
}

function addWindow(call: TfCall, opType: string, weights: string | undefined, more: object, x = 0): void {
  const dilations = spatial(call, ints(call, 'dilations') ?? ints(call, 'rates'))
  const layout = isChannelsFirst(call) ? 'nchw' : 'nhwc'
  add(
    call,
    opType,
    { ...{ layout, strides: spatial(call, ints(call, 'strides')), dilations }, ...padding(call), ...more },
    weights === undefined ? [call.inputs[x]] : [call.inputs[x], weights],
  )
}

/** A filter [...kernel, a, b] as [b, a, ...kernel], also one that only the caller of a function knows. */
function turned(call: TfCall, order: 'b a' | 'a b'): string {
  const { inputs, outputs, builder } = call
  const rank = Math.max(1, (ints(call, 'strides')?.length ?? 4) - 2)
  const ends = order === 'a b' ? [rank, rank + 1] : [rank + 1, rank]
  const name = `${outputs[0]} filter`
  builder.node('Transpose', [inputs[1] ?? ''], [name], {
    perm: [...ends, ...Array.from({ length: rank }, (_, axis) => axis)],
  })
  return name
}

/** Filters are [...kernel, in / groups, out]: how many channels come in settles the groups. */
export const convolution = (call: TfCall): void =>
  addWindow(call, 'Conv', turned(call, 'b a'), { groups_by_channels: 1 })

/** Filters are [...kernel, channels, multiplier]: each channel makes as many as the multiplier. */
export function depthwise(call: TfCall): void {
  const { outputs, builder } = call
  const [turnedFilter, name] = [turned(call, 'a b'), `${outputs[0]} weights`]
  builder.node('Reshape', [turnedFilter, builder.made([4], [-1, 1, 0, 0])], [name])
  addWindow(call, 'Conv', name, { groups_by_channels: 1 })
}

/** Inputs: the output's shape, the filter [...kernel, out, in], the values. */
export function transposed(call: TfCall): void {
  addWindow(call, 'ConvTranspose', turned(call, 'b a'), { output_shape: spatial(call, call.values(0)) }, 2)
}

export const pool =
  (opType: string) =>
  (call: TfCall): void => {
    // MaxPoolV2 has its kernel and strides as inputs.
    const kernel = ints(call, 'ksize') ?? call.values(1)
    const strides = ints(call, 'strides') ?? call.values(2)
    addWindow(call, opType, undefined, { kernel_shape: spatial(call, kernel), strides: spatial(call, strides) })
  }
