import { type Setting, strideOf } from '../conventions/setting.ts'
import { type NetworkLayer, windowAlong } from './layer.ts'
import { type Pair, rewired } from './rewire.ts'

/** More pairs than this are not weighed in all: what is left between two anchors is then paired in its order. */
const MOST_PAIRS = 4_000_000

/**
 * Pairs the layers of two exports of one network: in their order, so that as many as possible have the same operation,
 * window and weights. Names count where both exports have them, and decide between layers that are otherwise alike.
 *
 * Layers at both ends that are alike in everything are paired at once. Between them so are those that are like no other one
 * (anchors), if there are too many to weigh them all. What another order leaves over is paired by its wiring.
 */
export function align(a: readonly NetworkLayer[], b: readonly NetworkLayer[]): readonly Pair[] {
  const number = numbering()
  const [one, two] = [a, b].map((layers) => layers.map((layer) => profileOf(layer, number)))
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && isTwin(one[head], two[head])) head++
  let tail = 0
  while (tail < shorter - head && isTwin(one[a.length - 1 - tail], two[b.length - 1 - tail])) tail++
  const pairs: Pair[] = []
  const add: Add = (i, j) => void pairs.push({ a: i === undefined ? i : a[i], b: j === undefined ? j : b[j] })
  for (let index = 0; index < head; index++) add(index, index)
  const ends = { a: a.length - tail, b: b.length - tail }
  let from = { a: head, b: head }
  const isMuch = (ends.a - head) * (ends.b - head) > MOST_PAIRS
  let left = MOST_PAIRS
  for (const to of [...(isMuch ? anchors(one, two, from, ends) : []), ends]) {
    const count = (to.a - from.a) * (to.b - from.b)
    if (count <= left) weigh(one, two, from, to, add)
    else inOrder(from, to, add)
    left -= Math.min(count, left)
    from = to
  }
  for (let index = 0; index < tail; index++) add(ends.a + index, ends.b + index)
  const profiles = new Map([
    ...a.map((layer, at) => [layer, one[at]] as const),
    ...b.map((layer, at) => [layer, two[at]] as const),
  ])
  return rewired(pairs, { a, b }, (first, second) => {
    const [own, other] = [profiles.get(first), profiles.get(second)]
    return own !== undefined && other !== undefined && likeness(own, other) >= MOVED && areAsLarge(first, second)
  })
}

/** Hears of a pair, by the places of both. */
type Add = (i: number | undefined, j: number | undefined) => void

/** Places in both lists. */
interface Places {
  readonly a: number
  readonly b: number
}

/** What two layers have in common or not, as numbers: texts that are the same have the same one. */
interface Profile {
  /** Operation, groups and kernel: layers that differ in it cannot be the same one. */
  readonly kind: number
  /** Shape of the weights; undefined fits any. */
  readonly weights: number | undefined
  readonly strides: number
  readonly dilations: number
  readonly name: number
}

/** Numbers texts, the same one the same. */
function numbering(): (text: string) => number {
  const numbers = new Map<string, number>()
  return (text) => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
}

function profileOf(layer: NetworkLayer, number: (text: string) => number): Profile {
  const { op, axes, groups, weightsShape, name, path } = layer.spatial
  const windows = axes.map((_, axis) => windowAlong(layer, axis))
  const each = (of: (setting: Setting) => number): number => number(windows.map((one) => one && of(one)).join())
  return {
    kind: number(`${op} ${axes.length} ${groups} ${windows.map((one) => one?.kernel)}`),
    weights: weightsShape && number(String(weightsShape)),
    strides: each(strideOf),
    dilations: each(({ dilation }) => dilation),
    name: number(`${path}\0${name}`),
  }
}

const ALIKE = 8

/** Layers that are not in their order must be alike in all but their names. */
const MOVED = 8

/** Whether two layers read as many cells, as far as that is known. */
const areAsLarge = (a: NetworkLayer, b: NetworkLayer): boolean =>
  a.axes.every(({ input }, axis) => input === undefined || (b.axes[axis]?.input ?? input) === input)

/** Alike in everything, so that no other pairing is better. */
const isTwin = (a: Profile, b: Profile): boolean => likeness(a, b) >= ALIKE

/** How well two layers go together; 0 where they cannot be the same one. */
function likeness(a: Profile, b: Profile): number {
  if (a.kind !== b.kind) return 0
  if (a.weights !== undefined && b.weights !== undefined && a.weights !== b.weights) return 0
  return 5 + (a.strides === b.strides ? 2 : 0) + (a.dilations === b.dilations ? 1 : 0) + (a.name === b.name ? 1 : 0)
}

/** Places of layers whose name and window occur once in each list, as far as they follow in both. */
function anchors(one: readonly Profile[], two: readonly Profile[], from: Places, to: Places): Places[] {
  const once = (list: readonly Profile[], begin: number, end: number): Map<string, number> => {
    const [places, again] = [new Map<string, number>(), new Set<string>()]
    for (let at = begin; at < end; at++) {
      const key = `${list[at].kind} ${list[at].name}`
      if (places.has(key)) again.add(key)
      places.set(key, at)
    }
    for (const key of again) places.delete(key)
    return places
  }
  const others = once(two, from.b, to.b)
  const found: Places[] = []
  for (const [key, a] of once(one, from.a, to.a)) {
    const b = others.get(key)
    if (b !== undefined && b >= (found.at(-1)?.b ?? from.b)) found.push({ a, b })
  }
  return found
}

/** What is too much to be weighed, one by one. */
function inOrder(from: Places, to: Places, add: Add): void {
  for (let [i, j] = [from.a, from.b]; i < to.a || j < to.b; i++, j++) {
    add(i < to.a ? i : undefined, j < to.b ? j : undefined)
  }
}

/** The pairing with the most likeness in all, found as the longest common subsequence is. */
function weigh(one: readonly Profile[], two: readonly Profile[], from: Places, to: Places, add: Add): void {
  const [rows, columns] = [to.a - from.a, to.b - from.b]
  const alike = (i: number, j: number): number => likeness(one[from.a + i], two[from.b + j])
  const width = columns + 1
  const best = new Int32Array((rows + 1) * width)
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const here = alike(i, j)
      const together = here > 0 ? here + best[(i + 1) * width + j + 1] : 0
      best[i * width + j] = Math.max(together, best[(i + 1) * width + j], best[i * width + j + 1])
    }
  }
  let [i, j] = [0, 0]
  while (i < rows || j < columns) {
    const here = best[i * width + j]
    const own = i < rows && j < columns ? alike(i, j) : 0
    if (own > 0 && here === own + best[(i + 1) * width + j + 1]) add(from.a + i++, from.b + j++)
    else if (i < rows && (j === columns || here === best[(i + 1) * width + j])) add(from.a + i++, undefined)
    else add(undefined, from.b + j++)
  }
}
