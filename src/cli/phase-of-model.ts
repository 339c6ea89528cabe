import { type AxisPhase, type Model, type ModelPhase, outputPhases, type PhaseMeeting } from '../models.ts'
import { counted, decimal } from '../words/numbers.ts'
import type { Answer, Request, Shell } from './command.ts'
import { modelFile, modelIn } from './model-files.ts'
import { readShapes, shapesFor } from './read-shapes.ts'
import { missingLines, noInputs } from './sizes-of-model.ts'
import type { TextStyle } from './style.ts'
import { fitting, fromEnd, shortened, table, wrap } from './table.ts'

/** Where each output of a model lies in its input. */
export async function modelPhaseAnswer(word: string, request: Request, where: Shell): Promise<Answer> {
  const file = await modelFile('phase', word, where)
  const { name } = file
  const model = await modelIn(file)
  const inputs = shapesFor('phase', model, readShapes('phase', request), true)
  const found = await outputPhases(model, { inputs })
  return { data: { file: name, ...found }, lines: (style) => linesOf(name, model, found, style), exitCode: 0 }
}

const linesOf = (name: string, model: Model, found: ModelPhase, style: TextStyle): string[] =>
  model.graph.inputs.length > 0
    ? [...modelLines(name, found, model.missing, style), ...missingLines(model)]
    : [style.strong(name), '', ...wrap(noInputs(model))]

/** Axes that are told of in one row, since all is alike along them. */
interface Row {
  readonly output: string
  readonly names: readonly string[]
  readonly phase: AxisPhase
}

function modelLines(
  name: string,
  { outputs, meetings }: ModelPhase,
  missing: Model['missing'] = [],
  style: TextStyle,
): string[] {
  const rows = outputs.flatMap(({ output, axes }) => rowsOf(output, axes))
  if (rows.length === 0) {
    return [style.strong(name), '', ...wrap('No output has cells that can be followed to an input.')]
  }
  return [
    style.strong(name),
    '',
    ...fitting(
      () => phaseTable(rows, 40),
      () => phaseTable(rows, 20),
      () => phaseTable(rows, 10),
    ),
    ...notesOf(rows, missing.length > 0),
    ...meetingLines(meetings, style),
  ]
}

const alike = (axis: AxisPhase): string => JSON.stringify({ ...axis, axis: undefined, name: undefined })

function rowsOf(output: string, axes: readonly AxisPhase[]): Row[] {
  const rows = new Map<string, Row>()
  for (const phase of axes) {
    const row = rows.get(alike(phase)) ?? { output, names: [], phase }
    rows.set(alike(phase), { ...row, names: [...row.names, phase.name] })
  }
  return [...rows.values()]
}

function phaseTable(rows: readonly Row[], longest: number): string[] {
  const head = ['output', 'axis', 'jump', 'output 0 at', 'sees', 'from', '']
  const list = rows.map(({ output, names, phase: { jump, centres, field, ended, whole } }) => [
    fromEnd(output, longest),
    shortened(names.map((name) => fromEnd(name, longest)).join(', '), 2 * longest),
    decimal(jump),
    centres ? fromTo(centres) : '?',
    String(field.size),
    field.first === undefined ? '?' : String(field.first),
    `${ended ? '*' : ''}${whole ? '+' : ''}`,
  ])
  return table([head, ...list], '<<>>>><')
}

/** Places: each where they are few, else the first and the last one. */
const fromTo = (places: readonly number[]): string =>
  places.length <= 3 ? places.map(decimal).join('/') : `${decimal(places[0])}..${decimal(places[places.length - 1])}`

/** What stands behind the marks. */
function notesOf(rows: readonly Row[], isMissing: boolean): string[] {
  const phases = rows.map(({ phase }) => phase)
  const ends = new Set(
    phases.flatMap(({ ended }) => (ended ? [`${nodeText(ended.opType, ended.name, 40)} ${ended.why}`] : [])),
  )
  const wholes = new Set(phases.flatMap(({ whole }) => (whole ? [nodeText(whole.opType, whole.name, 40)] : [])))
  return [
    '',
    ...wrap(
      'jump: cells of the input from one output to the next; sees: cells of the input that an output depends on at ' +
        'most, for output 0 from the given one on. Several places (0/0.5): the ways to the output differ.',
    ),
    ...(ends.size > 0
      ? wrap(`The way ends before the output, and the numbers are those before it: ${listed(ends)}.`, '* ')
      : []),
    ...(wholes.size > 0 ? wrap(`Every output also depends on all of the input, through ${listed(wholes)}.`, '+ ') : []),
    ...(phases.some(({ centres }) => !centres)
      ? wrap(
          isMissing
            ? 'The padding is not known.'
            : 'The padding depends on the size of the input: --input NAME=SHAPE gives it.',
          '? ',
        )
      : []),
  ]
}

/** A node by its operator and name; one without a name is called by its operator already. */
const nodeText = (opType: string, name: string, longest: number): string =>
  name.startsWith(`${opType} '`) ? name : `${opType} ${fromEnd(name, longest)}`

/** The most that are named in a sentence. */
const MOST_LISTED = 3

function listed(names: ReadonlySet<string>): string {
  const list = [...names]
  const rest = list.length - MOST_LISTED
  return list.slice(0, MOST_LISTED).join('; ') + (rest > 0 ? `; and ${rest} more` : '')
}

/** The most nodes that are listed. */
const MOST_MEETINGS = 6

function meetingLines(meetings: readonly PhaseMeeting[], style: TextStyle): string[] {
  if (meetings.length === 0) return []
  const byNode = new Map<string, PhaseMeeting & { readonly axes: readonly string[] }>()
  for (const one of meetings) {
    const key = JSON.stringify({ ...one, axis: undefined })
    byNode.set(key, { ...one, axes: [...(byNode.get(key)?.axes ?? []), one.axis] })
  }
  const list = [...byNode.values()]
  const rows = list.slice(0, MOST_MEETINGS).map(({ name, opType, axes, jump, centres }) => {
    const places = centres.map(fromTo).join(' and ')
    return [nodeText(opType, name, 28), axes.join(', '), `jump ${decimal(jump)}`, places]
  })
  const more = list.length - rows.length
  return [
    '',
    ...wrap(
      `${style.alert(`At ${counted(list.length, 'node')} branches are joined whose cells do not match`)}: cell 0 of one has ` +
        'another centre than cell 0 of the other.',
    ),
    ...table(rows, '<<<<').map((line) => `  ${shortened(line, 76)}`),
    ...(more > 0 ? [`  and ${more} more (--json has all)`] : []),
  ]
}
