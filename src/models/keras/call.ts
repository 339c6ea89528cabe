import type { AttributeInput, ModelBuilder } from '../builder.ts'
import type { Config } from './config.ts'

/** A call of a layer, the names of its values, and where it is added. */
export interface KerasCall {
  readonly name: string
  readonly className: string
  readonly config: Config
  readonly inputs: readonly string[]
  readonly output: string
  readonly builder: ModelBuilder
}

export type AddKerasLayer = (call: KerasCall) => void

export function add(
  { name, inputs, output, builder }: KerasCall,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
  given: readonly string[] = inputs,
): void {
  builder.node(opType, given, [output], attributes, { name })
}

export const isChannelsFirst = ({ config }: KerasCall): boolean => config.data_format === 'channels_first'

/** What is not known keeps Keras's own name, so that no row of ONNX is taken for it. */
export const unknown: AddKerasLayer = ({ name, className, inputs, output, builder }) =>
  builder.node(className, inputs, [output], {}, { name, domain: 'keras' })
