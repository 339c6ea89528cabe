import { type Audit, audit, type Finding } from '../../src/models.ts'
import { floats, ints, model, node, type Parts } from '../models/onnx/make-model.ts'

/** The attributes of a layer, as its node has them. */
export type Attributes = Readonly<Record<string, number | string | readonly number[] | { float: number }>>

/** A layer of a chain: its operator, its attributes, and, for a convolution, its kernel. */
export type Spec = readonly [opType: string, attributes: Attributes]

/** A convolution of a chain, with a square kernel. */
export const conv = (kernel: number, stride: number, more: object = {}): Spec => [
  'Conv',
  { kernel_shape: [kernel, kernel], strides: [stride, stride], ...more },
]

/** Its pads, alike on both axes. */
export const pads = (begin: number, end: number): object => ({ pads: [begin, begin, end, end] })

/**
 * The bytes of a model whose layers follow one another, on channels of 2. Convolutions get weights of their
 * `kernel_shape`; a `Pad` gets its `pads`, all begins before all ends, as an input.
 */
export function chain(
  specs: readonly Spec[],
  {
    input = [1, 2, 32, 48],
    opset = 17,
    producer = 'test',
    output,
  }: { input?: readonly (number | string)[]; opset?: number; producer?: string; output?: readonly number[] } = {},
): Uint8Array<ArrayBuffer> {
  const initializers: NonNullable<Parts['initializers']>[number][] = []
  const nodes = specs.map(([opType, { amounts, ...attributes }], index) => {
    const [from, to] = [index === 0 ? 'x' : `v${index}`, index === specs.length - 1 ? 'y' : `v${index + 1}`]
    const weights = opType.startsWith('Conv') ? ` w${index}` : ''
    const constant = amounts ? ` p${index}` : ''
    if (weights) initializers.push(floats(`w${index}`, [2, 2, ...(attributes.kernel_shape as number[])]))
    if (amounts) initializers.push(ints(`p${index}`, amounts as number[]))
    return node(opType, `${from}${weights}${constant}`, to, attributes, { name: `${opType.toLowerCase()}${index}` })
  })
  return withProducer(model({ nodes, inputs: { x: input }, outputs: { y: output }, initializers }, opset), producer)
}

/** Another exporter's name: of a field that comes twice the last one counts. */
function withProducer(bytes: Uint8Array<ArrayBuffer>, producer: string): Uint8Array<ArrayBuffer> {
  if (producer === 'test') return bytes
  const name = new TextEncoder().encode(producer)
  return Uint8Array.from([...bytes, 0x12, name.length, ...name])
}

/** The findings of one rule. */
export async function findingsOf(rule: string, bytes: Uint8Array, inputs = {}): Promise<readonly Finding[]> {
  return (await audit(bytes, { inputs })).findings.filter((finding) => finding.rule === rule)
}

/** Findings in short: severity, rule and node. */
export const inShort = ({ findings }: Audit): string[] =>
  findings.map(({ severity, rule, node }) => [severity, rule, node?.name].filter(Boolean).join(' '))
