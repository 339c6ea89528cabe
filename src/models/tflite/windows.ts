import { allNumbers } from '../../operators/fact.ts'
import type { TfliteOperation, Translate, Translated } from './operation.ts'
import {
  conv2dOptions,
  conv3dOptions,
  depthwiseOptions,
  paddings,
  pool2dOptions,
  transposeConvOptions,
  windowOptions,
} from './schema.ts'

// The operators that slide a window. All values are [batch, ...cells, channels], all paddings SAME or VALID.

/** Slots of the options of a window, outermost axis first. Dilations are 1 by default; strides are 0, which none may be. */
interface Slots {
  readonly strides: readonly number[]
  readonly dilations?: readonly number[]
  readonly kernel?: readonly number[]
}

/** The schema has width before height. */
const inPlane = ({ strideH, strideW }: { readonly strideH: number; readonly strideW: number }): Slots => ({
  strides: [strideH, strideW],
})
const convolutionSlots: Slots = {
  ...inPlane(conv2dOptions),
  dilations: [conv2dOptions.dilationH, conv2dOptions.dilationW],
}
const depthwiseSlots: Slots = {
  ...inPlane(depthwiseOptions),
  dilations: [depthwiseOptions.dilationH, depthwiseOptions.dilationW],
}
const poolSlots: Slots = { ...inPlane(pool2dOptions), kernel: [pool2dOptions.filterH, pool2dOptions.filterW] }
const transposedSlots = inPlane(transposeConvOptions)
const convolution3dSlots: Slots = {
  strides: [conv3dOptions.strideD, conv3dOptions.strideH, conv3dOptions.strideW],
  dilations: [conv3dOptions.dilationD, conv3dOptions.dilationH, conv3dOptions.dilationW],
}

/** The word of an operation's padding. */
const paddingOf = ({ options }: TfliteOperation): string => {
  const padding = options?.int8(windowOptions.padding) ?? 0
  return paddings[padding] ?? `padding ${padding}`
}

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
