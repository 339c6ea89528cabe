import {
  conventionOf,
  derive,
  isRejected,
  type Op,
  type Outcome,
  type Pads,
  refusal,
  SamepadError,
  type Setting,
  type Solved,
  solve,
} from '../geometry.ts'
import { isModelName } from '../models.ts'
import { later } from '../words/apart.ts'
import { counted } from '../words/numbers.ts'
import { answersOf, type Group, refusalLines, toldLines } from './answers.ts'
import { alongAxes } from './axes.ts'
import type { Answer, Command, Request } from './command.ts'
import { stepLines } from './derivation.ts'
import { planLines, planned, planOptions } from './plan.ts'
import { planModel } from './plan-model.ts'
import { sizes } from './read-numbers.ts'
import { readWindows, type WrittenSetting } from './read-settings.ts'
import type { TextStyle } from './style.ts'
import { wrap } from './table.ts'
import { drawWindows } from './windows.ts'

/** `samepad explain`: one layer, drawn, worked out, and what other frameworks do with it. */
export const explain: Command = {
  summary: 'one layer: which cells its windows read, how that is worked out, which frameworks differ',
  usage: 'SETTING --input N, or MODEL --plan',
  about:
    'Draws the cells of one axis, the padding around them and the taps of each window; works the padding out with the ' +
    'numbers of this layer; and lists every convention by what it does with the same layer, the faulty ones with what ' +
    'is wrong.',
  options: {
    input: {
      ...{ value: 'N', about: 'cells of the input along this axis, or of each: 80x100; of a model NAME=SHAPE' },
      many: true,
    },
    ...planOptions,
  },
  examples: [
    'explain tf k3 s2 same --input 224',
    'explain pytorch averagepool k3 s2 p1 ceil --input 6',
    'explain onnx transposed k3 s2 SAME_LOWER --input 3',
    'explain tf k3 s2 same --input 56 --plan --channels 64:128',
    'explain model.onnx --plan --input 1x3x224x224',
  ],
  no: 'the framework refuses',
  settings: true,
  answer: (request, shell) => {
    const [word, ...rest] = request.words
    const isModel = word !== undefined && rest.length === 0 && isModelName(word)
    if (isModel && request.options.plan) return planModel(word, request, shell)
    if (isModel) throw new SamepadError('explain', '--plan must be given for a model', word)
    const layers = readWindows('explain', request.words, 1)
    const input = sizes('explain', request, 'input')
    return alongAxes('explain', layers, input, ([written], cells) => explained(written, cells as number, request))
  },
}

function explained({ text, setting }: WrittenSetting, input: number, request: Request): Answer {
  const outcome = solve(setting, input)
  if (request.options.plan) return planAnswer(text, setting, input, outcome, request)
  const steps = derive(setting, input)
  const groups = answersOf(setting, input)
  return {
    data: { setting, input, outcome, steps, answers: groups.map(plainGroup) },
    lines: (style) => [
      ...title(text, setting, input, style),
      '',
      ...(isRejected(outcome)
        ? wrap(`${style.alert('Refused')}: ${refusal(outcome)}.`)
        : drawWindows(setting, outcome, style)),
      '',
      ...(steps.length ? [...stepLines(steps, style), ''] : []),
      ...groupLines(groups, setting, outcome, style),
    ],
    exitCode: isRejected(outcome) ? 1 : 0,
  }
}

/** The plan of a layer instead of its explanation. */
function planAnswer(text: string, setting: Setting, input: number, outcome: Outcome, request: Request): Answer {
  if (isRejected(outcome)) {
    const lines = (style: TextStyle): string[] => wrap(`${style.alert('Refused')}: ${refusal(outcome)}.`)
    return { data: { setting, input, outcome }, lines, exitCode: 1 }
  }
  const found = planned(setting.op, outcome, request)
  const { inChannels, outChannels, layout } = found.problem
  const size = `${inChannels} to ${outChannels} channels on ${input} x ${input}, ${layout}`
  return {
    data: { setting, input, ...found },
    lines: (style) => [...wrap(`${style.strong(text)}, ${size}`), '', ...planLines(found, style)],
    exitCode: 0,
  }
}

function title(text: string, { convention }: Setting, input: number, { strong, faint }: TextStyle): string[] {
  const { id, source, fault } = conventionOf(convention)
  return [
    ...wrap(`${strong(text)}, input ${input}`),
    ...wrap(`${id}; read in ${source}`).map(faint),
    ...(fault ? wrap(`Known fault: ${fault.what}.`) : []),
  ]
}

function plainGroup({ outcome, told, same }: Group): unknown {
  return {
    same,
    outcome,
    conventions: told.map(({ convention: { id, versions }, fault, outcome: own }) => {
      return { id, versions, fault, rejected: isRejected(own) ? own.rejected : undefined }
    }),
  }
}

/** The groups: who does the same, who does otherwise, who refuses. */
function groupLines(groups: readonly Group[], setting: Setting, own: Outcome, style: TextStyle): string[] {
  return groups.flatMap(({ outcome, told, same }, index) => {
    const lines = isRejected(outcome) ? refusalLines(told, '  ') : toldLines(told, '  ')
    const head = isRejected(outcome) ? 'Refused by' : heading(outcome, same, setting, own)
    return [...(index ? [''] : []), ...wrap(head).map(style.strong), ...lines]
  })
}

/** What a group does, and how that differs from the setting that was asked about. */
function heading({ axis, zeros }: Solved, same: boolean, { op, dilation }: Setting, own: Outcome): string {
  const transposed = op === 'convTranspose'
  const before = `${counted(axis.padBegin, 'cell')} ${transposed ? 'cropped ' : ''}before`
  const outputs = transposed ? `output ${axis.output}` : counted(axis.output, 'output')
  const undilated = axis.dilation === dilation ? '' : ', undilated'
  const numbers = `${before}, ${outputs}${undilated}${paddingSeen(op, { axis, zeros }, own)}`
  if (same) return `The same: ${numbers}`
  const moved = isRejected(own) ? '' : later(own.axis.padBegin - axis.padBegin, 'cell')
  if (moved === '') return `Otherwise: ${numbers}`
  return `${transposed ? 'Samples land' : 'Windows start'} ${moved}: ${numbers}`
}

/** What a pooling makes of padding; that it ignores it is said where the setting does not. */
function paddingSeen(op: Op, { axis, zeros }: Solved, own: Outcome): string {
  const counts = (widths: Pads): boolean => widths.some((width) => width > 0)
  const [seen, ignored] = op === 'maxPool' ? ['seen as zeros', 'ignored'] : ['counted as zeros', 'not counted']
  if (!op.endsWith('Pool')) return ''
  if (counts(zeros)) return `, padding ${seen}`
  return !isRejected(own) && counts(own.zeros) && counts([axis.padBegin, axis.padEnd]) ? `, padding ${ignored}` : ''
}
