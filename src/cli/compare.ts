import {
  type Comparison,
  compare as decide,
  isRejected,
  isSameFunction,
  type Outcome,
  refusal,
  SamepadError,
  type Setting,
  type Solved,
  solve,
} from '../geometry.ts'
import { windowsApart } from '../words/apart.ts'
import { alongAxes } from './axes.ts'
import type { Answer, Command } from './command.ts'
import { type DrawnWindows, drawAxis, drawn, marks, marksOf, reachOf, stripOf, union } from './draw-axis.ts'
import { sizes } from './read-numbers.ts'
import { readWindows, type WrittenSetting } from './read-settings.ts'
import { residueLines } from './residues.ts'
import type { TextStyle } from './style.ts'
import { COLUMNS, fitting, shortened, table, wrap } from './table.ts'
import { divisorNote } from './windows.ts'

/** `samepad compare`: whether two settings are equal for every input, and where they part. */
export const compare: Command = {
  summary: 'two layers: are they equal for every input size, and if not, where do they differ?',
  usage: 'SETTING [vs] SETTING [--input N]',
  about:
    'Decides, for all input sizes and not by trying some, whether two settings read the same cells through the same ' +
    'taps; else draws the smallest input where they part, and says for which inputs they still agree. With --input ' +
    'the question, and the exit code, is about that size only.',
  options: { input: { value: 'N', about: 'ask about this input size' } },
  examples: [
    'compare pytorch k3 s2 p1 -- tf k3 s2 same',
    'compare pytorch k3 s2 p1 vs onnx k3 s2 SAME_LOWER',
    'compare pytorch k3 s2 p2 drop1 trim vs tf k3 s2 same --input 224',
  ],
  no: 'they are different',
  settings: true,
  answer: (request) => {
    const layers = readWindows('compare', request.words, 2)
    const input = request.options.input === undefined ? undefined : sizes('compare', request, 'input')
    return alongAxes('compare', layers, input, ([first, second], cells) => compared(first, second, cells))
  },
}

function compared(first: WrittenSetting, second: WrittenSetting, input: number | undefined): Answer {
  checkStrides(first.setting.stride, second.setting.stride)
  const comparison = decide(first.setting, second.setting)
  const at = input === undefined ? undefined : pairAt(first.setting, second.setting, input)
  const { equal, ...rest } = comparison
  return {
    data: { a: first.setting, b: second.setting, equal, ...rest, at },
    lines: (style) => [
      ...titles(first, second, style),
      '',
      ...(at ? verdictAt(at, comparison, first.setting, style) : verdict(comparison, style)),
      ...drawPair(first.setting, second.setting, at?.equal === false ? at : comparison.smallest, style),
      ...residueLines(comparison, first.setting, second.setting),
    ],
    exitCode: (at?.equal ?? equal) ? 0 : 1,
  }
}

interface OutcomePair {
  readonly input: number
  readonly a: Outcome
  readonly b: Outcome
}

function pairAt(one: Setting, two: Setting, input: number): OutcomePair & { readonly equal: boolean } {
  const [a, b] = [solve(one, input), solve(two, input)]
  return { input, equal: one.op === two.op && isSameFunction(one, a, two, b), a, b }
}

function titles(first: WrittenSetting, second: WrittenSetting, { strong, faint }: TextStyle): string[] {
  const rows = Object.entries({ first, second }).map(([name, { text, setting }]) => {
    return [name, strong(shortened(text, COLUMNS - 'second  '.length)), faint(setting.convention)]
  })
  // The ids repeat what long settings say anyway.
  return fitting(
    () => table(rows, '<<<'),
    () => table(rows.map((row) => row.slice(0, 2)), '<<'), // biome-ignore format: one line
  )
}

function verdict({ equal, reason }: Comparison, { strong, alert }: TextStyle): string[] {
  return wrap(equal ? `${strong('Equal')} for every input: ${reason}.` : `${alert('Different')}: ${reason}.`)
}

