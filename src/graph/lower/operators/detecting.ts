import { SamepadError } from '../../../geometry/index.ts'
import { attributeOf, labelOf, type Node } from '../../../network/model.ts'
import { axisOf } from '../../../operators/places.ts'
import { isSameShape } from '../../../run/memory/result.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import type { RunRow } from './row.ts'

// Operators whose outputs have as many elements as are found: they are computed between the steps before and behind them.

/** A box: its corners in order, and its area. */
type BoxCorners = readonly [top: number, left: number, bottom: number, right: number, area: number]

/** A box of four numbers, which are two corners in any order, or (`isCentred`) the middle x and y, width and height. */
function boxAt(data: Float32Array, at: number, isCentred: boolean): BoxCorners {
  const [a, b, c, d] = data.subarray(at, at + 4)
  const [y1, x1, y2, x2] = isCentred ? [b - d / 2, a - c / 2, b + d / 2, a + c / 2] : [a, b, c, d]
  const [top, left, bottom, right] = [Math.min(y1, y2), Math.min(x1, x2), Math.max(y1, y2), Math.max(x1, x2)]
  return [top, left, bottom, right, Math.fround((bottom - top) * (right - left))]
}

/** The share of two boxes' union that both have. */
function overlap(a: BoxCorners, b: BoxCorners): number {
  const height = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const width = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  const common = height > 0 && width > 0 ? height * width : 0
  const union = a[4] + b[4] - common
  return union > 0 ? common / union : 0
}

/**
 * The boxes of each picture and class that no better one overlaps too much, best first: [boxes that are left, 3], picture, class
 * and box. Boxes are [pictures, boxes, 4], scores [pictures, classes, boxes].
 */
function suppressed(inputs: readonly (Tensor | undefined)[], node: Node): readonly Tensor[] {
  const [boxes, scores, most, mostOverlap, least] = inputs
  const [pictures, classes, count] = scores?.shape ?? []
  if (!boxes || !scores || scores.shape.length !== 3 || !isSameShape(boxes.shape, [pictures, count, 4])) {
    const must = 'must have boxes [pictures, boxes, 4] and scores [pictures, classes, boxes]'
    throw refusal(node, must, [boxes?.shape, scores?.shape])
  }
  const wanted = Math.min(most?.data[0] ?? 0, count)
  const [limit, threshold] = [mostOverlap?.data[0] ?? 0, least?.data[0] ?? Number.NEGATIVE_INFINITY]
  const isCentred = attributeOf(node, 'center_point_box')?.int === 1
  const found: number[] = []
  for (let picture = 0; picture < pictures; picture++) {
    const all = Array.from({ length: count }, (_, box) => boxAt(boxes.data, 4 * (picture * count + box), isCentred))
    for (let one = 0; one < classes; one++) {
      const begin = (picture * classes + one) * count
      const score = (box: number): number => scores.data[begin + box]
      const order = Array.from(all.keys()).filter((box) => !least || score(box) > threshold)
      order.sort((a, b) => score(b) - score(a) || a - b)
      const kept: BoxCorners[] = []
      for (const box of order) {
        if (kept.length >= wanted) break
        if (kept.some((other) => overlap(all[box], other) > limit)) continue
        kept.push(all[box])
        found.push(picture, one, box)
      }
    }
  }
  return [listed(found, [found.length / 3, 3])]
}

const refusal = (node: Node, must: string, got: unknown): SamepadError =>
  new SamepadError('run', `${labelOf(node)} ${must}`, got)

const listed = (numbers: readonly number[], shape: readonly number[]): Tensor => ({
  data: Float32Array.from(numbers),
  shape,
})

/** The places of all elements that are not zero, a list for each axis: [rank, as many as there are]. */
function nonZero([x]: readonly (Tensor | undefined)[], node: Node): readonly Tensor[] {
  if (!x) throw refusal(node, 'must have an input', null)
  const places: number[] = []
  x.data.forEach((one, at) => {
    if (one !== 0) places.push(at)
  })
  let inner = x.data.length
  const lists = x.shape.map((size) => {
    inner /= size
    return places.map((at) => Math.floor(at / inner) % size)
  })
  return [listed(lists.flat(), [x.shape.length, places.length])]
}

/** The slices along an axis where a condition holds, of all elements in a row where no axis is given. */
function compressed([x, condition]: readonly (Tensor | undefined)[], node: Node): readonly Tensor[] {
  const given = attributeOf(node, 'axis')?.int
  const shape = given === undefined ? [x?.data.length ?? 0] : (x?.shape ?? [])
  const axis = axisOf(given ?? 0, shape.length)
  if (!x || !condition || axis === undefined) throw refusal(node, 'must have a condition and an axis', given ?? null)
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1)
  const taken = [...condition.data.slice(0, shape[axis]).keys()].filter((at) => condition.data[at] !== 0)
  const output = { data: new Float32Array(outer * taken.length * inner), shape: shape.with(axis, taken.length) }
  let at = 0
  for (let line = 0; line < outer; line++) {
    for (const place of taken) {
      const begin = (line * shape[axis] + place) * inner
      output.data.set(x.data.subarray(begin, begin + inner), at)
      at += inner
    }
  }
  return [output]
}

/** Rows of operators that find some of their elements, or choose what is computed. */
export const detecting: readonly RunRow[] = [
  { name: 'NonMaxSuppression', between: suppressed },
  { name: 'NonZero', between: nonZero },
  { name: 'Compress', between: compressed },
  // Before it is lowered it is the branch that is chosen (`branches.ts`).
  { name: 'If', constants: [0] },
]
