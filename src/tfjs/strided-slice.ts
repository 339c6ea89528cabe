import type { View } from '../reference/elementwise.ts'
import { denseSteps } from '../tensor/dense.ts'
import type { KernelAttributes } from './library.ts'

/** A part of a tensor: its shape, and where its elements lie. */
export interface Selection {
  readonly shape: readonly number[]
  readonly view: View
}

/** What the attributes of a strided slice are: a number for each dimension that it names, and bits by these. */
interface Slicing {
  readonly begin: readonly number[]
  readonly end: readonly number[]
  readonly strides: readonly number[]
  readonly beginMask: number
  readonly endMask: number
  readonly ellipsisMask: number
  readonly newAxisMask: number
  readonly shrinkAxisMask: number
}

/** What a strided slice selects, by TensorFlow's rules; undefined where nothing is left, or all of it as it is. */
export function stridedSelection(x: readonly number[], attrs: KernelAttributes): Selection | undefined {
  const slicing = attrs as unknown as Slicing
  const { begin, strides, beginMask, ellipsisMask, newAxisMask, shrinkAxisMask } = slicing
  const has = (mask: number, at: number): boolean => (mask & (1 << at)) !== 0
  const steps = denseSteps(x)
  const [shape, along]: [number[], number[]] = [[], []]
  let [axis, offset, isAll] = [0, 0, true]
  const keep = (): void => {
    shape.push(x[axis])
    along.push(steps[axis++])
  }
  const named = begin.filter((_, at) => !has(newAxisMask, at) && !has(ellipsisMask, at)).length
  for (let at = 0; at < begin.length; at++) {
    if (has(ellipsisMask, at)) {
      for (let left = x.length - named; left > 0; left--) keep()
    } else if (has(newAxisMask, at)) {
      shape.push(1)
      along.push(0)
    } else if (axis >= x.length) {
      return undefined
    } else {
      const { first, count } = rangeOf(slicing, at, x[axis])
      const isOne = has(shrinkAxisMask, at)
      if (isOne && (has(beginMask, at) || strides[at] < 1)) return undefined
      if (count < 1 || first < 0 || first >= x[axis]) return undefined
      isAll &&= (isOne ? 1 : count) === x[axis] && (x[axis] === 1 || strides[at] === 1)
      offset += first * steps[axis]
      if (!isOne) {
        shape.push(count)
        along.push(strides[at] * steps[axis])
      }
      axis++
    }
  }
  while (axis < x.length) keep()
  return isAll ? undefined : { shape, view: { offset, steps: along } }
}

/** The first cell of a dimension, and how many there are. */
function rangeOf(
  { begin, end, strides, beginMask, endMask, shrinkAxisMask }: Slicing,
  at: number,
  size: number,
): { readonly first: number; readonly count: number } {
  const from = (cell: number): number => (cell < 0 ? cell + size : cell)
  if ((shrinkAxisMask & (1 << at)) !== 0) return { first: from(begin[at]), count: 1 }
  const stride = strides[at]
  const [least, most] = stride > 0 ? [0, size] : [-1, size - 1]
  const within = (cell: number): number => Math.min(Math.max(from(cell), least), most)
  const isMasked = (mask: number): boolean => (mask & (1 << at)) !== 0
  const first = isMasked(beginMask) ? (stride > 0 ? least : most) : within(begin[at])
  const last = isMasked(endMask) ? (stride > 0 ? most : least) : within(end[at])
  return { first, count: Math.ceil((last - first) / stride) }
}
