import type { Table } from '../../bytes/flatbuffer.ts'
import type { AttributeInput, ModelBuilder } from '../builder.ts'
import { commonSlots, convolution3dSlots, convolutionSlots, padModes, pool3dSlots, poolSlots } from './schema.ts'

/** An operator of a file. Values are [batch, channels, ...cells], whatever their order in memory. */
export interface MnnOperator {
  readonly name: string
  readonly type: number
  readonly main: Table | undefined
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly place: { readonly begin: number; readonly end: number }
  readonly builder: ModelBuilder
}

type Add = (operator: MnnOperator) => void

function add(
  { name, inputs, outputs, place, builder }: MnnOperator,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
  given: readonly string[] = inputs,
): void {
  builder.node(opType, given, outputs, attributes, { name, span: place })
}

const as =
  (opType: string): Add =>
  (operator) =>
    add(operator, opType)

/** What is not known keeps the format's own name, so that no row of ONNX is taken for it. */
export const unknown: Add = ({ name, type, inputs, outputs, place, builder }) =>
  builder.node(`MNN ${type}`, inputs, outputs, {}, { name, span: place, domain: 'mnn' })

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
  (opType: 'Conv' | 'ConvTranspose', isDepthwise: boolean): Add =>
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

const convolution3d: Add = (operator) => {
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

/** Pools round up unless the file says otherwise. */
const pool: Add = (operator) => {
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
      // By default a window counts as it does in Caffe where pads are numbers, and without padding elsewhere.
      ...(isAverage && { count_include_pad: Number(main.int8(poolSlots.countType) === 1) }),
    },
    operator.inputs.slice(0, 1),
  )
}

const pool3d: Add = (operator) => {
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

/** Pads are a constant, a row for each axis. */
const pad: Add = (operator) => {
  const { inputs, builder } = operator
  add(operator, 'Pad', {}, [inputs[0] ?? '', builder.flatPads(inputs[1] ?? ''), ...inputs.slice(2, 3)])
}

/** Operators by OpType. */
export const operators: Readonly<Record<number, Add>> = {
  12: convolution('Conv', false),
  13: convolution('Conv', true),
  17: convolution('ConvTranspose', false),
  18: convolution('ConvTranspose', true),
  112: pool3d,
  113: convolution3d,
  47: pool,
  45: pad,
  0: as('Abs'),
  7: (operator) => add(operator, operator.inputs.length > 1 ? 'Add' : 'BatchNormalization'),
  10: (operator) => add(operator, 'Concat', { axis: operator.main?.int32(0) ?? 0 }),
  21: as('Identity'),
  22: as('Add'),
  23: as('Elu'),
  37: as('LRN'),
  49: as('LeakyRelu'),
  69: as('Relu'),
  70: as('Clip'),
  77: as('BatchNormalization'),
  81: as('Sigmoid'),
  85: as('Softmax'),
  95: as('Tanh'),
  // Another order in memory: what is read here are sizes by their meaning.
  129: as('Identity'),
}