function verdictAt(
  pair: OutcomePair & { equal: boolean },
  all: Comparison,
  { op }: Setting,
  style: TextStyle,
): string[] {
  const { input, equal, a, b } = pair
  if (!equal) return wrap(`${style.alert('Different')} at input ${input}: ${differenceOf(op, a, b)}.`)
  const rest = all.equal
    ? 'Equal for every other input, too.'
    : `But for other inputs they are different: ${all.reason}.`
  return wrap(`${style.strong('Equal')} at input ${input}. ${rest}`)
}

function differenceOf(op: Setting['op'], a: Outcome, b: Outcome): string {
  if (isRejected(a)) return `the first refuses, ${refusal(a)}`
  if (isRejected(b)) return `the second refuses, ${refusal(b)}`
  return windowsApart(op, a.axis, b.axis) ?? 'they treat the padding differently'
}

/** Both layers on one input, window under window, with marks of their own where only one of them has a tap. */
function drawPair(one: Setting, two: Setting, pair: OutcomePair | undefined, style: TextStyle): string[] {
  if (!pair || isRejected(pair.a) || isRejected(pair.b) || one.op !== two.op) return []
  const solved: readonly Solved[] = [pair.a, pair.b]
  const [a, b] = solved.map(({ axis }) => drawn(one.op, axis))
  const name = one.op === 'convTranspose' ? 'sample' : 'output'
  const digits = String(Math.max(a.output, b.output) - 1).length
  const windows: DrawnWindows = {
    count: Math.max(a.output, b.output),
    at: (index) => {
      const [ours, theirs] = [a, b].map((axis) => (index < axis.output ? marksOf(axis, index) : new Map()))
      const label = `${name} ${String(index).padStart(digits)}`
      return [
        { label: `${label}  first `, marks: parted(ours, theirs), note: divisorNote(one.op, solved[0], index) },
        {
          label: `${' '.repeat(label.length)}  second`,
          marks: parted(theirs, ours),
          note: divisorNote(two.op, solved[1], index),
        },
      ]
    },
  }
  const reach = [a, b].map(reachOf).reduce((one, two) => ({
    window: Math.max(one.window, two.window) + Math.abs(a.padBegin - b.padBegin),
    stride: Math.max(one.stride, two.stride),
  }))
  const drawing = drawAxis(
    one.op === 'convTranspose' ? 'output' : 'input',
    union(stripOf(a), stripOf(b)),
    windows,
    reach,
    style,
  )
  if (!drawing) return []
  const legend = `${partedTap} ${partedBlank} only one of them has a tap here, on a cell or on padding`
  const isParted = drawing.some((line) => line.includes(partedTap) || line.includes(partedBlank))
  return ['', ...drawing, ...(isParted ? ['', ...wrap(legend).map(style.faint)] : [])]
}

const [partedTap, partedBlank] = ['◆', '◇']

/** The marks of one window, others where the other window has no tap. */
function parted(ours: ReadonlyMap<number, string>, theirs: ReadonlyMap<number, string>): Map<number, string> {
  const isTap = (mark: string | undefined): boolean => mark === marks.tap || mark === marks.blank
  return new Map(
    [...ours].map(([place, mark]) => {
      if (!isTap(mark) || isTap(theirs.get(place))) return [place, mark]
      return [place, mark === marks.tap ? partedTap : partedBlank]
    }),
  )
}

/** The decision looks at every residue of the input modulo both strides. */
const MOST_RESIDUES = 10_000

function checkStrides(a: number, b: number): void {
  let [common, rest] = [a, b]
  while (rest > 0) [common, rest] = [rest, common % rest]
  const multiple = (a / common) * b
  if (multiple <= MOST_RESIDUES) return
  const must = `the least common multiple of the strides must be at most ${MOST_RESIDUES}`
  throw new SamepadError('compare', must, multiple)
}
