import { type Fields, flatFile, int8, int32, int32s, table, tables, text, texts } from './flat.ts'

/** An operator: its type, the table of its options, and the numbers of its values. */
export interface MnnFileOperator {
  readonly type: number
  readonly main?: Fields
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

/** An MNN file; values are named by letters. */
export function mnnFile(operators: readonly MnnFileOperator[]): Uint8Array {
  const made = operators.map(
    ({ type, main, inputs, outputs }, index): Fields => ({
      ...{ 0: int32s(inputs), 3: text(`op ${index}`), 4: int32s(outputs), 5: int32(type) },
      ...(main && { 1: int8(1), 2: table(main) }),
    }),
  )
  return flatFile({ 3: tables(made), 6: int8(1), 7: texts([...'abcdefghij']) })
}

/** An input [batch, channels, height, width], of the first value. */
export const input = (...dims: number[]): MnnFileOperator => ({
  ...{ type: 34, inputs: [], outputs: [0] },
  main: { 0: int32s(dims), 1: int32(1), 2: int8(2) },
})

/** A constant of integers: a list, or rows. */
export const constant = (output: number, values: readonly number[], dims = [values.length]): MnnFileOperator => ({
  ...{ type: 11, inputs: [], outputs: [output] },
  main: { 0: int32s(dims), 2: int32(3), 5: int32s(values) },
})
