import { type Diff, diff as diffModels, type Model, type NodePair, type NodeReport } from '../models.ts'
import { counted, decimal } from '../words/numbers.ts'
import { namesOf, nodePads } from './audit-lines.ts'
import type { Command } from './command.ts'
import { exampleLines } from './help.ts'
import { type ModelFile, modelIn, twoModelFiles } from './model-files.ts'
import { inputOption, readShapes, shapesFor } from './read-shapes.ts'
import type { TextStyle } from './style.ts'
import { fitting, fromEnd, table, wrap } from './table.ts'

/** Nodes of only one model that are named, before the rest is counted. */
const MOST_ALONE = 5

/** `samepad diff`: two exports of one network. */
export const diff: Command = {
  summary: 'two exports of one network: where their padding differs, and how far the grids drift',
  usage: 'FILE FILE [--input NAME=SHAPE] [--all]',
  about:
    'Pairs the nodes that slide a window, by their order, windows, weights and names, and lists every pair whose ' +
    'effective padding differs: however it is written, and a Pad before a node worked in. The drift is how many cells ' +
    'of the input lie between the places of output 0.',
  options: { input: inputOption, all: { about: 'pairs that do not differ, too' } },
  examples: ['diff before.onnx after.onnx', 'diff before.onnx after.onnx --input 1x3x224x224 --all'],
  no: 'they differ',
  settings: false,
  answer: async (request, surroundings) => {
    const files = await twoModelFiles('diff', request.words, surroundings)
    const given = readShapes('diff', request)
    surroundings.progress(files.map(({ name }) => name).join(' and '))
    const [a, b] = [await modelIn(files[0]), await modelIn(files[1])]
    const found = await diffModels(a, b, { inputs: shapesFor('diff', a, given, true) })
    return {
      data: { a: files[0].name, b: files[1].name, ...found },
      lines: (style) => [
        ...titles(files, [a, b], found, style),
        '',
        ...wrap(verdict(found, style)),
        ...pairLines(
          found.pairs.filter(({ difference }) => difference || request.options.all),
          style,
        ),
        ...faultLines(found.pairs),
        ...remedyLines(files[1], found),
        ...sizeLines(found.pairs),
        ...found.notes.flatMap((note) => ['', ...wrap(`${note}.`)]),
        ...aloneLines(found.onlyA, 'first'),
        ...aloneLines(found.onlyB, 'second'),
      ],
      exitCode: found.equal ? 0 : 1,
    }
  },
}

const styleTexts = {
  'tf-same': 'padded as TensorFlow SAME',
  symmetric: 'padded on both sides alike',
  mixed: 'padded in two ways',
  either: 'padded alike by all rules',
} as const

function titles(files: readonly ModelFile[], models: readonly Model[], { styles }: Diff, style: TextStyle): string[] {
  const words = [styles.a, styles.b]
  return files.flatMap(({ name }, index) => {
    const producer = models[index].producerName || 'unknown exporter'
    return wrap(
      `${style.strong(name)} (${producer}), ${styleTexts[words[index]]}`,
      index === 0 ? 'first   ' : 'second  ',
    )
  })
}

function verdict({ equal, pairs, first, onlyA, onlyB, elsewhere, drift }: Diff, { strong, alert }: TextStyle): string {
  if (equal) return `${strong('Alike')}: ${counted(pairs.length, 'node')}, and each pads as the other one does.`
  const differing = pairs.filter(({ difference }) => difference)
  const parts = []
  const names = namesOf(pairs.map(({ a }) => a))
  if (first)
    parts.push(`${differing.length} of ${counted(pairs.length, 'node')} differ, first ${names[pairs.indexOf(first)]}`)
  if (onlyA.length + onlyB.length > 0) parts.push(`${counted(onlyA.length + onlyB.length, 'node')} of only one model`)
  if (elsewhere) parts.push(elsewhere)
  const drifting = drift ? ` The grids drift ${counted(Math.abs(drift.cells), 'cell')} of the input apart.` : ''
  return `${alert('Different')}: ${parts.join('; ')}.${drifting}`
}

