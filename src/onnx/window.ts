import { findConvention } from '../conventions/rows/index.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, type Solved, solve } from '../conventions/solve.ts'
import { show } from '../geometry/error.ts'
import { effectiveKernel, Geometry, type Op, type Pads, SamepadError } from '../geometry/index.ts'
import type { Call } from './call.ts'
import type { Dimension, Shape } from './model.ts'
import type { AutoPad, SpatialAxis, SpatialNode, Written } from './spatial-node.ts'

/** Operators that slide a window: the operation of samepad, and which input has the weights. */
const operators: ReadonlyMap<string, { readonly op: Op; readonly weights?: number }> = new Map(
  Object.entries({
    Conv: { op: 'conv', weights: 1 },
    FusedConv: { op: 'conv', weights: 1 },
    ConvInteger: { op: 'conv', weights: 1 },
    QLinearConv: { op: 'conv', weights: 3 },
    DeformConv: { op: 'conv', weights: 1 },
    ConvTranspose: { op: 'convTranspose', weights: 1 },
    MaxPool: { op: 'maxPool' },
    LpPool: { op: 'maxPool' },
    AveragePool: { op: 'averagePool' },
    QLinearAveragePool: { op: 'averagePool' },
  }),
)

/** Whether a node slides a window. Other domains have operators of these names that mean the same, fused with more. */
export function slidesWindow({ opType, domain }: { readonly opType: string; readonly domain: string }): boolean {
  return operators.has(opType) && (domain === '' || domain === 'com.microsoft')
}

/** What the attributes and the shapes around a node say of its window. */
export type Described = Pick<
  SpatialNode,
  | 'op'
  | 'written'
  | 'axes'
  | 'inputShape'
  | 'outputShape'
  | 'weightsShape'
  | 'inputChannels'
  | 'outputChannels'
  | 'groups'
  | 'geometry'
  | 'reason'
>

/** Works out what a node that slides a window does, by the specification of its operator set. */
export function describe(call: Call): Described {
  const { op, weights } = operators.get(call.node.opType) ?? { op: 'conv' }
  const inputShape = call.inputs[0]?.shape
  const weightsShape = weights === undefined ? undefined : call.inputs[weights]?.shape
  const written = writtenIn(call)
  const groups = written.group ?? 1
  const rank = rankOf(inputShape, weightsShape, written)
  const layer = { op, opset: call.opset, written, rank: rank ?? 0 }
  const problems: string[] = []
  const axes = Array.from({ length: rank ?? 0 }, (_, axis) => {
    const problem = (text: string): void => void problems.push(`axis ${axis}: ${text}`)
    return describeAxis(layer, axis, inputShape?.[axis + 2], weightsShape?.[axis + 2], problem)
  })
  if (rank === undefined) problems.push('the number of axes is not known')
  const channels = channelsOf(op, inputShape, weightsShape, groups)
  const outputs = axes.map(({ output }) => output)
  const solved = axes.map(({ outcome }) => outcome)
  return {
    ...{ op, written, axes, inputShape, weightsShape, groups, ...channels },
    outputShape: rank === undefined ? undefined : [inputShape?.[0], channels.outputChannels, ...outputs],
    geometry:
      problems.length === 0
        ? new Geometry(
            op,
            (solved as Solved[]).map(({ axis }) => axis),
          )
        : undefined,
    reason: problems.length === 0 ? undefined : problems.join('; '),
  }
}

function writtenIn(call: Call): Written {
  const flag = (name: string): boolean | undefined => {
    const value = call.int(name)
    return value === undefined ? undefined : value !== 0
  }
  return {
    autoPad: call.attribute('auto_pad')?.string as AutoPad | undefined,
    pads: call.ints('pads'),
    strides: call.ints('strides'),
    dilations: call.ints('dilations'),
    kernelShape: call.ints('kernel_shape'),
    group: call.int('group'),
    ceilMode: flag('ceil_mode'),
    countIncludePad: flag('count_include_pad'),
    outputPadding: call.ints('output_padding'),
    outputShape: call.ints('output_shape'),
  }
}

/** Spatial axes, from whatever says how many there are. No operator has more than a tensor has dimensions. */
function rankOf(input: Shape | undefined, weights: Shape | undefined, written: Written): number | undefined {
  const { kernelShape, strides, dilations, pads } = written
  const dimensions = (input ?? weights)?.length
  const rank =
    dimensions === undefined
      ? ((kernelShape ?? strides ?? dilations)?.length ?? (pads && pads.length / 2))
      : dimensions - 2
  return rank !== undefined && Number.isInteger(rank) && rank > 0 && rank <= 16 ? rank : undefined
}

function channelsOf(
  op: Op,
  input: Shape | undefined,
  weights: Shape | undefined,
  groups: number,
): Pick<SpatialNode, 'inputChannels' | 'outputChannels'> {
  const number = (size: Dimension): number | undefined => (typeof size === 'number' ? size : undefined)
  const times = (size: number | undefined): number | undefined => (size === undefined ? undefined : size * groups)
  const [channels, first, second] = [number(input?.[1]), number(weights?.[0]), number(weights?.[1])]
  if (op === 'conv') return { inputChannels: channels ?? times(second), outputChannels: first }
  if (op === 'convTranspose') return { inputChannels: channels ?? first, outputChannels: times(second) }
  return { inputChannels: channels, outputChannels: channels }
}

