import {
  diagnoseRows,
  formatSetting,
  isRejected,
  type Op,
  type Pads,
  type Rows,
  type RowsDiagnosis,
  type RowsExplanation,
  type RowsObservation,
  SamepadError,
  type Setting,
  solve,
} from '../geometry.ts'
import { faultOf, toldLines } from './answers.ts'
import type { Answer, Request } from './command.ts'
import { missing, rowsOf, twoNumbers } from './read-numbers.ts'
import type { TextStyle } from './style.ts'
import { wrap } from './table.ts'

const STAGE = 'diagnose'

/** What explains values on two axes; undefined where the input is no rows. */
export function answerRows(request: Request, op: Op, given: Partial<RowsObservation>): Answer | undefined {
  const input = rowsOf(STAGE, request, 'input')
  if (!input) return undefined
  const observation = observed(request, op, given, input)
  const groups = diagnoseRows(observation)
  return {
    data: { observation, groups: groups.map((group) => group.map(plain)) },
    lines: (style) => lines(observation, groups, style),
    exitCode: groups.length > 0 ? 0 : 1,
  }
}

function observed(request: Request, op: Op, given: Partial<RowsObservation>, input: Rows): RowsObservation {
  const kernel = rowsOf(STAGE, request, 'kernel') ?? twoNumbers(STAGE, request, 'kernel') ?? missing(STAGE, 'kernel')
  const sizes = op.endsWith('Pool') && typeof kernel[0] === 'number' ? (kernel as readonly [number, number]) : undefined
  return {
    ...{ ...given, op, input, kernel },
    output: rowsOf(STAGE, request, 'output') ?? needRows(request.options.output),
    strides: twoNumbers(STAGE, request, 'stride') ?? sizes,
    dilations: twoNumbers(STAGE, request, 'dilation'),
    pads: fourNumbers(request.options.pads),
    padsOrder: request.options.order === undefined ? undefined : String(request.options.order),
  }
}

function needRows(output: unknown): never {
  throw new SamepadError(STAGE, '--output must be rows too, such as 1,2,3;4,5,6, where the input has rows', output)
}

/** One number for all sides, or one for each. */
function fourNumbers(text: string | true | undefined): readonly number[] | undefined {
  if (text === undefined) return undefined
  const list = String(text).split(',').map(Number)
  if (/^-?\d+(,-?\d+){3}$/.test(String(text))) return list
  if (/^-?\d+$/.test(String(text))) return [list[0], list[0], list[0], list[0]]
  throw new SamepadError(STAGE, '--pads must be one number or, on two axes, four such as 0,1,0,1', text)
}

function plain({ convention, settings, pads, values, readAs }: RowsExplanation): unknown {
  const { id, versions, fault } = convention
  return { convention: id, versions, fault: fault?.what, written: settings.map(formatSetting), pads, values, readAs }
}

/** Explanations beyond so many groups are left to --json. */
const MOST_GROUPS = 5

function lines(observation: RowsObservation, groups: RowsDiagnosis, style: TextStyle): string[] {
  if (groups.length === 0) return wrap(`${style.alert('No convention')} that samepad knows explains this.`)
  const shown = groups.slice(0, MOST_GROUPS).flatMap((group, index) => [
    ...(index > 0 ? [''] : []),
    ...wrap(`${index === 0 ? 'Explained by' : 'Or by'} ${deed(group[0])}`).map(style.strong),
    ...wrongOrder(group[0], observation, style),
    ...toldLines(group.map((one) => told(one, observation)), '  '), // biome-ignore format: one line
  ])
  const left = groups.length - MOST_GROUPS
  return left > 0 ? [...shown, '', `And ${left} other ${left === 1 ? 'way' : 'ways'}, listed by --json.`] : shown
}

function deed({ settings: [{ op }], pads: [down, across] }: RowsExplanation): string {
  const sides = ([begin, end]: Pads): string => `${begin} and ${end}`
  const what = op === 'convTranspose' ? 'a crop' : 'padding'
  return `${what} of ${sides(down)} above and below, ${sides(across)} left and right`
}

function wrongOrder(
  { readAs }: RowsExplanation,
  { padsOrder = 't,l,b,r' }: RowsObservation,
  { alert }: TextStyle,
): string[] {
  if (!readAs) return []
  return wrap(
    `${alert('Another order')}: you wrote ${padsOrder} where ${readAs.order} is read (${readAs.of.join(', ')})`,
  )
}

function told(
  { convention, settings }: RowsExplanation,
  { input }: RowsObservation,
): Parameters<typeof toldLines>[0][number] {
  const sizes = [input.length, input[0].length]
  const faults = settings.map((setting, axis) => faultOf(convention, setting, sizes[axis]))
  const outcome = solve(settings[0], sizes[0])
  const words = [...new Set(settings.map((setting) => wordsFor(convention.padding, setting)))].join(' x ')
  return {
    convention,
    outcome,
    words,
    fault: isRejected(outcome) ? undefined : faults.find((one) => one !== undefined),
  }
}

/** The word for the padding, or the numbers. */
function wordsFor(padding: string, { pads, outputPadding, ceilMode }: Setting): string {
  const numbers = pads ? `p${pads[0] === pads[1] ? pads[0] : pads}` : padding
  return [numbers, outputPadding ? `op${outputPadding}` : '', ceilMode ? 'ceil' : ''].filter(Boolean).join(' ')
}
