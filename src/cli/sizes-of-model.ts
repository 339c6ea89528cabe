import { belongs } from '../geometry.ts'
import { type AxisSizes, type InputSizes, inputSizes, type Model, type Refusal } from '../models.ts'
import { missingText } from '../words/network.ts'
import { counted } from '../words/numbers.ts'
import type { Answer, Request, Shell } from './command.ts'
import { modelFile, modelIn } from './model-files.ts'
import { wholeNumber } from './read-numbers.ts'
import { readShapes, shapesFor } from './read-shapes.ts'
import { listText, setText } from './size-set-text.ts'
import type { TextStyle } from './style.ts'
import { withShortNames, wrap } from './table.ts'

/** Milliseconds after which a person is told how far it is. */
const SOON = 1000

/** Which sizes a model takes. */
export async function modelSizesAnswer(word: string, request: Request, where: Shell): Promise<Answer> {
  const file = await modelFile('sizes', word, where)
  const { name } = file
  const model = await modelIn(file)
  const inputs = shapesFor('sizes', model, readShapes('sizes', request), true)
  const near = wholeNumber('sizes', request, 'near')
  const began = Date.now()
  const found = await inputSizes(model, {
    inputs,
    near,
    onProgress: (done, most) => {
      if (Date.now() - began > SOON) where.progress(`${name}: ${done} of at most ${most} sizes tried`)
    },
  })
  const isRefused = Object.keys(inputs).length > 0 && found.given?.refusal !== undefined
  const isNone = found.axes.some(({ taken }) => taken.length === 0) || !found.base
  return {
    data: { file: name, ...found },
    lines: (style) => [
      style.strong(name),
      '',
      ...(model.graph.inputs.length === 0 ? wrap(noInputs(model)) : sizesLines(found, style)),
      ...missingLines(model),
    ],
    exitCode: isRefused || isNone ? 1 : 0,
  }
}

/** What is not known for want of files. */
export function missingLines({ missing }: Model): string[] {
  const text = missingText(missing)
  return text ? ['', ...wrap(`${text}.`)] : []
}

/** A format that has no wiring names no input, so nothing can be followed through it. */
export const noInputs = ({ format }: Model): string =>
  `A file of ${format} names no input, so sizes cannot be followed; the exported model tells more.`

function sizesLines(found: InputSizes, style: TextStyle): string[] {
  const { axes, base, given, dependent } = found
  const refused = given?.refusal && [
    ...wrap(`${style.alert(`It does not run at ${given.sizes.join('x')}`)}: ${refusalText(given.refusal)}.`),
    '',
  ]
  if (!base) {
    return [...(refused ?? []), ...wrap(`${style.alert('No size was found')} at which the model runs.`)]
  }
  if (axes.length === 0) return wrap('No window slides along an axis of an input, and no size of an input is open.')
  return [
    ...(refused ?? []),
    ...together(axes).flatMap((alike, index) => [...(index > 0 ? [''] : []), ...axisLines(alike, found, style)]),
    ...(dependent ? ['', ...dependentLines(dependent, style)] : []),
  ]
}