/** What all axes of a layer share. */
interface Layer {
  readonly op: Op
  readonly opset: number
  readonly written: Written
  readonly rank: number
}

/** One axis; `problem` hears of what keeps it from being solved. */
function describeAxis(
  layer: Layer,
  axis: number,
  size: Dimension,
  weightsKernel: Dimension,
  problem: (text: string) => void,
): SpatialAxis {
  const input = typeof size === 'number' ? size : undefined
  const symbol = typeof size === 'string' ? size : undefined
  const { kernelShape } = layer.written
  const kernel = kernelShape ? kernelShape[axis] : weightsKernel
  const unsolved = { input, symbol, setting: undefined, outcome: undefined, pads: undefined, output: undefined }
  if (typeof kernel !== 'number') {
    problem('its kernel is not known')
    return unsolved
  }
  const setting = settingOf(layer, kernel, axis)
  if (typeof setting === 'string') {
    problem(setting)
    return unsolved
  }
  const outcome = attempt(setting, input ?? probe(setting))
  if (typeof outcome === 'string') {
    problem(outcome)
    return typeof attempt(setting, probe(setting)) === 'string' ? unsolved : { ...unsolved, setting }
  }
  if (input !== undefined && !isRejected(outcome)) {
    return { input, symbol, setting, outcome, pads: padsOf(outcome), output: outcome.axis.output }
  }
  const anywhere = input === undefined ? outcome : attempt(setting, probe(setting))
  const isFixed = isAlike(setting) && typeof anywhere !== 'string' && !isRejected(anywhere)
  const pads = isFixed ? padsOf(anywhere) : undefined
  if (input === undefined) problem(`its size is not known${symbol === undefined ? '' : ` (${show(symbol)})`}`)
  else if (isRejected(outcome)) problem(outcome.rejected)
  return { ...unsolved, setting, outcome: input === undefined ? undefined : outcome, pads }
}

const padsOf = ({ axis }: Solved): Pads => [axis.padBegin, axis.padEnd]

/** What a setting makes of a size, or the reason why it is no setting. */
function attempt(setting: Setting, input: number): Outcome | string {
  try {
    return solve(setting, input)
  } catch (error) {
    if (error instanceof SamepadError) return error.message
    throw error
  }
}

/** A size at which whatever is written as numbers leaves something of the output. */
function probe(setting: Setting): number {
  const { pads = [0, 0] } = setting
  const size = effectiveKernel(setting) + Math.abs(pads[0]) + Math.abs(pads[1])
  return setting.outputShape ?? (Number.isSafeInteger(size) && size > 0 ? size : 1)
}

/** Whether the padding is the same at every size: numbers, none, or what SAME makes of windows that move by one. */
const isAlike = ({ pads, stride, outputShape, convention }: Setting): boolean =>
  outputShape === undefined && (pads !== undefined || stride === 1 || convention.endsWith('.valid'))

/** The layer along one axis in ONNX's words, or what is wrong with it. */
function settingOf({ op, opset, written, rank }: Layer, kernel: number, axis: number): Setting | string {
  const { autoPad = 'NOTSET', pads, strides, dilations, outputPadding, outputShape } = written
  // VALID of a transposed convolution is the same as pads of zero, also beside an output_shape.
  const isTransposed = op === 'convTranspose'
  const isNumbers = autoPad === 'NOTSET' || (isTransposed && autoPad === 'VALID')
  const convention = findConvention('onnx', op, isNumbers ? 'explicit' : autoPad, String(opset))
  if (!convention) return `auto_pad must be NOTSET, VALID, SAME_UPPER or SAME_LOWER, got ${show(autoPad)}`
  const lists = { strides, dilations, output_padding: outputPadding, pads }
  for (const [name, list] of Object.entries(lists)) {
    const length = name === 'pads' ? 2 * rank : rank
    if (list && list.length !== length) return `${name} must have ${length} entries, got ${list.length}`
  }
  const given = autoPad === 'NOTSET' ? pads : undefined
  const shape = outputShape?.[axis + outputShape.length - rank]
  return {
    ...{ convention: convention.id, op, kernel, stride: strides?.[axis] ?? 1, dilation: dilations?.[axis] ?? 1 },
    ...(isNumbers && { pads: [given?.[axis] ?? 0, given?.[axis + rank] ?? 0] as const }),
    // What automatic padding resolves to is counted without rounding up.
    ...(isNumbers && written.ceilMode && !isTransposed && { ceilMode: true }),
    ...(op === 'averagePool' && { countIncludePad: written.countIncludePad ?? false }),
    ...(outputPadding && { outputPadding: outputPadding[axis] }),
    ...(shape !== undefined && { outputShape: shape }),
  }
}
