import { shared } from '../../geometry/padding.ts'
import {
  type AddOperator,
  add,
  alone,
  type FileOperator,
  fromLastAxis,
  named,
  ofRanks,
  rowOf,
  unknown,
} from '../file-operator.ts'

/** A module of `torch.nn` with its arguments as texts by their name; those without one are `0`, `1`, ... */
export interface TorchModule extends FileOperator {
  readonly arguments: ReadonlyMap<string, string>
  /** What the text leaves open. */
  readonly remark?: string | undefined
}

type AddModule = AddOperator<TorchModule>

/** Numbers of `3`, `(3, 5)` or `[3, 5]`; undefined where one is none. */
export function numbersOf(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const words = text
    .replace(/[()[\]\s]/g, '')
    .split(',')
    .filter((word) => word !== '')
  const numbers = words.map(Number)
  return numbers.length > 0 && numbers.every(Number.isSafeInteger) ? numbers : undefined
}

/** A number for each axis; one for all where only one is given. */
function each(module: TorchModule, name: string, rank: number, absent?: number): number[] | undefined {
  const numbers = numbersOf(module.arguments.get(name)) ?? (absent === undefined ? undefined : [absent])
  if (numbers?.length === 1) return new Array<number>(rank).fill(numbers[0])
  return numbers?.length === rank ? numbers : undefined
}

const both = (sides: readonly number[]): number[] => [...sides, ...sides]
const flag = (module: TorchModule, name: string): number => Number(module.arguments.get(name) === 'True')

/** How a convolution pads that does not pad with zeros, as the mode of a Pad before it. */
const modes: Readonly<Record<string, string>> = { reflect: 'reflect', replicate: 'edge', circular: 'wrap' }

