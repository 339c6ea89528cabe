import { type Convention, isTransposed } from '../conventions/convention.ts'
import type { Rulebook } from '../conventions/rulebook.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, type Solved, solveBy, solvedPads } from '../conventions/solve-by.ts'
import { show } from '../geometry/error.ts'
import { effectiveKernel, Geometry, type Op, type Pads, SamepadError } from '../geometry/index.ts'
import type { Call } from '../operators/call.ts'
import { type Dimension, numbersOf, type Shape } from '../operators/fact.ts'
import type { WindowRow } from '../operators/operator.ts'
import type { AutoPad, SpatialAxis, SpatialNode, Written } from './spatial-node.ts'

/** The most axes, as `resolve` has it. */
const MOST_AXES = 16

/** What the attributes and the shapes around a node say of its window. */
export type Described = Pick<
  SpatialNode,
  | 'op'
  | 'written'
  | 'axes'
  | 'inputShape'
  | 'elementType'
  | 'outputShape'
  | 'weightsShape'
  | 'inputChannels'
  | 'outputChannels'
  | 'groups'
  | 'geometry'
  | 'reason'
>

/** Where batch, channels and the spatial axes of a window lie in the values of its node. */
export function windowAxes(call: Call, rank: number): readonly number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  return isChannelsLast(call) && rank > 1 ? [0, rank - 1, ...axes.slice(1, -1)] : axes
}

/** A shape [batch, channels, ...cells] in the layout of a node. */
export function inLayout(call: Call, shape: Shape | undefined): Shape | undefined {
  const axes = windowAxes(call, shape?.length ?? 0)
  return shape && axes.map((_, axis) => shape[axes.indexOf(axis)])
}

const isChannelsLast = (call: Call): boolean => call.attribute('layout')?.string === 'nhwc'

/**
 * Works out what a node that slides a window does, in the conventions of a framework.
 *
 * @param framework whose words the padding is given in
 * @param rules by which its settings are solved
 */
export function describe(call: Call, window: WindowRow, framework: string, rules: Rulebook): Described {
  const { op, weights } = window
  const shape = call.inputs[0]?.shape
  const inputShape = shape && windowAxes(call, shape.length).map((axis) => shape[axis])
  const weightsShape = weights === undefined ? undefined : call.inputs[weights]?.shape
  const written = writtenIn(call, window)
  const groups = written.group ?? (window.isCausal ? channelsIn(weightsShape) : 1)
  const rank = rankOf(inputShape, weightsShape, written)
  // A reader may know better than by a word which of its framework's rules a layer follows.
  const rule = rules.frameworks[framework].autoPads ? undefined : call.attribute('convention')?.string
  const layer = layerOf({ window, framework, opset: call.opset, written, rank: rank ?? 0, rule, rules })
  const problems: string[] = []
  const problem = (text: string): void => void problems.push(text)
  if (rank === undefined) problem('the number of axes is not known')
  else if (inputShape && inputShape.length !== rank + 2) {
    problem(`the input must have ${rank + 2} dimensions, got ${inputShape.length}`)
  } else if (typeof layer === 'string') problem(layer)
  else if (isComputed(call, window)) problem('the sizes of its output are not known')
  const isFlawed = problems.length > 0
  const axes = Array.from({ length: rank ?? 0 }, (_, axis): [SpatialAxis, Dimension] => {
    const input = inputShape?.[axis + 2]
    if (isFlawed || typeof layer === 'string') return [unsolved(input), undefined]
    const kernel = (written.kernelShape ?? weightsShape?.slice(2))?.[axis]
    return describeAxis(layer, axis, input, kernel, (text) => problem(`axis ${axis}: ${text}`))
  })
  const found = channelsOf(window, inputShape, weightsShape, groups)
  const channels = { ...found, ...given(call, found.inputChannels, weightsShape?.[1]) }
  const solved = axes.map(([{ outcome }]) => outcome as Solved)
  return {
    ...{ op, written, inputShape, weightsShape, groups, ...channels },
    elementType: call.inputs[0]?.elementType ?? 0,
    axes: axes.map(([axis]) => axis),
    outputShape:
      rank === undefined ? undefined : [inputShape?.[0], channels.outputChannels, ...axes.map(([, output]) => output)],
    geometry:
      problems.length > 0
        ? undefined
        : new Geometry(
            op,
            solved.map(({ axis }) => axis),
          ),
    reason: problems.length > 0 ? problems.join('; ') : undefined,
  }
}

/** Whether the sizes of the output are an input that is not known. */
const isComputed = (call: Call, { outputShape }: WindowRow): boolean =>
  outputShape !== undefined && call.has(outputShape) && !numbersOf(call.inputs[outputShape])

