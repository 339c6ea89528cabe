import type { Table } from '../../bytes/flatbuffer.ts'
import { add, as, named, unknown } from '../file-operator.ts'
import { type AddMnnOperator, reshaping } from './reshaping.ts'
import {
  axisSlots,
  COUNT_DEFAULT,
  COUNT_INCLUDES,
  commonSlots,
  convolution3dSlots,
  convolutionSlots,
  kindSlots,
  padModes,
  padSlots,
  pool3dSlots,
  poolSlots,
} from './schema.ts'

/** Numbers for height and width, which the tables have the other way round. */
const pair = (table: Table, [x, y]: readonly [number, number], absent: number): number[] => [
  table.int32(y, absent),
  table.int32(x, absent),
]

/** Padding by its mode. A list of four numbers, top, left, bottom, right, wins over the pair. */
function padding(
  table: Table,
  slots: { readonly mode: number; readonly x: number; readonly y: number; readonly pads: number },
) {
  const word = padModes[table.int8(slots.mode)] ?? 'explicit'
  if (word !== 'explicit') return { auto_pad: word }
  const list = table.int32s(slots.pads)
  const both = pair(table, [slots.x, slots.y], 0)
  return { pads: list.length >= 2 ? (list.length >= 4 ? list : [...list, ...list]) : [...both, ...both] }
}

const convolution =
  (opType: 'Conv' | 'ConvTranspose', isDepthwise: boolean): AddMnnOperator =>
  (operator) => {
    const table = operator.main?.table(convolutionSlots.common)
    if (!table) return unknown(operator)
    const [out, input] = [table.int32(commonSlots.outputCount), table.int32(commonSlots.inputCount)]
    // Depthwise layers from TensorFlow have the channels as their groups, others one.
    const group = isDepthwise ? Math.max(out, 1) : table.int32(commonSlots.group, 1)
    const added = table.int32s(commonSlots.outPads)
    const kernel = pair(table, [commonSlots.kernelX, commonSlots.kernelY], 1)
    const perGroup = Math.max(1, Math.floor((isDepthwise ? out : input) / Math.max(1, group)))
    const weights =
      opType === 'Conv'
        ? [out, perGroup, ...kernel]
        : [input || out, Math.max(1, Math.floor(out / Math.max(1, group))), ...kernel]
    add(
      operator,
      opType,
      {
        strides: pair(table, [commonSlots.strideX, commonSlots.strideY], 1),
        dilations: pair(table, [commonSlots.dilateX, commonSlots.dilateY], 1),
        ...padding(table, {
          mode: commonSlots.padMode,
          x: commonSlots.padX,
          y: commonSlots.padY,
          pads: commonSlots.pads,
        }),
        ...{ group, output_padding: opType === 'ConvTranspose' && added.length === 2 ? added : undefined },
      },
      [operator.inputs[0] ?? '', operator.builder.made(weights)],
    )
  }

const convolution3d: AddMnnOperator = (operator) => {
  const table = operator.main?.table(convolutionSlots.common)
  if (!table) return unknown(operator)
  const [strides, dilations, kernel, pads] = [
    ...[convolution3dSlots.strides, convolution3dSlots.dilates, convolution3dSlots.kernels, convolution3dSlots.pads],
  ].map((slot) => table.int32s(slot))
  const word = padModes[table.int8(convolution3dSlots.padMode)] ?? 'explicit'
  add(
    operator,
    'Conv',
    {
      ...{ strides, dilations, kernel_shape: kernel, output_channels: table.int32(convolution3dSlots.outputCount) },
      ...{ group: table.int32(convolution3dSlots.group, 1) },
      ...(word === 'explicit' ? { pads: pads.length === 3 ? [...pads, ...pads] : pads } : { auto_pad: word }),
    },
    operator.inputs.slice(0, 1),
  )
}

/** By default padding counts where it is the pair of numbers that Caffe has, and nowhere else. */
function countsPadding(pool: Table): boolean {
  const kind = pool.int8(poolSlots.countType)
  if (kind !== COUNT_DEFAULT) return kind === COUNT_INCLUDES
  return padModes[pool.int8(poolSlots.padType)] === 'explicit' && pool.place(poolSlots.pads) === undefined
}

