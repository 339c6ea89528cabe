import type { SourceLike } from '../bytes/source.ts'
import { type Setting, strideOf } from '../conventions/setting.ts'
import { isUnknown } from '../conventions/step.ts'
import { checkOptions } from '../geometry/options.ts'
import { inputsOf, labelOf, type Model } from '../network/model.ts'
import type { SpatialOptions } from '../network/spatial-node.ts'
import { missingText } from '../words/network.ts'
import { align } from './align.ts'
import { areAlike, areWaysAlike, corners, surroundedAxis } from './alike.ts'
import { modelOf, type NodeReport, reportOf } from './audit.ts'
import { commonSize } from './common-size.ts'
import { compared } from './decide.ts'
import { type Fault, faultOf } from './faults.ts'
import { type NetworkLayer, windowAlong } from './layer.ts'
import { type Network, networkOf, type Style } from './network.ts'
import { movedAt, partingOf, windowsOf } from './parting.ts'
import type { Pair } from './rewire.ts'
import { isSameText } from './same-text.ts'
import { fillingText } from './sentences.ts'

/** Two nodes that stand for one layer of the network. */
export interface NodePair {
  readonly a: NodeReport
  readonly b: NodeReport
  /** How they differ: by their sizes, strides or dilations, by their padding, or not at all. */
  readonly difference: 'window' | 'size' | 'padding' | undefined
  /** In words; undefined where they do not differ. */
  readonly reason: string | undefined
  /** The fault of a conversion that this looks like. */
  readonly fault: Fault | undefined
  /** How they differ at other sizes than the one that both files have; undefined where they do not, or none is known. */
  readonly atOtherSizes: string | undefined
  /**
   * How many cells of what the network reads lie from output 0 of the first to that of the second, by axis; after a
   * `Resize` and the like, of what the layers behind it read. Undefined where a size is not known.
   */
  readonly drift: readonly (number | undefined)[]
}

/** The answer of `diff`. */
export interface Diff {
  /** Whether every node of one has its like in the other, and pads alike. */
  readonly equal: boolean
  readonly pairs: readonly NodePair[]
  /** The first pair that differs. */
  readonly first: NodePair | undefined
  readonly onlyA: readonly NodeReport[]
  readonly onlyB: readonly NodeReport[]
  /** How Pads and Slices differ that stand around no such node; undefined where they do not. */
  readonly elsewhere: string | undefined
  /** What was not compared, in sentences. */
  readonly notes: readonly string[]
  readonly styles: { readonly a: Style; readonly b: Style }
  /** The largest drift of any node, and which. */
  readonly drift: { readonly cells: number; readonly node: string } | undefined
}

/**
 * Holds two exports of one network against each other: which nodes pad otherwise, where that happens first, and how far
 * the grids drift apart.
 *
 * @param options `inputs` are shapes for the inputs that the first model has; the second takes those that it has too
 */
export async function diff(a: Model | SourceLike, b: Model | SourceLike, options: SpatialOptions = {}): Promise<Diff> {
  checkOptions('diff', options, ['inputs'])
  const [first, second] = [await modelOf(a), await modelOf(b)]
  const common = commonSize(first, second, options.inputs ?? {})
  const inputs = common?.inputs ?? givenTo(second, options)
  const found = diffNetworks(networkOf(first, options), networkOf(second, { inputs }))
  return common?.note ? { ...found, notes: [common.note, ...found.notes] } : found
}

/** Inputs are called otherwise in another export: where each has one, it is the same. */
function givenTo(model: Model, { inputs = {} }: SpatialOptions): NonNullable<SpatialOptions['inputs']> {
  const names = inputsOf(model).map(({ name }) => name)
  const given = Object.entries(inputs)
  if (names.length === 1 && given.length === 1) return { [names[0]]: given[0][1] }
  return Object.fromEntries(given.filter(([name]) => names.includes(name)))
}

/** Holds two networks against each other. */
function diffNetworks(a: Network, b: Network): Diff {
  const reports = new Map([...a.layers, ...b.layers].map((layer) => [layer, reportOf(layer)] as const))
  const report = (layer: NetworkLayer): NodeReport => reports.get(layer) ?? reportOf(layer)
  const paired = align(a.layers, b.layers)
  const isForeign = a.model.format !== b.model.format
  const pairs = paired.flatMap(({ a: one, b: two }): NodePair[] => {
    if (!one || !two) return []
    const found = differenceOf(one, two, isForeign)
    const phases = [a.chains.phases(one), b.chains.phases(two)]
    const drift = one.axes.map((_, axis) => apart(phases[0][axis]?.centre, phases[1][axis]?.centre))
    const fault = found?.kind === 'padding' ? faultOf(one, two) : undefined
    const atOtherSizes = found ? undefined : partingOf(one, two)
    const said = { difference: found?.kind, reason: found?.reason, fault, atOtherSizes, drift }
    return [{ a: report(one), b: report(two), ...said }]
  })
  const only = (side: 'a' | 'b', other: 'a' | 'b'): NodeReport[] =>
    paired.flatMap((pair: Pair) => (pair[side] && !pair[other] ? [report(pair[side])] : []))
  const [onlyA, onlyB] = [only('a', 'b'), only('b', 'a')]
  const first = pairs.find(({ difference }) => difference)
  const loose = [a.loose(), b.loose()] as const
  // Formats have their axes in another order, and other ways to widen channels: what stands around no window is not held
  // against each other there.
  const elsewhere = isForeign ? undefined : looseDifference(...loose)
  const notes = [
    ...(isForeign ? looseNotes(loose.map(({ length }) => length)) : []),
    ...[a, b].flatMap(({ model }) => missingText(model.missing) ?? []),
  ]
  const equal = first === undefined && onlyA.length === 0 && onlyB.length === 0 && elsewhere === undefined
  return {
    equal,
    pairs,
    first,
    onlyA,
    onlyB,
    elsewhere,
    notes,
    styles: { a: a.style, b: b.style },
    drift: largest(pairs),
  }
}

