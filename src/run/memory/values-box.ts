import type { Box } from '../../plan/bands.ts'
import { FLOAT } from '../../plan/plan.ts'
import { floats, type ProgramValues, type Values } from './memory.ts'

/** The values of a tensor that lie in a box. */
export class BoxOfValues implements ProgramValues {
  readonly address: number | undefined
  readonly #values: Values
  readonly #shape: readonly number[]
  readonly #box: Box

  constructor(values: Values, shape: readonly number[], box: Box) {
    this.#values = values
    this.#shape = shape
    this.#box = box
    let [count, first] = [0, 0]
    if (values.address !== undefined) {
      eachStretch(shape, box, (begin) => {
        if (count++ === 0) first = begin
      })
    }
    this.address = values.address !== undefined && count === 1 ? values.address + first * FLOAT : undefined
  }

  copyTo(address: number): void {
    const { data } = this.#values
    const to = floats()
    let at = address / FLOAT
    eachStretch(this.#shape, this.#box, (begin, length) => {
      to.set(data.subarray(begin, begin + length), at)
      at += length
    })
  }

  copyFrom(address: number): void {
    const { data } = this.#values
    const from = floats()
    let at = address / FLOAT
    eachStretch(this.#shape, this.#box, (begin, length) => {
      data.set(from.subarray(at, at + length), begin)
      at += length
    })
  }
}

/** Tells of each stretch of a box whose elements lie side by side where it begins in the tensor and how long it is. */
function eachStretch(shape: readonly number[], box: Box, body: (begin: number, length: number) => void): void {
  let [last, step] = [shape.length - 1, 1]
  while (last > 0 && box[last].end - box[last].begin === shape[last]) step *= shape[last--]
  const walk = (dimension: number, place: number): void => {
    const { begin, end } = box[dimension]
    const first = place * shape[dimension] + begin
    if (dimension === last) body(first * step, (end - begin) * step)
    else for (let index = first; index < first + end - begin; index++) walk(dimension + 1, index)
  }
  walk(0, 0)
}
