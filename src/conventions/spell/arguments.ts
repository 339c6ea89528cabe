import type { Geometry, Op, Pads } from '../../geometry/index.ts'
import { type ArgumentOrder, padsTo } from '../argument-orders.ts'
import { isConvolution } from './layer.ts'
import { each, outputPaddingOf, writtenPads } from './windows.ts'

/** The frameworks that layers can be written in. */
export type Framework = 'pytorch' | 'tensorflow' | 'keras' | 'jax' | 'onnx' | 'tfjs' | 'webnn'

/** Plain option values under a framework's own names, each with an entry for every axis or in the framework's order. */
export type FrameworkArguments = Readonly<Record<string, readonly number[] | readonly Pads[]>>

/** What a framework calls the numbers of a geometry. */
interface Names {
  readonly order: ArgumentOrder
  readonly pads: string
  /** One number for both sides of an axis, where its layers take nothing else. */
  readonly bothSides?: string
  readonly strides: string
  /** Undefined where no call of the framework takes it: its poolings know no dilation. */
  readonly dilations: string | undefined
  /** Undefined where it is the shape of the weights. */
  readonly kernel: string | undefined
  readonly outputPadding: string
}

const plain = { strides: 'strides', dilations: 'dilations', outputPadding: 'output_padding' }

/** Poolings that are told their kernel, and know no dilation; convolutions have the kernel of their weights. */
const poolOnly = (op: Op, kernel: string): Pick<Names, 'kernel' | 'dilations'> =>
  isConvolution(op) ? { kernel: undefined, dilations: plain.dilations } : { kernel, dilations: undefined }

/** The names in poolings differ from those in convolutions only where a row is a function of the operation. */
const names: Readonly<Record<Framework, (op: Op) => Names>> = {
  pytorch: () => ({
    ...{ order: 'pytorch', pads: 'pad', bothSides: 'padding', kernel: 'kernel_size' }, // pad is that of F.pad
    ...{ strides: 'stride', dilations: 'dilation', outputPadding: 'output_padding' },
  }),
  tensorflow: (op) => ({ ...plain, ...poolOnly(op, 'ksize'), order: 'tensorflow', pads: 'paddings' }),
  keras: (op) => ({
    ...{ ...plain, order: 'tensorflow', pads: 'pad_width' },
    dilations: isConvolution(op) ? 'dilation_rate' : undefined,
    kernel: isConvolution(op) ? 'kernel_size' : 'pool_size',
  }),
  jax: (op) => ({
    ...{ ...plain, order: 'jax', pads: 'padding', strides: 'window_strides' },
    kernel: isConvolution(op) ? undefined : 'window_dimensions',
    dilations: isConvolution(op) ? 'rhs_dilation' : 'window_dilation',
  }),
  onnx: () => ({ ...plain, order: 'onnx', pads: 'pads', kernel: 'kernel_shape' }),
  tfjs: (op) => ({ ...plain, ...poolOnly(op, 'filterSize'), order: 'tensorflow', pads: 'pad' }),
  webnn: (op) => ({
    ...plain,
    order: 'webnn',
    pads: 'padding',
    kernel: isConvolution(op) ? undefined : 'windowDimensions',
    outputPadding: 'outputPadding',
  }),
}

/** The names of the frameworks. */
export const frameworks: readonly Framework[] = Object.keys(names) as Framework[]

/** The numbers of a checked geometry, as `argumentsOf` gives them. */
export function argumentsIn(framework: Framework, { op, axes }: Geometry): FrameworkArguments {
  const { order, pads, bothSides, strides, dilations, kernel, outputPadding } = names[framework](op)
  const transposed = op === 'convTranspose'
  const sides = axes.map((axis): Pads => (transposed ? [axis.padBegin, axis.padEnd] : writtenPads(axis)))
  const both = bothSides !== undefined && sides.every(([begin, end]) => begin === end)
  return {
    ...(kernel && { [kernel]: each(axes, 'kernel') }),
    [strides]: each(axes, 'stride'),
    ...(dilations && { [dilations]: each(axes, 'dilation') }),
    ...(both ? { [bothSides]: sides.map(([begin]) => begin) } : { [pads]: padsTo(order, sides) }),
    ...(transposed ? { [outputPadding]: axes.map(outputPaddingOf) } : {}),
  }
}
