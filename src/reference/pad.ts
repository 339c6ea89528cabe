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
    const line = cells[dimension]
    const begin = from * shape[dimension]
    if (dimension < last) {
      for (const cell of line) fill(dimension + 1, from >= 0 && cell >= 0 ? begin + cell : -1)
      return
    }
    // The innermost dimension is most of the work: a loop without calls.
    for (let index = 0; index < line.length; index++) {
      output[at++] = from >= 0 && line[index] >= 0 ? input[begin + line[index]] : value
    }
  }
  fill(0, 0)
}
