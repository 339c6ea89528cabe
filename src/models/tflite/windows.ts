import { allNumbers } from '../../operators/fact.ts'
import type { TfliteOperation, Translate, Translated } from './operation.ts'
import { paddings } from './schema.ts'

// The operators that slide a window. All values are [batch, ...cells, channels], all paddings SAME or VALID.

/** What each kind of option table has in which slot; -1 where it has none. Every stride and dilation is 1 by default but the strides, which are 0. */
interface Slots {
  readonly strides: readonly number[]
  readonly dilations?: readonly number[]
  readonly kernel?: readonly number[]
}

/** Width stands before height, in the order of the schema; kernels and strides are given height first here. */
const convolutionSlots: Slots = { strides: [2, 1], dilations: [5, 4] }
const depthwiseSlots: Slots = { strides: [2, 1], dilations: [6, 5] }
const poolSlots: Slots = { strides: [2, 1], kernel: [4, 3] }
const transposedSlots: Slots = { strides: [2, 1] }
/** Depth, then width, then height. */
const convolution3dSlots: Slots = { strides: [1, 3, 2], dilations: [5, 7, 6] }

/** The word of an operation's padding, slot 0 of the options of every window. */
const paddingOf = ({ options }: TfliteOperation): string =>
  paddings[options?.int8(0) ?? 0] ?? `padding ${options?.int8(0)}`

function common({ options }: TfliteOperation, { strides, dilations }: Slots): NonNullable<Translated['attributes']> {
  return {
    layout: 'nhwc',
    strides: strides.map((slot) => options?.int32(slot) ?? 0),
    ...(dilations && { dilations: dilations.map((slot) => options?.int32(slot, 1) ?? 1) }),
  }
}

/** A filter is [out, ...kernel, in / groups]. */
export const convolution: Translate = (operation) => filtered(operation, 1, convolutionSlots)

function filtered(operation: TfliteOperation, filter: number, slots: Slots): Translated {
  const [out, ...rest] = allNumbers(operation.shapes[filter]) ?? []
  const kernel = rest.slice(0, -1)
  const [channels, perGroup] = [operation.shapes[0]?.at(-1), rest.at(-1)]
  const groups = typeof channels === 'number' && perGroup ? Math.max(1, Math.floor(channels / perGroup)) : 1
  return {
    opType: 'Conv',
    inputs: [operation.inputs[0], out === undefined ? '' : operation.weights([out, perGroup ?? 1, ...kernel])],
    attributes: { ...common(operation, slots), auto_pad: paddingOf(operation), group: groups },
  }
}

/** A depthwise filter is [1, ...kernel, channels * multiplier]; runtimes read the multiplier off the filter. */
export const depthwise: Translate = (operation) => {
  const [, ...rest] = allNumbers(operation.shapes[1]) ?? []
  const out = rest.at(-1)
  const channels = operation.shapes[0]?.at(-1)
  return {
    opType: 'Conv',
    inputs: [operation.inputs[0], out === undefined ? '' : operation.weights([out, 1, ...rest.slice(0, -1)])],
    attributes: {
      ...common(operation, depthwiseSlots),
      auto_pad: paddingOf(operation),
      group: typeof channels === 'number' ? channels : out,
    },
  }
}

export const pool =
  (opType: string): Translate =>
  (operation) => ({
    opType,
    inputs: operation.inputs.slice(0, 1),
    attributes: {
      ...common(operation, poolSlots),
      auto_pad: paddingOf(operation),
      kernel_shape: poolSlots.kernel?.map((slot) => operation.options?.int32(slot) ?? 0),
    },
  })

/** Inputs: the output's shape, the filter [out, ...kernel, in], the values. */
export const transposed: Translate = (operation) => {
  const [out, ...rest] = allNumbers(operation.shapes[1]) ?? []
  const sizes = operation.values(0)
  return {
    opType: 'ConvTranspose',
    inputs: [
      operation.inputs[2],
      out === undefined ? '' : operation.weights([rest.at(-1) ?? 1, out, ...rest.slice(0, -1)]),
    ],
    attributes: {
      ...common(operation, transposedSlots),
      auto_pad: paddingOf(operation),
      output_shape: sizes?.slice(1, -1),
    },
  }
}

/** A filter of three axes is [...kernel, in / groups, out]. */
export const convolution3d: Translate = (operation) => {
  const dims = allNumbers(operation.shapes[1]) ?? []
  const [perGroup, out] = dims.slice(-2)
  return {
    opType: 'Conv',
    inputs: [operation.inputs[0], out === undefined ? '' : operation.weights([out, perGroup, ...dims.slice(0, -2)])],
    attributes: { ...common(operation, convolution3dSlots), auto_pad: paddingOf(operation) },
  }
}