function pairLines(pairs: readonly NodePair[], { strong, faint }: TextStyle): string[] {
  if (pairs.length === 0) return []
  const names = namesOf(pairs.map(({ a }) => a))
  const rows = pairs.map(({ a, b, difference, reason, drift }, index) => [
    names[index],
    a.window,
    ...[a, b].map(nodePads),
    ...[a, b].map(({ family }) => family),
    driftText(drift),
    difference && difference !== 'padding' ? (reason ?? '') : '',
  ])
  const head = ['node', 'window', 'first', 'second', 'first pads like', 'second pads like', 'drift', '']
  const shown = (longest: number, columns: readonly number[]) => (): string[] =>
    table(
      [head, ...rows].map((row) => columns.map((column) => (column === 0 ? fromEnd(row[0], longest) : row[column]))),
      columns.map((column) => (column === 2 || column === 3 || column === 6 ? '>' : '<')).join(''),
    )
  const all = [0, 1, 2, 3, 4, 5, 6, 7]
  const short = [0, 1, 2, 3, 6, 7]
  const [first, ...others] = fitting(shown(30, all), shown(18, all), shown(10, all), shown(24, short), shown(12, short))
  const legend = 'drift: cells of the input from where the first has output 0 to where the second has it'
  const hasDrift = pairs.some(({ drift }) => drift.some((cells) => cells))
  return ['', strong(first), ...others, ...(hasDrift ? wrap(legend).map(faint) : [])]
}

/** What differences look like, those that look alike together. */
function faultLines(pairs: readonly NodePair[]): string[] {
  const names = namesOf(pairs.map(({ a }) => a))
  const kinds = new Map<string, string[]>()
  for (const [index, { fault }] of pairs.entries()) {
    if (fault) kinds.set(fault.text, [...(kinds.get(fault.text) ?? []), names[index]])
  }
  return [...kinds].flatMap(([text, those]) => ['', ...wrap(`${who(those)}: ${text}.`)])
}

/** How the second is padded as the first is, where it has the padding of the other family. */
function remedyLines({ name }: ModelFile, { pairs, styles: { a } }: Diff): string[] {
  const isShifted = pairs.some(({ fault }) => fault?.name === 'grid-shift')
  if (!isShifted || (a !== 'tf-same' && a !== 'symmetric')) return []
  const file = /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`
  return ['', 'To pad the second as the first is:', ...exampleLines(['fix', file, '--to', a])]
}

/** Layers that are alike at the size of the files only. */
function sizeLines(pairs: readonly NodePair[]): string[] {
  const names = namesOf(pairs.map(({ a }) => a))
  const reasons = new Map<string, string[]>()
  for (const [index, { a, b, atOtherSizes }] of pairs.entries()) {
    if (atOtherSizes === undefined) continue
    const size = a.axes.map(({ input }, axis) => input ?? b.axes[axis].input ?? '?').join('x')
    reasons.set(atOtherSizes, [...(reasons.get(atOtherSizes) ?? []), `${names[index]} at ${size}`])
  }
  return [...reasons].flatMap(([text, those]) => ['', ...wrap(`Equal, but not at every size: ${who(those)}; ${text}.`)])
}

/** Layers that are named before the rest is counted. */
const MOST_NAMED = 2

function who(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  const named = names.slice(0, MOST_NAMED).map((name) => fromEnd(name, 40))
  return more > 0 ? `${named.join(', ')} and ${counted(more, 'other')}` : named.join(' and ')
}

/** One number for all axes that are alike; none where nothing is known. */
function driftText(drift: readonly (number | undefined)[]): string {
  const each = drift.map((cells) => (cells === undefined ? '?' : decimal(cells)))
  return new Set(each).size === 1 ? each[0] : each.join(' ')
}

function aloneLines(nodes: readonly NodeReport[], which: string): string[] {
  if (nodes.length === 0) return []
  const names = nodes.slice(0, MOST_ALONE).map(({ name, window }) => `${name} (${window})`)
  const more = nodes.length > MOST_ALONE ? ` and ${nodes.length - MOST_ALONE} more` : ''
  return ['', ...wrap(`Only in the ${which}: ${names.join(', ')}${more}.`)]
}