/** Pools round up unless the file says otherwise. */
const pool: AddMnnOperator = (operator) => {
  const { main } = operator
  if (!main) return unknown(operator)
  const isAverage = main.int8(poolSlots.type) === 1
  if (main.bool(poolSlots.isGlobal)) return add(operator, isAverage ? 'GlobalAveragePool' : 'GlobalMaxPool')
  add(
    operator,
    isAverage ? 'AveragePool' : 'MaxPool',
    {
      kernel_shape: pair(main, [poolSlots.kernelX, poolSlots.kernelY], 1),
      strides: pair(main, [poolSlots.strideX, poolSlots.strideY], 1),
      ...padding(main, { mode: poolSlots.padType, x: poolSlots.padX, y: poolSlots.padY, pads: poolSlots.pads }),
      ceil_mode: Number(main.bool(poolSlots.ceilMode, true)),
      ...(isAverage && { count_include_pad: Number(countsPadding(main)) }),
    },
    operator.inputs.slice(0, 1),
  )
}

const pool3d: AddMnnOperator = (operator) => {
  const { main } = operator
  if (!main) return unknown(operator)
  const isAverage = main.int8(pool3dSlots.type) === 1
  const pads = main.int32s(pool3dSlots.pads)
  const word = padModes[main.int8(pool3dSlots.padType)] ?? 'explicit'
  add(operator, isAverage ? 'AveragePool' : 'MaxPool', {
    ...{ kernel_shape: main.int32s(pool3dSlots.kernels), strides: main.int32s(pool3dSlots.strides) },
    ...(word === 'explicit' ? { pads: pads.length === 3 ? [...pads, ...pads] : pads } : { auto_pad: word }),
  })
}

/** PadValueMode. */
const padWords = ['constant', 'reflect', 'symmetric'] as const

/** Pads are a constant, a row for each axis. */
const pad: AddMnnOperator = (operator) => {
  const { inputs, builder, main } = operator
  add(operator, 'Pad', { mode: padWords[main?.int8(padSlots.mode) ?? 0] ?? 'unknown' }, [
    inputs[0] ?? '',
    builder.flatPads(inputs[1] ?? ''),
    ...inputs.slice(2, 3),
  ])
}

/** BinaryOpOperation and UnaryOpOperation, as far as there are rows of the same name. */
const binary = { 0: 'Add', 1: 'Sub', 2: 'Mul', 3: 'Div', 6: 'Pow', 7: 'Div', 8: 'Min', 9: 'Max' } as const
const unary = {
  ...{ 0: 'Abs', 1: 'Neg', 2: 'Floor', 3: 'Ceil', 5: 'Sqrt', 7: 'Exp', 8: 'Log', 15: 'Reciprocal' },
  ...{ 29: 'Sigmoid', 30: 'Tanh', 31: 'HardSwish', 32: 'Gelu' },
} as const

/** An operator whose first option says what it does. */
function byKind(kinds: Readonly<Record<number, string>>): AddMnnOperator {
  return (operator) => {
    const opType = kinds[operator.main?.int32(kindSlots.kind) ?? 0]
    if (opType) add(operator, opType)
    else unknown(operator)
  }
}

/** Operators by OpType. */
export const operators: Readonly<Record<string, AddMnnOperator>> = {
  12: convolution('Conv', false),
  13: convolution('Conv', true),
  17: convolution('ConvTranspose', false),
  18: convolution('ConvTranspose', true),
  112: pool3d,
  113: convolution3d,
  47: pool,
  45: pad,
  7: byKind(binary),
  10: as('Concat', ({ main }) => ({ axis: main?.int32(axisSlots.axis) ?? 0 })),
  101: byKind(unary),
  ...reshaping,
  ...named({
    ...{ Abs: '0', Identity: '21', Add: '22', Elu: '23', LRN: '37', LeakyRelu: '49', Relu: '69', Clip: '70' },
    ...{ BatchNormalization: '77', Sigmoid: '81', Softmax: '85', Tanh: '95' },
  }),
}