const convolution =
  (rank: number): AddModule =>
  (module) => {
    const { arguments: texts, builder, outputs, inputs } = module
    const [input, out] = channels(module)
    const group = numbersOf(texts.get('groups'))?.[0] ?? 1
    const attributes = {
      kernel_shape: each(module, 'kernel_size', rank),
      strides: each(module, 'stride', rank, 1),
      dilations: each(module, 'dilation', rank, 1),
      ...{ group, output_channels: out, remark: module.remark },
    }
    const weights = input && out ? [builder.made([out, input / group, ...(attributes.kernel_shape ?? [])])] : []
    const given = [inputs[0], ...weights]
    const word = texts.get('padding')?.replace(/['"]/g, '')
    const mode = rowOf(modes, (texts.get('padding_mode') ?? 'zeros').replace(/['"]/g, ''))
    if (word === 'valid' || (word === 'same' && mode === undefined))
      return add(module, 'Conv', { ...attributes, auto_pad: word }, given)
    const sides = word === 'same' ? sidesOf(attributes) : both(each(module, 'padding', rank, 0) ?? [])
    if (mode === undefined) return add(module, 'Conv', { ...attributes, pads: sides }, given)
    const padded = `${outputs[0]} padded`
    const pads = [0, 0, ...sides.slice(0, rank), 0, 0, ...sides.slice(rank)]
    add({ ...module, outputs: [padded] }, 'Pad', { mode, pads }, inputs.slice(0, 1))
    add(module, 'Conv', attributes, [padded, ...weights])
  }

/** What `padding='same'` adds around each axis: the smaller half first. */
function sidesOf(window: Readonly<Record<'kernel_shape' | 'dilations', readonly number[] | undefined>>): number[] {
  const totals = (window.kernel_shape ?? []).map((kernel, axis) => (window.dilations?.[axis] ?? 1) * (kernel - 1))
  const sides = totals.map((total) => shared(total, 'smaller half'))
  return [...sides.map(([begin]) => begin), ...sides.map(([, end]) => end)]
}

/** Channels in and out: by name, or the first two arguments. */
function channels({ arguments: given }: TorchModule): (number | undefined)[] {
  return [
    ['in_channels', '0'],
    ['out_channels', '1'],
  ].map((names) => names.flatMap((name) => numbersOf(given.get(name)) ?? [])[0])
}

const transposed =
  (rank: number): AddModule =>
  (module) => {
    const [input, out] = channels(module)
    const group = numbersOf(module.arguments.get('groups'))?.[0] ?? 1
    const kernel = each(module, 'kernel_size', rank)
    const weights = input && out ? [module.builder.made([input, out / group, ...(kernel ?? [])])] : []
    add(
      module,
      'ConvTranspose',
      {
        ...{
          kernel_shape: kernel,
          strides: each(module, 'stride', rank, 1),
          dilations: each(module, 'dilation', rank, 1),
        },
        ...{ pads: both(each(module, 'padding', rank, 0) ?? []), output_padding: each(module, 'output_padding', rank) },
        ...{ group, output_channels: out },
      },
      [module.inputs[0], ...weights],
    )
  }

/** Strides are those of the window where nothing is said. `print` hides what an average is rounded and divided by. */
const pool =
  (opType: string, rank: number): AddModule =>
  (module) => {
    const { arguments: given } = module
    const kernel = each(module, 'kernel_size', rank)
    const isAverage = opType === 'AveragePool'
    add(module, opType, {
      ...{ kernel_shape: kernel, strides: each(module, 'stride', rank) ?? kernel },
      ...{ pads: both(each(module, 'padding', rank, 0) ?? []), ceil_mode: flag(module, 'ceil_mode') },
      ...(isAverage
        ? { count_include_pad: given.has('count_include_pad') ? flag(module, 'count_include_pad') : 1 }
        : { dilations: each(module, 'dilation', rank, 1) }),
      remark:
        [module.remark, isAverage && !given.has('ceil_mode') && hiddenFlags].filter(Boolean).join('; ') || undefined,
    })
  }

const hiddenFlags = 'ceil_mode, count_include_pad and divisor_override are not in the text; the defaults are assumed'

/** `ZeroPad2d((left, right, top, bottom))`: the last axis first, its begin before its end. */
const around =
  (mode: string, rank: number): AddModule =>
  (module) => {
    const given = numbersOf(module.arguments.get('padding') ?? module.arguments.get('0')) ?? []
    const cells = given.length === 1 ? new Array<number>(2 * rank).fill(given[0]) : given
    const value = Number(module.arguments.get('value') ?? 0)
    const pads = fromLastAxis(cells, rank).flatMap((list) => [0, 0, ...list])
    add(module, 'Pad', {
      mode,
      pads,
      ...(mode === 'constant' && { value: { float: Number.isFinite(value) ? value : 0 } }),
    })
  }

const upsample: AddModule = (module) => {
  const scales = numbersOf(module.arguments.get('scale_factor')?.replace(/\.0+(?=\D|$)/g, ''))
  if (!scales) return unknown(module)
  const two = scales.length === 1 ? [scales[0], scales[0]] : scales
  add(module, 'Resize', {}, [module.inputs[0], '', module.builder.made([2 + two.length], [1, 1, ...two])])
}

const adaptive =
  (opType: string): AddModule =>
  (module) => {
    const [size] = [module.arguments.get('output_size') ?? module.arguments.get('0')].map(numbersOf)
    if (size?.every((cells) => cells === 1)) add(module, opType)
    else unknown(module)
  }

/** Modules by their type. */
export const modules: Readonly<Record<string, AddModule>> = {
  // They leave cells where they are, as the operator of ONNX does.
  ...named(
    {
      ...{ Relu: 'ReLU', Clip: 'ReLU6 Hardtanh', LeakyRelu: 'LeakyReLU PReLU', Elu: 'ELU', Selu: 'SELU', Celu: 'CELU' },
      ...{ Gelu: 'GELU', Swish: 'SiLU', Mish: 'Mish', Sigmoid: 'Sigmoid', Tanh: 'Tanh', Softplus: 'Softplus' },
      ...{ HardSwish: 'Hardswish', HardSigmoid: 'Hardsigmoid', Softmax: 'Softmax', Flatten: 'Flatten' },
      BatchNormalization: 'BatchNorm1d BatchNorm2d BatchNorm3d FrozenBatchNorm2d',
      ...{ InstanceNormalization: 'InstanceNorm2d', GroupNormalization: 'GroupNorm' },
      Identity: 'Identity Dropout Dropout2d StochasticDepth',
    },
    alone,
  ),
  ...ofRanks('Conv#d', convolution),
  ...ofRanks('ConvTranspose#d', transposed),
  ...ofRanks('MaxPool#d', (rank) => pool('MaxPool', rank)),
  ...ofRanks('AvgPool#d', (rank) => pool('AveragePool', rank)),
  ...ofRanks('LPPool#d', (rank) => pool('LpPool', rank)),
  ...ofRanks('ZeroPad#d', (rank) => around('constant', rank)),
  ...ofRanks('ConstantPad#d', (rank) => around('constant', rank)),
  ...ofRanks('ReflectionPad#d', (rank) => around('reflect', rank)),
  ...ofRanks('ReplicationPad#d', (rank) => around('edge', rank)),
  ...ofRanks('CircularPad#d', (rank) => around('wrap', rank)),
  ...ofRanks('AdaptiveAvgPool#d', () => adaptive('GlobalAveragePool')),
  ...ofRanks('AdaptiveMaxPool#d', () => adaptive('GlobalMaxPool')),
  Upsample: upsample,
}
