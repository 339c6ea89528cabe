import {
  type Accepted,
  type Audit,
  type AuditRule,
  type Finding,
  fillingText,
  type NodePlace,
  type NodeReport,
  rules,
  type Severity,
  severities,
} from '../models.ts'
import { grouped } from '../words/groups.ts'
import { paddedText, padsText, shortNames } from '../words/network.ts'
import { counted, listed } from '../words/numbers.ts'
import type { TextStyle } from './style.ts'
import { definitions, fitting, fromEnd, shortened, table, wrap } from './table.ts'

/** A file's audit. */
export interface AuditedFile {
  readonly file: string
  /** Its findings are those that nobody accepted. */
  readonly audit: Audit
  readonly accepted: readonly Accepted[]
}

/** Findings of one rule that are shown one by one, before the rest is counted. */
const MOST_ALIKE = 3

/** The audit of one file, for people. */
export function auditLines(
  { file, audit, accepted }: AuditedFile,
  { all, isOne }: { readonly all: boolean; readonly isOne: boolean },
  style: TextStyle,
): string[] {
  const shown = all ? audit.nodes : audit.nodes.filter(({ lean, isSameAtSome }) => lean || isSameAtSome)
  const rest = audit.nodes.length - shown.length
  return [
    ...wrap(style.strong(file)),
    ...wrap(factsOf(audit)).map((line) => style.faint(line.replaceAll('\u00a0', ' '))),
    ...wrap(paddedText(audit)),
    ...(audit.nodes.length > 0 && (isOne || all)
      ? [...unknownLines(audit), ...workedOutLines(audit), ...nodeLines(shown, style)]
      : []),
    ...(rest > 0 && shown.length > 0 && isOne ? wrap(`${rest} more, --all shows them.`).map(style.faint) : []),
    ...findingLines(audit, all, style),
    ...acceptedLines(accepted, all).map(style.faint),
  ]
}

/** Who wrote it, and what goes in. */
function factsOf({ format, operators, producer, opset, inputs, nodes }: Audit): string {
  const shapes = inputs.map(
    ({ name, shape }) => `${name}${shape?.length ? `\u00a0${shape.map(openSize).join('x')}` : ''}`,
  )
  // A file of ONNX is told by its exporter and operator set, as ever.
  const by = producer && producer.toLowerCase() !== format.toLowerCase() ? `${format} from ${producer}` : format
  const head =
    opset === undefined
      ? [by, counted(operators, 'operator')]
      : [producer || 'unknown exporter', `operator set ${opset}`]
  const facts = [...head, counted(nodes.length, 'spatial node')]
  return [facts.join(', '), ...(shapes.length > 0 ? [shortened(shapes.join(', '), 120)] : [])].join('; ')
}

const openSize = (size: number | string | undefined): string => (typeof size === 'number' ? String(size) : '?')

/** What would have to be known. */
function unknownLines({ nodes, inputs }: Audit): string[] {
  const unknown = nodes.filter(({ axes }) => axes.length === 0 || axes.some(({ input }) => input === undefined))
  const open = inputs.filter(({ shape }) => shape?.some((size) => typeof size !== 'number') ?? true)
  if (unknown.length === 0 || open.length === 0) return []
  const example = open.map(({ name, shape }) => `--input ${name}=${shape ? exampleShape(shape) : 'SHAPE'}`)
  const sizes = `The sizes of ${counted(unknown.length, 'node')} are open, and what is said of them holds at every size`
  return wrap(`${sizes}; give some with ${example.slice(0, 2).join(' ')}.`)
}

/** What is said of padding that the model works out itself. */
function workedOutLines({ nodes }: Audit): string[] {
  const known = nodes.flatMap(({ workedOut }) => (workedOut?.isKnown ? [workedOut.tried] : []))
  const unnamed = nodes.filter(({ workedOut }) => workedOut && !workedOut.isKnown)
  const open = unnamed.filter(({ axes }) => axes.some(({ input }) => input === undefined))
  const others = unnamed.length - open.length
  const tried = `The model works out the padding of ${counted(known.length, 'node')} from the size: it is as said below on`
  const unknown = `What is padded around ${counted(open.length, 'node')} is not known until the size is.`
  return [
    ...(known.length > 0 ? wrap(`${tried} all sizes that were tried, 1 to ${Math.min(...known)}.`) : []),
    ...(open.length > 0 ? wrap(unknown) : []),
    ...(others > 0 ? wrap(`What is padded or taken away around ${counted(others, 'node')} is not known.`) : []),
  ]
}

