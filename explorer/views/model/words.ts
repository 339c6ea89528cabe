import type { Audit, Severity } from 'samepad/models'
import { counted } from '../../../src/words/numbers.ts'

// An audit in sentences.

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

/** Whether its padding is right, and what is to be done. */
export function verdictOf({ findings, nodes }: Audit): string {
  if (nodes.length === 0) return 'There is no padding to look at.'
  const faults = findings.filter(({ severity }) => severity !== 'note').length
  if (faults === 0) return 'Its padding is right: nothing has to be changed.'
  return `Its padding is in doubt: ${counted(faults, 'finding')} below ${faults === 1 ? 'says' : 'say'} what is wrong and how to mend it.`
}

/** Bytes as they are read. */
export const bytes = (size: number): string =>
  size < 1e6 ? `${(size / 1e3).toFixed(size < 1e4 ? 1 : 0)} kB` : `${(size / 1e6).toFixed(size < 1e7 ? 1 : 0)} MB`

/** What each severity is called, and the mark that it has. */
export const severityMarks: Readonly<Record<Severity, string>> = { error: '✕', warning: '!', note: 'ℹ' }

/** Whether a rewritten node computes the same. */
export const samenessWords = {
  always: 'at every size',
  'at this size': 'at this size only',
  no: 'no',
} as const
