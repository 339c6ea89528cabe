import type { Audit, Severity } from 'samepad/models'

// An audit in sentences.

/** `1 layer`, `2 layers`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** How the network is padded. */
export function verdict({ style, votes, nodes, unknownOperators }: Audit): string {
  const [same, symmetric] = [counted(votes['tf-same'], 'layer'), counted(votes.symmetric, 'layer')]
  const sentences = {
    mixed: `Padded in two ways: ${same} as TensorFlow SAME, ${symmetric} on both sides alike.`,
    'tf-same': `Padded as TensorFlow SAME: ${same} can tell, and none contradicts.`,
    symmetric: `Padded on both sides alike, as PyTorch does: ${symmetric} can tell, and none contradicts.`,
    either: 'No layer of it tells TensorFlow SAME from symmetric padding.',
  }
  if (nodes.length > 0) return sentences[style]
  return unknownOperators.length > 0
    ? 'No window of it can be seen.'
    : 'No node of it slides a window: there is nothing to pad.'
}

/** What the file is, who wrote it, and what goes in. */
export function facts({ format, operators, producer, opset, size, inputs, nodes }: Audit): string {
  const shapes = inputs.map(({ name, shape }) => `${name} ${shape?.map((one) => one || '?').join(' x ') ?? '?'}`)
  const isNamed = producer.toLowerCase() !== format.toLowerCase()
  return [
    format,
    ...(isNamed ? [producer ? `written by ${producer}` : 'its exporter is not named'] : []),
    ...[opset === undefined ? counted(operators, 'operator') : `operator set ${opset}`],
    ...[bytes(size), `${counted(nodes.length, 'node')} with a window`],
    ...(shapes.length === 0 ? [] : [`takes ${shapes.join(', ')}`]),
  ].join(' · ')
}

/** Bytes as they are read. */
export const bytes = (size: number): string =>
  size < 1e6 ? `${(size / 1e3).toFixed(size < 1e4 ? 1 : 0)} kB` : `${(size / 1e6).toFixed(size < 1e7 ? 1 : 0)} MB`

/** What each severity is called, and the mark that it has. */
export const severityMarks: Readonly<Record<Severity, string>> = { error: '✕', warning: '◆', note: 'ℹ' }

/** Whether a rewritten node computes the same. */
export const samenessWords = {
  always: 'at every size',
  'at this size': 'at this size only',
  no: 'no',
} as const