/** A batch of one, and sizes that a picture or a sound may have. */
const exampleShape = (shape: readonly (number | string | undefined)[]): string =>
  shape.map((size, axis) => (typeof size === 'number' ? size : exampleSize(axis, shape.length))).join('x')

const exampleSize = (axis: number, rank: number): number =>
  axis === 0 || (axis === 1 && rank > 2) ? 1 : rank > 3 ? 224 : 512

/** A line for each node: window, sizes, pads and whose rule they follow. */
function nodeLines(nodes: readonly NodeReport[], { strong }: TextStyle): string[] {
  if (nodes.length === 0) return []
  const head = ['node', 'window', 'input', 'pads', 'output', 'pads like']
  const names = namesOf(nodes)
  const rows = nodes.map((node, index) => {
    const { window, axes, family, opType } = node
    return [
      names[index],
      [operations[opType], window].filter(Boolean).join(' '),
      sizeText(axes.map(({ input, symbol }) => input ?? symbol)),
      nodePads(node),
      sizeText(axes.map(({ output }) => output)),
      family,
    ]
  })
  const lines =
    (longest: number, columns: readonly number[], shorten = (text: string) => text) =>
    (): string[] =>
      table(
        [head, ...rows].map((row) => columns.map((column) => cell(row, column, longest, shorten))),
        columns.map((column) => (column >= 2 && column <= 4 ? '>' : '<')).join(''),
      )
  const all = [0, 1, 2, 3, 4, 5]
  const [first, ...others] = fitting(
    ...[40, 30, 22, 16].map((longest) => lines(longest, all)),
    ...[30, 22, 16].map((longest) => lines(longest, all, brief)),
    ...[24, 12].map((longest) => lines(longest, [0, 1, 3, 5], brief)),
  )
  return ['', strong(first), ...others]
}

/** What an operator is called in a table: convolutions are not called anything. */
const operations: Readonly<Record<string, string>> = {
  ...{ ConvTranspose: 'transposed', MaxPool: 'max', AveragePool: 'average', LpPool: 'Lp', DeformConv: 'deformed' },
  QLinearAveragePool: 'average',
}

/** A window in short: `3x3 s2`. */
const brief = (window: string): string => window.replace(/ (stride|dilation) /g, (_, word: string) => ` ${word[0]}`)

function cell(row: readonly string[], column: number, longest: number, shorten: (text: string) => string): string {
  if (column === 0) return fromEnd(row[0], longest)
  return column === 1 ? shorten(row[1]) : row[column]
}

/** Names up to this length are shown whole. */
const SHORT_NAME = 20

/** The names of nodes, without what all of them begin with where that is long. */
export function namesOf(nodes: readonly NodeReport[]): string[] {
  const names = nodes.map(({ name }) => name)
  return names.every(({ length }) => length <= SHORT_NAME) ? names : shortNames(names)
}

const sizeText = (sizes: readonly (number | string | undefined)[]): string =>
  sizes.every((size) => typeof size !== 'number')
    ? '?'
    : sizes.map((size) => (typeof size === 'number' ? size : '?')).join('x')

/** The pads of a node, and what stands in them where that is not plain: `3,3 reflect`. */
export const nodePads = ({ axes, fillings }: NodeReport): string => {
  const pads = padsText(
    axes.map(({ padBegin, padEnd }) =>
      padBegin === undefined || padEnd === undefined ? undefined : [padBegin, padEnd],
    ),
  )
  return [pads, fillingText(fillings)].filter(Boolean).join(' ')
}

const paints: Readonly<Record<Severity, 'alert' | 'strong' | 'faint'>> = {
  error: 'alert',
  warning: 'alert',
  note: 'faint',
}

