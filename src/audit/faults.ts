import { isRejected, solve } from '../conventions/solve.ts'
import { type Axis, effectiveKernel, isPool, type Pads } from '../geometry/index.ts'
import { attributeOf } from '../network/model.ts'
import { later } from '../words/apart.ts'
import { padsText } from '../words/network.ts'
import { sampleSizes } from './decide.ts'
import type { LayerAxis, NetworkLayer } from './layer.ts'
import { fillingText } from './sentences.ts'

// The faults that conversions make, each with what it looks like in two copies of a layer.

/** A fault that conversions make. */
export type FaultName =
  | 'transposed-crop'
  | 'grid-shift'
  | 'lost-side'
  | 'permuted-sides'
  | 'pool-rounding'
  | 'divisor'
  | 'pool-fill'
  | 'pad-mode'

/** What may have happened to a layer on its way. */
export interface Fault {
  readonly name: FaultName
  /** In a sentence. */
  readonly text: string
}

interface Kind {
  readonly name: FaultName
  /** What is said of two layers that differ; undefined where they do not differ in this way. */
  readonly says: (a: NetworkLayer, b: NetworkLayer) => string | undefined
}

/** Pads of one axis each, [begin, end]; undefined where one of them is not known. */
function padsOf({ axes }: NetworkLayer): Pads[] | undefined {
  const pads = axes.flatMap(({ pads }) => (pads ? [pads] : []))
  return pads.length === axes.length && axes.length > 0 ? pads : undefined
}

/** All begins before all ends, as ONNX has them. */
const flat = (pads: readonly Pads[]): number[] => [...pads.map(([begin]) => begin), ...pads.map(([, end]) => end)]

/** Where each of [top, left, bottom, right] of the second comes from in the first. */
const orders: readonly { readonly from: readonly number[]; readonly what: string }[] = [
  { from: [2, 3, 0, 1], what: 'begin and end are exchanged' },
  { from: [1, 0, 3, 2], what: 'height and width are exchanged' },
  { from: [0, 2, 1, 3], what: 'top, bottom, left, right was read as top, left, bottom, right, or the other way round' },
  { from: [1, 3, 0, 2], what: 'left, right, top, bottom was read as top, left, bottom, right' },
  { from: [2, 0, 3, 1], what: 'top, left, bottom, right was read as left, right, top, bottom' },
]

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join()

function permuted(a: NetworkLayer, b: NetworkLayer): string | undefined {
  const [one, two] = [padsOf(a), padsOf(b)]
  if (one?.length !== 2 || two?.length !== 2) return undefined
  const [from, to] = [flat(one), flat(two)]
  if (sameNumbers(from, to)) return undefined
  const order = orders.find(({ from: places }) =>
    sameNumbers(
      places.map((place) => from[place]),
      to,
    ),
  )
  return order && `the sides are in another order (${padsText(one)} and ${padsText(two)}): ${order.what}`
}

const sides = ['top', 'left', 'bottom', 'right']

function lost(a: NetworkLayer, b: NetworkLayer): string | undefined {
  const [one, two] = [padsOf(a), padsOf(b)]
  if (!one || !two || one.length !== two.length) return undefined
  const [from, to] = [flat(one), flat(two)]
  if (sameNumbers(from, to)) return undefined
  if (from.some((cells) => cells > 0) !== to.some((cells) => cells > 0)) {
    const [which, other, text] = from.some((cells) => cells > 0)
      ? ['second', 'first', padsText(one)]
      : ['first', 'second', padsText(two)]
    return `the ${which} pads nothing here, the ${other} ${text}: a padding layer before it may be lost, or not be seen`
  }
  const apart = from.flatMap((cells, side) => (cells === to[side] ? [] : [side]))
  if (apart.length === 1 && (from[apart[0]] === 0 || to[apart[0]] === 0)) {
    const side = one.length === 2 ? sides[apart[0]] : apart[0] < one.length ? 'begin' : 'end'
    return `the ${side} is not padded in the ${to[apart[0]] === 0 ? 'second' : 'first'}`
  }
  const mirrored = (pads: readonly Pads[], end: 0 | 1): number[] => flat(pads.map((pair) => [pair[end], pair[end]]))
  if (sameNumbers(mirrored(one, 0), to))
    return `the second has the begin at the end too (${padsText(one)} and ${padsText(two)})`
  if (sameNumbers(mirrored(two, 0), from))
    return `the first has the begin at the end too (${padsText(one)} and ${padsText(two)})`
  return undefined
}

/** How a family pads, in words. */
const familyWords = { 'tf-same': 'more at the end (SAME)', symmetric: 'on both sides alike' } as const

function shifted(a: NetworkLayer, b: NetworkLayer): string | undefined {
  if (!a.lean || !b.lean || a.lean === b.lean) return undefined
  return `the first pads ${familyWords[a.lean]}, the second ${familyWords[b.lean]}; the sizes agree, the places do not`
}

const pads = ({ axes }: NetworkLayer): string => padsText(axes.map((axis) => axis.pads))

