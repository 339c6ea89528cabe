import type { ModelBuilder } from '../builder.ts'
import type { TfNode } from './graph.ts'

// The nodes that slide a window. Lists have a number for each dimension, in the order of data_format.

/** A node, its inputs under the names that they have in the model, and where it is added. */
export interface TfCall {
  readonly node: TfNode
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly builder: ModelBuilder
  /** The shape of a constant that is an input, also through nodes that only pass it on. */
  dims(input: number): readonly number[] | undefined
  values(input: number): readonly number[] | undefined
}

const isChannelsFirst = ({ node }: TfCall): boolean => (node.attributes.get('data_format')?.text ?? '').startsWith('NC')

/** The numbers of the spatial axes. */
function spatial(call: TfCall, list: readonly number[] | undefined): number[] | undefined {
  return list && [...(isChannelsFirst(call) ? list.slice(2) : list.slice(1, -1))]
}

const ints = (call: TfCall, name: string): readonly number[] | undefined => call.node.attributes.get(name)?.ints

/** Padding by its word; EXPLICIT has a pair for each dimension. */
function padding(call: TfCall): { readonly auto_pad?: string; readonly pads?: number[] | undefined } {
  const word = (call.node.attributes.get('padding')?.text ?? 'VALID').toLowerCase()
  if (word !== 'explicit') return { auto_pad: word }
  const list = ints(call, 'explicit_paddings') ?? []
  const sides = [0, 1].map(
    (side) =>
      spatial(
        call,
        list.filter((_, index) => index % 2 === side),
      ) ?? [],
  )
  return { pads: sides.flat() }
}

function add(call: TfCall, opType: string, weights: string | undefined, more: object, x = 0): void {
  const { node, inputs, outputs, builder } = call
  const dilations = spatial(call, ints(call, 'dilations') ?? ints(call, 'rates'))
  builder.node(
    opType,
    weights === undefined ? [inputs[x]] : [inputs[x], weights],
    outputs,
    {
      ...{ layout: isChannelsFirst(call) ? 'nchw' : 'nhwc', strides: spatial(call, ints(call, 'strides')), dilations },
      ...{ ...padding(call), ...more },
    },
    { name: node.name, span: node.place },
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
export const convolution = (call: TfCall): void => add(call, 'Conv', turned(call, 'b a'), { groups_by_channels: 1 })

/** Filters are [...kernel, channels, multiplier]: each channel makes as many as the multiplier. */
export function depthwise(call: TfCall): void {
  const { outputs, builder } = call
  const [turnedFilter, name] = [turned(call, 'a b'), `${outputs[0]} weights`]
  builder.node('Reshape', [turnedFilter, builder.made([4], [-1, 1, 0, 0])], [name])
  add(call, 'Conv', name, { groups_by_channels: 1 })
}

/** Inputs: the output's shape, the filter [...kernel, out, in], the values. */
export function transposed(call: TfCall): void {
  add(call, 'ConvTranspose', turned(call, 'b a'), { output_shape: spatial(call, call.values(0)) }, 2)
}

export const pool =
  (opType: string) =>
  (call: TfCall): void => {
    // MaxPoolV2 has its kernel and strides as inputs.
    const kernel = ints(call, 'ksize') ?? call.values(1)
    const strides = ints(call, 'strides') ?? call.values(2)
    add(call, opType, undefined, { kernel_shape: spatial(call, kernel), strides: spatial(call, strides) })
  }
