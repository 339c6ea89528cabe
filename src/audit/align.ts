import { type Setting, strideOf } from '../conventions/setting.ts'
import { type Layer, windowAlong } from './layer.ts'

/** A layer of each of two networks; undefined where the other network has none like it. */
export interface Pair {
  readonly a: Layer | undefined
  readonly b: Layer | undefined
}

/** More pairs than this are not weighed: the layers are then paired in their order. */
const MOST_PAIRS = 4_000_000

/**
 * Pairs the layers of two exports of one network: in their order, so that as many as possible have the same operation,
 * window and weights. Names count where both exports have them, and decide between layers that are otherwise alike.
 */
export function align(a: readonly Layer[], b: readonly Layer[]): Pair[] {
  let head = 0
  while (head < Math.min(a.length, b.length) && isTwin(a[head], b[head])) head++
  let tail = 0
  while (tail < Math.min(a.length, b.length) - head && isTwin(a[a.length - 1 - tail], b[b.length - 1 - tail])) tail++
  const middle = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)] as const
  const twins = (first: number, second: number, count: number): Pair[] =>
    Array.from({ length: count }, (_, index) => ({ a: a[first + index], b: b[second + index] }))
  return [...twins(0, 0, head), ...weigh(...middle), ...twins(a.length - tail, b.length - tail, tail)]
}

/** Alike in everything, so that no other pairing is better. */
const isTwin = (a: Layer, b: Layer): boolean => likeness(a, b) >= ALIKE

const ALIKE = 8

/** How well two layers go together; 0 where they cannot be the same one. */
function likeness(one: Layer, two: Layer): number {
  const [a, b] = [one.spatial, two.spatial]
  if (a.op !== b.op || a.axes.length !== b.axes.length || a.groups !== b.groups) return 0
  const isSame = (of: (setting: Setting) => number): boolean =>
    a.axes.every((_, axis) => {
      const [first, second] = [windowAlong(one, axis), windowAlong(two, axis)]
      return (first && of(first)) === (second && of(second))
    })
  const [kernels, strides, dilations] = [
    isSame(({ kernel }) => kernel),
    isSame(strideOf),
    isSame(({ dilation }) => dilation),
  ]
  const isSameWeights = String(a.weightsShape) === String(b.weightsShape)
  if (!kernels || (a.weightsShape && b.weightsShape && !isSameWeights)) return 0
  const isSameName = a.name === b.name && a.path === b.path
  return 5 + (strides ? 2 : 0) + (dilations ? 1 : 0) + (isSameName ? 1 : 0)
}

/** The pairing with the most likeness in all, found as the longest common subsequence is. */
function weigh(a: readonly Layer[], b: readonly Layer[]): Pair[] {
  if (a.length * b.length > MOST_PAIRS) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => ({ a: a[index], b: b[index] }))
  }
  const width = b.length + 1
  const best = new Int32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const alike = likeness(a[i], b[j])
      const together = alike > 0 ? alike + best[(i + 1) * width + j + 1] : 0
      best[i * width + j] = Math.max(together, best[(i + 1) * width + j], best[i * width + j + 1])
    }
  }
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const here = best[i * width + j]
    const alike = i < a.length && j < b.length ? likeness(a[i], b[j]) : 0
    if (alike > 0 && here === alike + best[(i + 1) * width + j + 1]) pairs.push({ a: a[i++], b: b[j++] })
    else if (i < a.length && (j === b.length || here === best[(i + 1) * width + j]))
      pairs.push({ a: a[i++], b: undefined })
    else pairs.push({ a: undefined, b: b[j++] })
  }
  return pairs
}
