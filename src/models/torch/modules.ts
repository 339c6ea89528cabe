import { shared } from '../../geometry/padding.ts'
import type { AttributeInput, ModelBuilder } from '../builder.ts'

/** A module of `torch.nn` with its arguments as texts by their name; those without one are `0`, `1`, ... */
export interface TorchModule {
  readonly type: string
  readonly name: string
  readonly arguments: ReadonlyMap<string, string>
  readonly input: string
  readonly output: string
  /** Names of further inputs, and of further outputs. */
  readonly inputs: readonly string[]
  readonly place: { readonly begin: number; readonly end: number }
  readonly builder: ModelBuilder
}

type Add = (module: TorchModule) => void

function add(
  { builder, input, output, name, place }: TorchModule,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
  inputs: readonly string[] = [input],
): void {
  builder.node(opType, inputs, [output], attributes, { name, span: place })
}

/** What is not known keeps PyTorch's own name, so that no row of ONNX is taken for it. */
export const unknown: Add = ({ type, builder, input, inputs, output, name, place }) =>
  builder.node(type, [input, ...inputs], [output], {}, { name, span: place, domain: 'torch' })

const as =
  (opType: string): Add =>
  (module) =>
    add(module, opType)

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
  (rank: number): Add =>
  (module) => {
    const { arguments: texts, builder, output } = module
    const [input, out] = channels(module)
    const group = numbersOf(texts.get('groups'))?.[0] ?? 1
    const attributes = {
      kernel_shape: each(module, 'kernel_size', rank),
      strides: each(module, 'stride', rank, 1),
      dilations: each(module, 'dilation', rank, 1),
      ...{ group, output_channels: out },
    }
    const weights = input && out ? [builder.made([out, input / group, ...(attributes.kernel_shape ?? [])])] : []
    const word = texts.get('padding')?.replace(/['"]/g, '')
    const mode = modes[(texts.get('padding_mode') ?? 'zeros').replace(/['"]/g, '')]
    if (word === 'valid' || (word === 'same' && mode === undefined))
      return add(module, 'Conv', { ...attributes, auto_pad: word }, [module.input, ...weights])
    const given = each(module, 'padding', rank, 0) ?? []
    const sides = word === 'same' ? sidesOf(attributes) : both(given)
    if (mode === undefined) return add(module, 'Conv', { ...attributes, pads: sides }, [module.input, ...weights])
    const padded = `${output} padded`
    const pads = [0, 0, ...sides.slice(0, rank), 0, 0, ...sides.slice(rank)]
    add({ ...module, output: padded }, 'Pad', { mode, pads })
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
  (rank: number): Add =>
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
      [module.input, ...weights],
    )
  }

/** Strides are those of the window where nothing is said. `print` hides what an average is rounded and divided by. */
const pool =
  (opType: string, rank: number): Add =>
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
      ...(isAverage && !given.has('ceil_mode') && { remark: hiddenFlags }),
    })
  }

const hiddenFlags = 'ceil_mode, count_include_pad and divisor_override are not in the text; the defaults are assumed'

/** `ZeroPad2d((left, right, top, bottom))`: the last axis first, its begin before its end. */
const around =
  (mode: string, rank: number): Add =>
  (module) => {
    const given = numbersOf(module.arguments.get('padding') ?? module.arguments.get('0')) ?? []
    const cells = given.length === 1 ? new Array<number>(2 * rank).fill(given[0]) : given
    const sides = [0, 1].map((side) =>
      Array.from({ length: rank }, (_, axis) => cells[2 * (rank - 1 - axis) + side] ?? 0),
    )
    const value = Number(module.arguments.get('value') ?? 0)
    const pads = sides.flatMap((list) => [0, 0, ...list])
    add(module, 'Pad', {
      mode,
      pads,
      ...(mode === 'constant' && { value: { float: Number.isFinite(value) ? value : 0 } }),
    })
  }

const upsample: Add = (module) => {
  const scales = numbersOf(module.arguments.get('scale_factor')?.replace(/\.0+(?=\D|$)/g, ''))
  if (!scales) return unknown(module)
  const two = scales.length === 1 ? [scales[0], scales[0]] : scales
  add(module, 'Resize', {}, [module.input, '', module.builder.made([2 + two.length], [1, 1, ...two])])
}

const adaptive =
  (opType: string): Add =>
  (module) => {
    const [size] = [module.arguments.get('output_size') ?? module.arguments.get('0')].map(numbersOf)
    if (size?.every((cells) => cells === 1)) add(module, opType)
    else unknown(module)
  }

const ofRanks = (name: string, of: (rank: number) => Add): Readonly<Record<string, Add>> =>
  Object.fromEntries([1, 2, 3].map((rank) => [`${name}${rank}d`, of(rank)]))

/** Modules that leave cells where they are, by the operator that does so too. */
const cellwise: Readonly<Record<string, string>> = {
  ...{
    ReLU: 'Relu',
    ReLU6: 'Clip',
    LeakyReLU: 'LeakyRelu',
    PReLU: 'LeakyRelu',
    ELU: 'Elu',
    SELU: 'Selu',
    CELU: 'Celu',
  },
  ...{ GELU: 'Gelu', SiLU: 'Swish', Mish: 'Mish', Sigmoid: 'Sigmoid', Tanh: 'Tanh', Softplus: 'Softplus' },
  ...{ Hardswish: 'HardSwish', Hardsigmoid: 'HardSigmoid', Hardtanh: 'Clip', Softmax: 'Softmax' },
  ...{ BatchNorm1d: 'BatchNormalization', BatchNorm2d: 'BatchNormalization', BatchNorm3d: 'BatchNormalization' },
  ...{
    InstanceNorm2d: 'InstanceNormalization',
    GroupNorm: 'GroupNormalization',
    FrozenBatchNorm2d: 'BatchNormalization',
  },
  ...{
    Identity: 'Identity',
    Dropout: 'Identity',
    Dropout2d: 'Identity',
    StochasticDepth: 'Identity',
    Flatten: 'Flatten',
  },
}

/** Modules by their type. */
export const modules: Readonly<Record<string, Add>> = {
  ...Object.fromEntries(Object.entries(cellwise).map(([type, opType]) => [type, as(opType)])),
  ...ofRanks('Conv', convolution),
  ...ofRanks('ConvTranspose', transposed),
  ...ofRanks('MaxPool', (rank) => pool('MaxPool', rank)),
  ...ofRanks('AvgPool', (rank) => pool('AveragePool', rank)),
  ...ofRanks('LPPool', (rank) => pool('LpPool', rank)),
  ...ofRanks('ZeroPad', (rank) => around('constant', rank)),
  ...ofRanks('ConstantPad', (rank) => around('constant', rank)),
  ...ofRanks('ReflectionPad', (rank) => around('reflect', rank)),
  ...ofRanks('ReplicationPad', (rank) => around('edge', rank)),
  ...ofRanks('CircularPad', (rank) => around('wrap', rank)),
  ...ofRanks('AdaptiveAvgPool', () => adaptive('GlobalAveragePool')),
  ...ofRanks('AdaptiveMaxPool', () => adaptive('GlobalMaxPool')),
  Upsample: upsample,
}
