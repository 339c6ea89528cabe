import type { Span } from '../network/model.ts'
import type { AttributeInput, ModelBuilder } from './builder.ts'

/** An operator of a file as its translation sees it: what the format calls it, its values, and where it is added. */
export interface FileOperator {
  readonly type: string
  /** Of what keeps the format's own name. */
  readonly domain: string
  readonly name: string
  readonly place?: Span | undefined
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly builder: ModelBuilder
}

/** What becomes of an operator. */
export type AddOperator<One extends FileOperator = FileOperator> = (call: One) => void

/** Adds an operator under ONNX's name. */
export function add(
  call: FileOperator,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
  inputs: readonly string[] = call.inputs,
): void {
  const { outputs, name, place, builder } = call
  builder.node(opType, inputs, outputs, attributes, { name, span: place })
}

/** What is not known keeps the format's own name, so that no row of ONNX is taken for it. */
export const unknown: AddOperator = ({ type, domain, name, place, inputs, outputs, builder }) =>
  builder.node(type, inputs, outputs, {}, { name, span: place, domain })

/** An operator that ONNX has too, with the same inputs. */
export const as =
  <One extends FileOperator>(
    opType: string,
    attributes?: (call: One) => Readonly<Record<string, AttributeInput>>,
  ): AddOperator<One> =>
  (call) =>
    add(call, opType, attributes?.(call))

/** With the first input alone: what stands for each channel beside it moves nothing. */
export const alone =
  (opType: string): AddOperator =>
  (call) =>
    add(call, opType, {}, call.inputs.slice(0, 1))

/** Rows of operators that ONNX has too: its name, and what the format calls it. */
export const named = <One extends FileOperator = FileOperator>(
  names: Readonly<Record<string, string>>,
  of: (opType: string) => AddOperator<One> = as,
): Readonly<Record<string, AddOperator<One>>> =>
  Object.fromEntries(Object.entries(names).flatMap(([opType, own]) => own.split(' ').map((one) => [one, of(opType)])))

/** Rows of operators whose name says how many axes they have, in the place of `#`. */
export const ofRanks = <Row>(name: string, of: (rank: number) => Row): Readonly<Record<string, Row>> =>
  Object.fromEntries([1, 2, 3].map((rank) => [name.replace('#', String(rank)), of(rank)]))

/** The row of a name from a file, which may be one that every object of JavaScript has. */
export const rowOf = <Row>(rows: Readonly<Record<string, Row>>, name: string): Row | undefined =>
  Object.hasOwn(rows, name) ? rows[name] : undefined

/** Adds an operator by the row of its name. */
export function addBy<One extends FileOperator>(
  rows: Readonly<Record<string, AddOperator<One>>>,
  call: One,
  name = call.type,
): void {
  const row = rowOf(rows, name) ?? unknown
  row(call)
}

/** Cells of the sides of each axis, begin and end in turn, as ONNX has them: all begins before all ends. */
export const beginsFirst = <Cells>(sides: readonly Cells[]): Cells[] =>
  [0, 1].flatMap((side) => sides.filter((_, index) => index % 2 === side))

/** Cells of begin and end of each axis, from the last axis to the first, as PyTorch has them, in ONNX's order. */
export const fromLastAxis = (cells: readonly number[], rank: number): [begins: number[], ends: number[]] => {
  const side = (at: number): number[] =>
    Array.from({ length: rank }, (_, axis) => cells[2 * (rank - 1 - axis) + at] ?? 0)
  return [side(0), side(1)]
}