/** Findings, those of one rule together. */
function findingLines({ findings, nodes }: Audit, all: boolean, style: TextStyle): string[] {
  const short = namesOf(nodes)
  const names = new Map<number | undefined, string>(nodes.map(({ index }, place) => [index, short[place]]))
  const kinds = grouped(findings, ({ severity, rule }) => `${severity} ${rule}`)
  return [...kinds.values()].flatMap((list) => {
    const [{ severity, rule }] = list
    const alike = [...grouped(list, ({ message }) => message).values()]
    const shown = all ? alike : alike.slice(0, MOST_ALIKE)
    const more = alike.slice(shown.length).flat().length
    const fixes = [...new Set(list.flatMap(({ fix }) => (fix ? [`samepad fix${fix.safe ? '' : ' --unsafe'}`] : [])))]
    return [
      '',
      `${style[paints[severity]](severity)}  ${style.strong(rule)}`,
      ...shown.flatMap((those) => wrap(sentenceOf(those, names), '  ')),
      ...(more > 0 ? wrap(`and ${more} more like these, --all shows them.`, '  ').map(style.faint) : []),
      ...(fixes.length > 0 ? wrap(`Mended by ${fixes.join(', or ')}.`, '  ').map(style.faint) : []),
    ]
  })
}

/** Findings that somebody accepted, and why. */
function acceptedLines(accepted: readonly Accepted[], all: boolean): string[] {
  if (accepted.length === 0) return []
  const each = accepted.map(({ finding: { rule, node }, reason, until }) => {
    return `${rule}${node ? ` at ${fromEnd(node.name, 40)}` : ''}: ${reason}${until ? `, until ${until}` : ''}`
  })
  return [
    '',
    ...wrap(`Accepted: ${counted(accepted.length, 'finding')}${all ? '' : ', which --all shows'}.`),
    ...(all ? each.flatMap((text) => wrap(text, '  ')) : []),
  ]
}

/** The most nodes of which the same is said that are named. */
const MOST_NAMED = 4

/** Where a node stands in a text. */
const lineText = ({ line }: NodePlace): string => (line === undefined ? '' : ` (line ${line})`)

/** Findings that say the same of several nodes. */
function sentenceOf(those: readonly Finding[], names: ReadonlyMap<number | undefined, string>): string {
  const [{ node, message }] = those
  if (!node) return `${message[0].toUpperCase()}${message.slice(1)}.`
  const each = those.flatMap(({ node }) =>
    node ? [fromEnd(names.get(node.index) ?? node.name, 40) + lineText(node)] : [],
  )
  if (each.length > MOST_NAMED) return `${each[0]} and ${counted(each.length - 1, 'other')}: ${message}.`
  return `${listed(each)}: ${message}.`
}

/** All findings in a line, and where to read more. */
export function totalLines(files: readonly AuditedFile[], style: TextStyle): string[] {
  if (files.length === 0) return []
  const findings = files.flatMap(({ audit }) => audit.findings)
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length
    return count > 0 ? [counted(count, severity)] : []
  })
  const of = files.length > 1 ? ` in ${counted(files.length, 'file')}` : ''
  if (counts.length === 0) return ['', ...wrap(`No findings${of}.`)]
  const [first] = findings
  return ['', ...wrap(`${style.strong(counts.join(', '))}${of}; samepad audit --explain ${first.rule} tells why.`)]
}

/** Every rule with its severity, for `--rules`. */
export function rulesLines({ strong }: TextStyle): string[] {
  return [
    ...severities.flatMap((severity, index) => {
      const list = rules.filter((rule) => rule.severity === severity)
      const entries = list.map(({ name, what, fixable }): [string, string] => {
        return [
          name,
          `${what}${fixable === 'no' ? '' : fixable === 'safe' ? ' (samepad fix)' : ' (samepad fix, not safe)'}`,
        ]
      })
      return [...(index > 0 ? [''] : []), strong(`${severity}s`), ...definitions(entries, '  ')]
    }),
    '',
    ...wrap('Some findings of a rule are milder than the rule. samepad audit --explain RULE has more.'),
  ]
}

const safety = {
  safe: 'samepad fix does it; the model computes the same afterwards.',
  unsafe: 'The model computes something else afterwards, so samepad fix does it only when asked to.',
  no: 'Not by samepad.',
} as const

/** One rule in full, for `--explain`. */
export function ruleLines(
  { name, severity, what, why, example, fix, fixable }: AuditRule,
  { strong }: TextStyle,
): string[] {
  return [
    ...wrap(`${strong(name)} (${severity}): ${what}`),
    '',
    ...definitions([
      ['Why', why],
      ['Example', example],
      ['What to do', fix],
      ['Mended', safety[fixable]],
    ]),
  ]
}