const refusalText = ({ name, opType, message }: Refusal): string =>
  withShortNames(`${name.startsWith(`${opType} '`) ? name : `${opType} ${name}`}: ${message}`)

/** Axes of which the same is to be said. */
function together(axes: readonly AxisSizes[]): (readonly AxisSizes[])[] {
  const groups = new Map<string, AxisSizes[]>()
  for (const axis of axes) {
    const { takes, agrees, isOpen, isProved, triedTo, given, near } = axis
    const key = JSON.stringify([takes, agrees, isOpen, isProved, triedTo, isOpen ? 0 : given, near])
    groups.set(key, [...(groups.get(key) ?? []), axis])
  }
  return [...groups.values()]
}

function axisLines(alike: readonly AxisSizes[], { given }: InputSizes, style: TextStyle): string[] {
  const [axis] = alike
  const names = alike.map(({ name }) => name).join(' and ')
  const { takes, isOpen, refused, near } = axis
  const which = takes ? setText(takes) : foundText(axis)
  const isWritten = !isOpen && axis.given !== undefined
  const nearest = near && takes && !belongs(takes, near.size) ? nearText(near.size, near.takes) : ''
  return [
    ...wrap(style.strong(`${names}: ${which}`)),
    ...(isWritten ? wrap(`The file says ${axis.given}; what stands here holds once it leaves the size open.`) : []),
    ...(nearest ? wrap(`${nearest}.`) : []),
    ...wrap(agreeText(axis)),
    ...(refused && !given?.refusal ? wrap(`At ${refused.size} it does not run: ${refusalText(refused)}.`) : []),
    ...wrap(style.faint(proofText(axis))),
  ]
}

/** Sizes that follow no rule as far as they were tried, and the one that is known to run. */
function foundText({ taken, base, triedTo }: AxisSizes): string {
  if (base <= triedTo) return taken.length > 0 ? `only ${listText(taken)}` : 'no size'
  const among = taken.length > 0 ? `only ${listText(taken)}` : 'none'
  return `${base} runs; of 1 to ${triedTo} ${among}`
}

function nearText(size: number, { below, above }: { below: number | undefined; above: number | undefined }): string {
  const nearest = [...new Set([below, above])].filter((one) => one !== undefined)
  return nearest.length === 0 ? `None is near ${size}` : `The nearest to ${size}: ${listText(nearest)}`
}

function agreeText({ agrees, near, voters, disagreeing, takes, base, triedTo }: AxisSizes): string {
  if (!takes && base > triedTo) return `Where the conventions agree beyond ${triedTo} is not known.`
  if (voters === 0) return 'No layer is padded along it in a way on which conventions could differ.'
  if (!agrees || (agrees.residues.length === 0 && agrees.below.length === 0)) {
    const why = disagreeing
      ? `: they differ on each for ${refusalText({ ...disagreeing, message: '' }).slice(0, -2)}`
      : ''
    return `The conventions agree on none of them${why}.`
  }
  if (JSON.stringify(agrees) === JSON.stringify(takes)) return 'All conventions agree on each of them.'
  if (agrees.residues.length === 0) return `All conventions agree ${setText(agrees).replace('only', 'only on')}.`
  const nearest = [...new Set([near?.agrees.below, near?.agrees.above])].filter((size) => size !== undefined)
  const forms = nearest.map((size) => `${size}${formText(size, agrees.period)}`)
  const named = near && nearest.length > 0 ? `; nearest to ${near.size}: ${forms.join(' and ')}` : ''
  return `All conventions agree on ${setText(agrees)}${named}.`
}

/** ` = 16 x 32 + 1`: how a size is made of the period. */
function formText(size: number, period: number): string {
  if (period < 3 || size < period) return ''
  const rest = size % period
  return ` = ${(size - rest) / period} x ${period}${rest > 0 ? ` + ${rest}` : ''}`
}

function proofText({ isProved, unproved, triedTo }: AxisSizes): string {
  if (isProved) return `Proved for every size; 1 to ${triedTo} were tried, and from there on it repeats.`
  return `Tried on every size from 1 to ${triedTo}; not proved beyond, since ${withShortNames(unproved ?? '')}.`
}

function dependentLines(dependent: NonNullable<InputSizes['dependent']>, { alert }: TextStyle): string[] {
  const { names, example, equal, triedTo } = dependent
  const what = `${example.sizes.join('x')} ${example.runs ? 'runs' : 'does not run'}`
  const same = equal ? setText(equal) : `no rule was found up to ${counted(triedTo, 'cell')}`
  return wrap(
    `${alert(`${names.join(' and ')} depend on each other`)}: ${what}, which each by itself does not tell. Where they ` +
      `are equal: ${same}.`,
  )
}