/** What is written of an operation; attributes that it does not have are not looked at. */
function writtenIn(call: Call, { op, outputShape }: WindowRow): Written {
  const isTransposed = op === 'convTranspose'
  const sizes = outputShape === undefined ? undefined : numbersOf(call.inputs[outputShape])?.slice(2)
  const flag = (name: string): boolean | undefined => {
    const value = call.int(name)
    return value === undefined ? undefined : value !== 0
  }
  return {
    // Some exporters write it empty, which runtimes take for left out.
    autoPad: (call.attribute('auto_pad')?.string || undefined) as AutoPad | undefined,
    pads: call.ints('pads'),
    strides: call.ints('strides'),
    dilations: call.ints('dilations'),
    kernelShape: call.ints('kernel_shape'),
    group: call.int('group'),
    ceilMode: flag('ceil_mode'),
    countIncludePad: flag('count_include_pad'),
    outputPadding: isTransposed ? call.ints('output_padding') : undefined,
    outputShape: isTransposed ? (sizes ?? call.ints('output_shape')) : undefined,
  }
}

/** Each channel by itself. */
const channelsIn = (weights: Shape | undefined): number => (typeof weights?.[0] === 'number' ? weights[0] : 1)

/** Spatial axes, from whatever says how many there are; weights know it best. */
function rankOf(input: Shape | undefined, weights: Shape | undefined, written: Written): number | undefined {
  const { kernelShape, strides, dilations, pads } = written
  const dimensions = (weights ?? input)?.length
  const said = (kernelShape ?? strides ?? dilations)?.length ?? (pads && pads.length / 2)
  const rank = dimensions === undefined ? said : dimensions - 2
  return rank !== undefined && Number.isInteger(rank) && rank > 0 && rank <= MOST_AXES ? rank : undefined
}

/** Channels and groups where a format says them beside its weights. */
function given(
  call: Call,
  inputChannels: number | undefined,
  perGroup: Dimension,
): { readonly outputChannels?: number; readonly groups?: number } {
  const [outputChannels, multiplier] = [call.int('output_channels'), call.int('channel_multiplier')]
  if (multiplier !== undefined && inputChannels !== undefined) {
    return { outputChannels: inputChannels * multiplier, groups: inputChannels }
  }
  if (call.int('groups_by_channels') === 1 && inputChannels !== undefined && typeof perGroup === 'number') {
    return perGroup > 0 && inputChannels % perGroup === 0 ? { groups: inputChannels / perGroup } : {}
  }
  return outputChannels === undefined ? {} : { outputChannels }
}

function channelsOf(
  { op, weights: at }: WindowRow,
  input: Shape | undefined,
  weights: Shape | undefined,
  groups: number,
): Pick<SpatialNode, 'inputChannels' | 'outputChannels'> {
  const number = (size: Dimension): number | undefined => (typeof size === 'number' ? size : undefined)
  const times = (size: number | undefined): number | undefined => (size === undefined ? undefined : size * groups)
  const [channels, first, second] = [number(input?.[1]), number(weights?.[0]), number(weights?.[1])]
  if (at === undefined) return { inputChannels: channels, outputChannels: channels }
  if (op === 'conv') return { inputChannels: channels ?? times(second), outputChannels: first }
  return { inputChannels: channels ?? first, outputChannels: times(second) }
}

/** What all axes of a layer share. */
interface LayerWords {
  readonly op: Op
  readonly written: Written
  readonly rank: number
  readonly convention: Convention
  /** Whether the pads are the ones that are written, or zeros. */
  readonly isNumbers: boolean
  /** Whether the pads are all cells that the kernel reaches back. */
  readonly isCausal: boolean
  readonly rules: Rulebook
}

/** What is known of a layer before its words are understood. */
interface FoundLayer {
  readonly window: WindowRow
  readonly framework: string
  readonly opset: number
  readonly written: Written
  readonly rank: number
  /** The convention that a reader found out. */
  readonly rule: string | undefined
  readonly rules: Rulebook
}

