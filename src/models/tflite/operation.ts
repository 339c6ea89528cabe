import type { Table } from '../../bytes/flatbuffer.ts'
import type { Shape } from '../../network/model.ts'
import type { AttributeInput } from '../builder.ts'

/** One operation of a file as its translation sees it. */
export interface TfliteOperation {
  /** Names of values; `''` is one that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** The shapes that the file says. */
  readonly shapes: readonly (Shape | undefined)[]
  /** The table of its options. */
  readonly options: Table | undefined
  /** The table of its own options, of operators that TFLite does not have built in. */
  readonly custom: Uint8Array | undefined
  /** Names of the graphs of the file, of which the first one is read. */
  readonly subgraphs: readonly string[]
  /** The elements of a small constant that is an input, in row-major order. */
  values(input: number): readonly number[] | undefined
  /** Makes a constant: of numbers, or of a shape alone. Returns its name. */
  constant(values: readonly number[]): string
  /** Pads written as a row of [begin, end] for each axis, in ONNX's order. Returns their name. */
  flatPads(rows: string): string
  weights(dims: readonly number[]): string
}

/** A node in the words of the operators' rows: of its inputs those that the row knows. */
export interface Translated {
  readonly opType: string
  readonly inputs?: readonly string[]
  readonly attributes?: Readonly<Record<string, AttributeInput>>
}

/** What becomes of an operation. */
export type Translate = (operation: TfliteOperation) => Translated
