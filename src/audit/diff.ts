import { isSameFunction } from '../analysis/same-function.ts'
import type { Setting } from '../conventions/setting.ts'
import { solve } from '../conventions/solve.ts'
import { checkOptions } from '../geometry/options.ts'
import type { Model } from '../onnx/model.ts'
import type { SourceLike } from '../onnx/source.ts'
import type { SpatialOptions } from '../onnx/spatial-node.ts'
import { align, type Pair } from './align.ts'
import { type AxisReport, modelOf, type NodeReport, reportOf } from './audit.ts'
import { phaseAlong } from './chains.ts'
import { compared } from './decide.ts'
import type { Layer } from './layer.ts'
import { type Network, networkOf, type Style } from './network.ts'

/** Two nodes that stand for one layer of the network. */
export interface NodePair {
  readonly a: NodeReport
  readonly b: NodeReport
  /** How they differ: by their sizes, strides or dilations, by their padding, or not at all. */
  readonly difference: 'window' | 'size' | 'padding' | undefined
  /** In words; undefined where they do not differ. */
  readonly reason: string | undefined
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
  return diffNetworks(networkOf(first, options), networkOf(second, { inputs: inputsOf(second, options) }))
}

/** Inputs are called otherwise in another export: where each has one, it is the same. */
function inputsOf({ graph }: Model, { inputs = {} }: SpatialOptions): NonNullable<SpatialOptions['inputs']> {
  const constants = new Set(graph.initializers.map(({ name }) => name))
  const names = graph.inputs.map(({ name }) => name).filter((name) => !constants.has(name))
  const given = Object.entries(inputs)
  if (names.length === 1 && given.length === 1) return { [names[0]]: given[0][1] }
  return Object.fromEntries(given.filter(([name]) => names.includes(name)))
}

/** Holds two networks against each other. */
export function diffNetworks(a: Network, b: Network): Diff {
  const reports = new Map([...a.layers, ...b.layers].map((layer) => [layer, reportOf(layer)] as const))
  const report = (layer: Layer): NodeReport => reports.get(layer) ?? reportOf(layer)
  const paired = align(a.layers, b.layers)
  const drifts = [driftsOf(a), driftsOf(b)] as const
  const pairs = paired.flatMap(({ a: one, b: two }): NodePair[] => {
    if (!one || !two) return []
    const found = differenceOf(one, two)
    const drift = one.axes.map((_, axis) => apart(drifts[0](one)[axis], drifts[1](two)[axis]))
    return [{ a: report(one), b: report(two), difference: found?.kind, reason: found?.reason, drift }]
  })
  const only = (side: 'a' | 'b', other: 'a' | 'b'): NodeReport[] =>
    paired.flatMap((pair: Pair) => (pair[side] && !pair[other] ? [report(pair[side])] : []))
  const [onlyA, onlyB] = [only('a', 'b'), only('b', 'a')]
  const first = pairs.find(({ difference }) => difference)
  const equal = first === undefined && onlyA.length === 0 && onlyB.length === 0
  return { equal, pairs, first, onlyA, onlyB, styles: { a: a.style, b: b.style }, drift: largest(pairs) }
}

/** Where output 0 of every layer lies in what its way reads first, by axis. */
function driftsOf({ chains }: Network): (layer: Layer) => readonly (number | undefined)[] {
  const centres = new Map<Layer, (number | undefined)[]>()
  // Each layer lies on the way to an end, or is one.
  for (const end of chains.ends) {
    const way = chains.to(end)
    const rank = end.axes.length
    const phases = Array.from({ length: rank }, (_, axis) => phaseAlong(way, axis))
    way.forEach((layer, index) => {
      if (!centres.has(layer))
        centres.set(
          layer,
          phases.map((phase) => phase?.[index]?.centre),
        )
    })
  }
  return (layer) => centres.get(layer) ?? []
}

const apart = (a: number | undefined, b: number | undefined): number | undefined =>
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

function differenceOf(a: Layer, b: Layer): Difference | undefined {
  for (let axis = 0; axis < a.axes.length; axis++) {
    const [one, two] = [a.axes[axis], b.axes[axis]]
    if (!one.setting || !two.setting) continue
    const found = alongAxis(one.setting, two.setting, one.input, two.input)
    if (found) return found
  }
  return undefined
}

function alongAxis(
  a: Setting,
  b: Setting,
  inputA: AxisReport['input'],
  inputB: AxisReport['input'],
): Difference | undefined {
  for (const name of ['stride', 'dilation'] as const) {
    if (a[name] !== b[name]) return { kind: 'window', reason: `${name} ${a[name]} and ${b[name]}` }
  }
  if (inputA !== undefined && inputB !== undefined) {
    if (inputA !== inputB) return { kind: 'size', reason: `inputs of ${inputA} and ${inputB} cells` }
    return isSameFunction(a, solve(a, inputA), b, solve(b, inputB)) ? undefined : moved(a, b, inputA)
  }
  const found = compared(a, b)
  return !found || found.equal ? undefined : { kind: 'padding', reason: found.reason }
}

/** What a difference in padding does at one size. */
function moved(a: Setting, b: Setting, input: number): Difference {
  const [one, two] = [solve(a, input), solve(b, input)]
  if ('rejected' in one || 'rejected' in two)
    return { kind: 'padding', reason: 'one of them has no answer at this size' }
  if (one.axis.output !== two.axis.output) {
    return { kind: 'padding', reason: `outputs of ${one.axis.output} and ${two.axis.output} cells` }
  }
  const phase = one.axis.padBegin - two.axis.padBegin
  if (phase === 0) return { kind: 'padding', reason: 'they treat the padding otherwise' }
  const cells = `${Math.abs(phase)} ${Math.abs(phase) === 1 ? 'cell' : 'cells'}`
  const does = a.op === 'convTranspose' ? 'writes' : 'reads'
  return { kind: 'padding', reason: `the second ${does} ${cells} ${phase > 0 ? 'later' : 'earlier'}` }
}