/** Outputs of the second that the first does not have, at the first size at which they differ. */
function moreOutputs(a: LayerAxis, b: LayerAxis): number {
  if (!a.setting || !b.setting) return 0
  const input = a.input ?? b.input
  for (const size of input === undefined ? sampleSizes(a.setting, b.setting, undefined) : [input]) {
    const [one, two] = [solve(a.setting, size), solve(b.setting, size)]
    if (isRejected(one) || isRejected(two)) continue
    const more = two.axis.output - one.axis.output
    if (more !== 0 && one.axis.padBegin === two.axis.padBegin) return more
  }
  return 0
}

function rounding(a: NetworkLayer, b: NetworkLayer): string | undefined {
  if (!isPool(a.spatial.op)) return undefined
  const more = a.axes.map((axis, index) => moreOutputs(axis, b.axes[index])).find((one) => one !== 0)
  if (more === undefined || Math.abs(more) !== 1) return undefined
  const which = more > 0 ? 'second' : 'first'
  return `the ${which} rounds its output up, the other down, or they drop the last window otherwise`
}

/** Both layers along one axis at the size that either of them knows. */
function solvedBoth(a: LayerAxis, b: LayerAxis | undefined): readonly [Axis, Axis] | undefined {
  const input = a.input ?? b?.input
  if (input === undefined || !a.setting || !b?.setting) return undefined
  const [one, two] = [solve(a.setting, input), solve(b.setting, input)]
  return isRejected(one) || isRejected(two) ? undefined : [one.axis, two.axis]
}

/** Whether the last window hangs over the end of the padding. */
const hangsOver = ({ output, stride, input, padBegin, padEnd, ...window }: Axis): boolean =>
  (output - 1) * stride + effectiveKernel(window) > input + padBegin + padEnd

/** Windows that begin elsewhere although as many come out, of layers of which none can tell a family. */
function moved(a: NetworkLayer, b: NetworkLayer): string | undefined {
  const pairs = a.axes.map((axis, index) => solvedBoth(axis, b.axes[index]))
  if (!pairs.every((pair) => pair && pair[0].output === pair[1].output)) return undefined
  const apart = pairs.find((pair) => pair && pair[0].padBegin !== pair[1].padBegin)
  if (!apart) return undefined
  const begin = `the windows of the second begin ${later(apart[0].padBegin - apart[1].padBegin, 'cell')}`
  const places = `${begin}; the sizes agree, the places do not`
  const [one, two] = apart.map(hangsOver)
  if (one === two) return places
  const [padded, rounded] = one ? ['second', 'first'] : ['first', 'second']
  return `the ${padded} pads where the ${rounded} rounds its output up: ${places}`
}

function divided(a: NetworkLayer, b: NetworkLayer): string | undefined {
  if (a.spatial.op !== 'averagePool' || pads(a) !== pads(b)) return undefined
  const hidden = [a, b].some((layer) => attributeOf(layer.spatial.node, 'remark'))
  const rest = hidden ? '; one of the files hides how, so look it up' : ''
  return `the averages divide by other counts: one counts cells of padding, or of a last window, that the other leaves out${rest}`
}

/** What a layer's padding holds that its own would not; empty where that is all. */
const fillOf = ({ fillings }: NetworkLayer): string => fillingText(fillings).replace(/^value 0$/, 'zeros')

function filled(a: NetworkLayer, b: NetworkLayer): string | undefined {
  const [one, two] = [a, b].map(fillOf)
  if (one === two || a.spatial.op !== 'maxPool') return undefined
  const which = one ? 'first' : 'second'
  return `the ${which} pads a maximum with ${one || two}: it wins over what is below; a pool pads with minus infinity`
}

function mode(a: NetworkLayer, b: NetworkLayer): string | undefined {
  const [own, other] = [a, b].map(fillOf)
  if (own === other) return undefined
  const [one, two] = [own || 'zeros', other || 'zeros']
  // Zeros are named only where the layer's own padding holds something else.
  if (one === two) return `the ${own ? 'first' : 'second'} pads with 0, which is not the zero point there`
  return `the first pads with ${one}, the second with ${two}`
}

function cropped(a: NetworkLayer, b: NetworkLayer): string | undefined {
  if (a.spatial.op !== 'convTranspose' || pads(a) === pads(b)) return undefined
  return `${pads(a)} is cropped in the first, ${pads(b)} in the second`
}

/** In the order in which they are tried: what says most comes first. */
const kinds: readonly Kind[] = [
  { name: 'transposed-crop', says: cropped },
  { name: 'grid-shift', says: shifted },
  { name: 'pool-rounding', says: rounding },
  { name: 'permuted-sides', says: permuted },
  { name: 'grid-shift', says: moved },
  { name: 'lost-side', says: lost },
  { name: 'pool-fill', says: filled },
  { name: 'pad-mode', says: mode },
  { name: 'divisor', says: divided },
]

/** The fault that two layers which differ look like; undefined where they look like none. */
export function faultOf(a: NetworkLayer, b: NetworkLayer): Fault | undefined {
  for (const { name, says } of kinds) {
    const text = says(a, b)
    if (text !== undefined) return { name, text }
  }
  return undefined
}
