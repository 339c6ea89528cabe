import { type Fill, fills } from '../geometry/fill.ts'
import { numbers } from '../tensor/tensor.ts'

/**
 * Pads every dimension of a dense tensor, or crops where a padding is negative.
 *
 * @param stage the operation that pads, for its errors
 * @param pads `[begin, end]` for each dimension, outermost first
 * @param output of the padded shape
 */
export function pad(
  stage: string,
  input: Float32Array,
  shape: readonly number[],
  pads: readonly (readonly [number, number])[],
  mode: Fill,
  value: number,
  output: Float32Array,
): void {
  const cells = shape.map((size, dimension) => {
    const [begin, end] = pads[dimension]
    const table = numbers(stage, 'the table of cells', Float64Array, size + begin + end)
    for (let index = 0; index < table.length; index++) table[index] = fills[mode].cell(index - begin, size)
    return table
  })
  const last = shape.length - 1
  let at = 0
  /** Fills the part of the output under one index of each outer dimension; `from` is -1 where that is all constant. */
  const fill = (dimension: number, from: number): void => {
    for (const cell of cells[dimension]) {
      const inside = from >= 0 && cell >= 0
      const next = inside ? from * shape[dimension] + cell : -1
      if (dimension < last) fill(dimension + 1, next)
      else output[at++] = inside ? input[next] : value
    }
  }
  fill(0, 0)
}