/** A layer in the words of its framework, or what is wrong with it. */
function layerOf({ window, framework, opset, written, rank, rule, rules }: FoundLayer): LayerWords | string {
  const { op, isCausal = false } = window
  const { autoPad = 'NOTSET', kernelShape, strides, dilations, outputPadding, pads } = written
  // VALID of a transposed convolution is the same as pads of zero, also beside an output_shape.
  const isNumbers = autoPad === 'NOTSET' || (op === 'convTranspose' && autoPad === 'VALID')
  const { autoPads, counts } = rules.frameworks[framework]
  const version = counts === 'opset' ? String(opset) : undefined
  const word = isNumbers ? 'explicit' : autoPad
  const isWord = autoPads?.includes(autoPad) ?? true
  const found = isWord ? rules.find(framework, op, word, version) : undefined
  const convention = rule === undefined ? found : rules.of(rule)
  if (!convention) {
    if (!autoPads) return `samepad knows no padding ${show(word)} of ${framework} for ${op}`
    const words = `${autoPads.slice(0, -1).join(', ')} or ${autoPads.at(-1)}`
    return `auto_pad must be ${words}, got ${show(autoPad)}`
  }
  const lists = { kernel_shape: kernelShape, strides, dilations, output_padding: outputPadding, pads }
  for (const [name, list] of Object.entries(lists)) {
    const length = name === 'pads' ? 2 * rank : rank
    if (list && list.length !== length) return `${name} must have ${length} entries, got ${list.length}`
  }
  return { op, written, rank, convention, isNumbers, isCausal, rules }
}

/** An axis of which nothing but its size is known. Early exporters wrote 0 where a size is open. */
function unsolved(size: Dimension): SpatialAxis {
  return {
    input: typeof size === 'number' && size > 0 ? size : undefined,
    symbol: typeof size === 'string' ? size : undefined,
    ...{ setting: undefined, outcome: undefined, pads: undefined, output: undefined },
  }
}

/** One axis and its output, which may have the input's name; `problem` hears of what keeps it from being solved. */
function describeAxis(
  layer: LayerWords,
  axis: number,
  size: Dimension,
  kernel: Dimension,
  problem: (text: string) => void,
): [SpatialAxis, Dimension] {
  const bare = unsolved(size)
  const { input, symbol } = bare
  if (typeof kernel !== 'number') {
    problem('its kernel is not known')
    return [bare, undefined]
  }
  const setting = settingOf(layer, kernel, axis)
  const anywhere = probe(setting)
  const outcome = attempt(layer.rules, setting, input ?? anywhere)
  if (typeof outcome === 'string') {
    problem(outcome)
    return [typeof attempt(layer.rules, setting, anywhere) === 'string' ? bare : { ...bare, setting }, undefined]
  }
  if (input !== undefined && !isRejected(outcome)) {
    const { output } = outcome.axis
    return [{ ...bare, setting, outcome, pads: solvedPads(outcome), output }, output]
  }
  if (input === undefined) problem(`its size is not known${symbol === undefined ? '' : ` (${show(symbol)})`}`)
  else if (isRejected(outcome)) problem(outcome.rejected)
  const probed = input === undefined ? outcome : attempt(layer.rules, setting, anywhere)
  const known = isAlike(setting) && typeof probed !== 'string' && !isRejected(probed) ? probed : undefined
  const pads = known && solvedPads(known)
  const keepsSize = known && setting.stride === 1 && known.axis.output === known.axis.input
  const one = { ...bare, setting, outcome: input === undefined ? undefined : outcome, pads }
  return [one, keepsSize ? symbol : undefined]
}

/** What a setting makes of a size, or the reason why it is no setting. */
function attempt(rules: Rulebook, setting: Setting, input: number): Outcome | string {
  try {
    return solveBy(rules, setting, input)
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

/** Whether a rounding has to be said: up, or down where pools of the framework round up by themselves. */
function isSaid(op: Op, { rule }: Convention, ceilMode: boolean | undefined): boolean {
  if (ceilMode === undefined || op === 'convTranspose') return false
  return ceilMode || (op !== 'conv' && !isTransposed(rule) && rule.roundsUp === true)
}

/** The layer along one axis. */
function settingOf(layer: LayerWords, kernel: number, axis: number): Setting {
  const { op, written, rank, convention, isNumbers, isCausal } = layer
  const { autoPad, pads, strides, dilations, outputPadding, outputShape } = written
  const given = autoPad === 'VALID' ? undefined : pads
  const own: Pads = isCausal ? [kernel - 1, 0] : [given?.[axis] ?? 0, given?.[axis + rank] ?? 0]
  const shape = outputShape?.[axis + outputShape.length - rank]
  return {
    ...{ convention: convention.id, op, kernel, stride: strides?.[axis] ?? 1, dilation: dilations?.[axis] ?? 1 },
    ...(isNumbers && { pads: own }),
    // What automatic padding resolves to is counted without rounding up.
    ...(isNumbers && isSaid(op, convention, written.ceilMode) && { ceilMode: written.ceilMode }),
    ...(op === 'averagePool' && { countIncludePad: written.countIncludePad ?? false }),
    ...(outputPadding && { outputPadding: outputPadding[axis] }),
    ...(shape !== undefined && { outputShape: shape }),
  }
}