function looseDifference(a: ReturnType<Network['loose']>, b: typeof a): string | undefined {
  if (a.length !== b.length) return `${a.length} and ${b.length} Pads and Slices that stand around no window`
  const apart = a.findIndex((way, index) => !areWaysAlike(way, b[index]) && !isSameText(way[0].body, b[index][0].body))
  return apart < 0 ? undefined : `what ${labelOf(a[apart][0].node)} adds or takes, which stands around no window`
}

function looseNotes([a, b]: readonly number[]): string[] {
  if (a + b === 0) return []
  return [`${a} and ${b} Pads and Slices stand around no window; across formats they are not compared`]
}

/** How far a grid lies behind another one; undefined where one of them is not known. */
export const apart = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : b - a

function largest(pairs: readonly NodePair[]): Diff['drift'] {
  let best: { cells: number; node: string } | undefined
  for (const { a, drift } of pairs) {
    for (const cells of drift) {
      if (cells !== undefined && Math.abs(cells) > Math.abs(best?.cells ?? 0)) best = { cells, node: a.name }
    }
  }
  return best
}

interface Difference {
  readonly kind: 'window' | 'size' | 'padding'
  readonly reason: string
}

function differenceOf(a: NetworkLayer, b: NetworkLayer, isForeign: boolean): Difference | undefined {
  for (let axis = 0; axis < a.axes.length; axis++) {
    const found = alongAxis(a, b, axis, isForeign)
    if (found) return found
  }
  // What formats do to batch and channels is not told by the same nodes.
  if (isForeign) return undefined
  const isApart = [0, 1].some((axis) => !areAlikeAlong(a, b, axis, undefined)) && !isSameNode(a, b)
  if (isApart) return { kind: 'padding', reason: 'batch or channels are padded otherwise' }
  return corners(a) === corners(b) ? undefined : { kind: 'padding', reason: 'what stands in the corners differs' }
}

const areAlikeAlong = (
  a: NetworkLayer,
  b: NetworkLayer,
  axis: number,
  input: number | undefined,
): boolean | undefined => {
  const [one, two] = [surroundedAxis(a, axis), surroundedAxis(b, axis)]
  return one && two ? areAlike(one, two, input) : undefined
}

/** Whether two windows are alike, without what stands behind them where that is not known. */
function areWindowsAlike(
  a: NetworkLayer,
  b: NetworkLayer,
  axis: number,
  input: number | undefined,
): boolean | undefined {
  const [one, two] = [surroundedAxis(a, axis + 2), surroundedAxis(b, axis + 2)]
  if (!one || !two) return undefined
  if (![...one.behind, ...two.behind].some(isUnknown)) return areAlike(one, two, input)
  return areAlike({ ...one, behind: [] }, { ...two, behind: [] }, input)
}

function alongAxis(a: NetworkLayer, b: NetworkLayer, axis: number, isForeign: boolean): Difference | undefined {
  const [one, two] = [a.axes[axis], b.axes[axis]]
  const [own, other] = [windowAlong(a, axis), windowAlong(b, axis)]
  if (!own || !other) return undefined
  const isSized = one.input !== undefined && two.input !== undefined
  if (isSized && one.input !== two.input)
    return { kind: 'size', reason: `inputs of ${one.input} and ${two.input} cells` }
  const known = isForeign ? (one.input ?? two.input) : undefined
  const input = isSized ? one.input : known
  const alike = isForeign ? areWindowsAlike(a, b, axis, input) : areAlikeAlong(a, b, axis + 2, input)
  if (alike || (alike === undefined && isSameNode(a, b))) return undefined
  const strides = [strideOf(own), strideOf(other)]
  if (strides[0] !== strides[1]) return { kind: 'window', reason: `stride ${strides.join(' and ')}` }
  if (own.dilation !== other.dilation)
    return { kind: 'window', reason: `dilation ${own.dilation} and ${other.dilation}` }
  if (!one.setting || !two.setting) {
    return { kind: 'padding', reason: alike === undefined ? unknown : 'what stands around them differs' }
  }
  if (alike === undefined && a.spatial.before.length + b.spatial.before.length === 0) return undefined
  const places = input === undefined ? apartAnywhere(one.setting, two.setting) : moved(one.setting, two.setting, input)
  return places ?? (alike === undefined ? { kind: 'padding', reason: unknown } : filled(a, b))
}

const unknown = 'what they pad is not known until the size is'

/** Whether what is not known of two nodes is the same: files with the same nodes have it from the same ones. */
const isSameNode = ({ spatial: a }: NetworkLayer, { spatial: b }: NetworkLayer): boolean =>
  a.path === b.path && a.node.outputs.join() === b.node.outputs.join() && isSameText(a.body, b.body)

/** How the places differ that windows read, at some size. */
function apartAnywhere(a: Setting, b: Setting): Difference | undefined {
  const found = compared(windowsOf(a), windowsOf(b))
  return found && !found.equal ? { kind: 'padding', reason: found.reason } : undefined
}

/** The same cells, but something else around them. */
function filled(a: NetworkLayer, b: NetworkLayer): Difference {
  const [one, two] = [a, b].map(({ fillings }) => fillingText(fillings) || 'zeros')
  const reason = one === two ? 'they treat the padding otherwise' : `padded with ${one} and ${two}`
  return { kind: 'padding', reason }
}

function moved(a: Setting, b: Setting, input: number): Difference | undefined {
  const reason = movedAt(a, b, input)
  return reason === undefined ? undefined : { kind: 'padding', reason }
}
