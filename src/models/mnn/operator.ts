import type { Table } from '../../bytes/flatbuffer.ts'
import type { AttributeInput, ModelBuilder } from '../builder.ts'

/** An operator of a file. Values are [batch, channels, ...cells], whatever their order in memory. */
export interface MnnOperator {
  readonly name: string
  readonly type: number
  readonly main: Table | undefined
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly place: { readonly begin: number; readonly end: number }
  readonly builder: ModelBuilder
}

export type AddMnnOperator = (operator: MnnOperator) => void

export function add(
  { name, inputs, outputs, place, builder }: MnnOperator,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
  given: readonly string[] = inputs,
): void {
  builder.node(opType, given, outputs, attributes, { name, span: place })
}

export const as =
  (opType: string): AddMnnOperator =>
  (operator) =>
    add(operator, opType)

/** What is not known keeps the format's own name, so that no row of ONNX is taken for it. */
export const unknown: AddMnnOperator = ({ name, type, inputs, outputs, place, builder }) =>
  builder.node(`MNN ${type}`, inputs, outputs, {}, { name, span: place, domain: 'mnn' })
