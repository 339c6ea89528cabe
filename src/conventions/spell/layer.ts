import { type Axis, Geometry, interior, isPool, type Op, SamepadError, taps } from '../../geometry/index.ts'
import { checkBoolean, checkChoice, checkInteger, checkOptions } from '../../geometry/options.ts'
import { type Layout, layouts } from '../../tensor/tensor.ts'
import type { CodeValue } from './language.ts'
import { each } from './windows.ts'

/** How many groups the channels are split into; `depthwise` is as many as there are input channels. */
export type Groups = number | 'depthwise'

/** Options of `spell` and `onnxNodes`. */
export interface SpellOptions {
  /** Convolutions: how many groups the channels are split into. Default: 1. */
  readonly groups?: Groups
  /** Convolutions: whether the code takes a bias. Default: true. */
  readonly bias?: boolean
  /** Average pooling: whether padding cells count in the divisor. Default: false. */
  readonly countIncludePad?: boolean
  /** The layout of the code's input and output. Default: the framework's own. */
  readonly layout?: Layout
}

/** What is to be written in a framework: a geometry and everything around it, checked. */
export interface SpelledLayer {
  readonly op: Op
  readonly axes: readonly Axis[]
  readonly groups: Groups
  readonly bias: boolean
  readonly countIncludePad: boolean
  readonly layout: Layout
}

/** The most spatial axes that the operations have. */
const RANK = 3

const convNames = ['groups', 'bias', 'layout']
const optionNames: Readonly<Record<Op, readonly string[]>> = {
  conv: convNames,
  convTranspose: convNames,
  maxPool: ['layout'],
  averagePool: ['countIncludePad', 'layout'],
}

/** Checks a geometry and the options that its operation has; `own` is the framework's layout. */
export function checkLayer(stage: string, geometry: Geometry, options: SpellOptions, own: Layout): SpelledLayer {
  const { op, axes } = checkGeometry(stage, geometry)
  checkOptions(stage, options, optionNames[op])
  return {
    ...{ op, axes },
    groups: checkGroups(stage, options.groups),
    bias: isConvolution(op) && checkBoolean(stage, 'bias', options.bias ?? true),
    countIncludePad: checkBoolean(stage, 'countIncludePad', options.countIncludePad ?? false),
    layout: checkChoice(stage, 'layout', options.layout ?? own, layouts),
  }
}

/** The number of groups, 1 by default, checked. */
export function checkGroups(stage: string, groups: unknown = 1): Groups {
  return groups === 'depthwise' ? groups : checkInteger(stage, 'groups', groups, 1)
}

/** Groups as code writes them; undefined where there is one. `channels` is the expression for the input's channels. */
export function groupsText({ groups }: Pick<SpelledLayer, 'groups'>, channels: string): CodeValue | undefined {
  return groups === 1 ? undefined : groups === 'depthwise' ? channels : groups
}

/** Checks that a value came from `resolve`, has one to three axes, and, for a pooling, no window of only padding. */
export function checkGeometry(stage: string, geometry: Geometry): Geometry {
  if (!(geometry instanceof Geometry)) {
    throw new SamepadError(stage, 'the geometry must be one that resolve returned', geometry)
  }
  const { op, axes } = geometry
  if (axes.length > RANK) throw new SamepadError(stage, `there must be 1 to ${RANK} axes`, axes.length)
  if (!isConvolution(op)) {
    for (const [index, axis] of axes.entries()) checkWindows(stage, axis, index)
  }
  return geometry
}

/** Frameworks disagree on what a window without a real cell gives; samepad's own operations refuse it too. */
function checkWindows(stage: string, axis: Axis, index: number): void {
  const full = interior(axis) // the windows that touch no padding are not looked at
  const empty = firstEmpty(axis, 0, full.begin) ?? firstEmpty(axis, full.end, axis.output)
  if (empty === undefined) return
  const must = 'every window must have a real cell'
  throw new SamepadError(stage, must, `only padding for output ${empty} of axis ${index}`)
}

function firstEmpty(axis: Axis, from: number, to: number): number | undefined {
  for (let output = from; output < to; output++) {
    const { begin, end } = taps(axis, output)
    if (begin === end) return output
  }
  return undefined
}

/** Whether an operation has weights. */
export function isConvolution(op: Op): boolean {
  return !isPool(op)
}

/** The parameters of the code's function that are tensors. */
export function tensorsOf({ op, bias }: Pick<SpelledLayer, 'op' | 'bias'>): string[] {
  if (!isConvolution(op)) return ['x']
  return bias ? ['x', 'weight', 'bias'] : ['x', 'weight']
}

/** One line with the shapes: `x [N, C, 6, 5], weight [out, C, 3, 2] -> [N, out, 3, 4]`. */
export function shapesOf({ op, axes, groups, layout }: SpelledLayer, output = ''): string {
  const shape = (channels: string, cells: readonly number[]): string =>
    layout === 'nchw' ? `[N, ${channels}, ${cells.join(', ')}]` : `[N, ${cells.join(', ')}, ${channels}]`
  const per = groups === 1 ? '' : ` / ${groups === 'depthwise' ? 'C' : groups}`
  const inGroup = groups === 'depthwise' ? '1' : `C${per}`
  const channels = op === 'conv' ? `out, ${inGroup}` : `C, out${per}`
  const kernel = each(axes, 'kernel').join(', ')
  const weight = isConvolution(op) ? `, weight [${channels}, ${kernel}]` : ''
  const from = shape('C', each(axes, 'input'))
  const to = shape(weight ? 'out' : 'C', each(axes, 'output'))
  return `x ${from}${weight} -> ${output}${to}`
}
