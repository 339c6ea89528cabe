import {
  conventionOf,
  crops,
  type Framework,
  formulaText,
  isTransposed,
  SamepadError,
  type Setting,
  shares,
  spell,
  spellable,
  staticPadding,
  totals,
  transposedSizes,
  weightsOrders,
} from '../geometry.ts'
import { wrap } from './table.ts'

/** The comments of code that is written for one size: the formula behind its numbers, and where they hold. */
export function notesOfSize(
  settings: readonly Setting[],
  input: readonly number[],
  to: Framework,
  text: string,
): string[] {
  const formulas = [...new Set(settings.map(formulaOf))]
  return commented([...formulas, holdsWhere(settings, input, to), ...weightsNote(settings, text)], to)
}

/** The comments of code for every size. */
export function notesOfAnySize(settings: readonly Setting[], to: Framework, text: string): string[] {
  return commented([...new Set(settings.map(formulaOf)), ...weightsNote(settings, text)], to)
}

/** How a rule works the padding out; n input, s stride, k kernel, K its effective size, P or T the total. */
function formulaOf({ convention }: Setting): string {
  const { id, rule } = conventionOf(convention)
  if (isTransposed(rule)) {
    return `${id}: output ${formulaText(transposedSizes[rule.size])}; cropped before it ${formulaText(crops[rule.crop])}`
  }
  if (rule.total === 'given') return `${id}: padding as given`
  return `${id}: P = ${formulaText(totals[rule.total])}, before the input ${formulaText(shares[rule.share])}`
}

/** The sizes on which the numbers of the code hold, along each axis. */
function holdsWhere(settings: readonly Setting[], input: readonly number[], to: Framework): string {
  const places = settings.map((setting, axis) => {
    const name = settings.length > 1 ? `axis ${axis}` : 'the input'
    return `${name}: ${placeOf(settings, input, axis, setting, to)}`
  })
  return `The numbers hold on ${places.join('; ')}. Without --input the code holds on every size.`
}

function placeOf(
  settings: readonly Setting[],
  input: readonly number[],
  axis: number,
  setting: Setting,
  to: Framework,
): string {
  const { period, residues } = paddingOf(setting)
  const step = Math.max(1, period)
  const other = input.map((cells, index) => (index === axis ? cells + step : cells))
  if (period === 0 || codeOf(settings, other, to) !== codeOf(settings, input, to)) return `${input[axis]} only`
  if (step === 1) return 'every size'
  const own = residues[input[axis] % step]
  const alike = residues.filter(({ padBegin, padEnd }) => padBegin === own.padBegin && padEnd === own.padEnd)
  return `n mod ${step} = ${alike.map(({ residue }) => residue).join(' or ')}`
}

/** How the padding depends on the input; not at all where the convention crops. */
function paddingOf(setting: Setting): Pick<ReturnType<typeof staticPadding>, 'period' | 'residues'> {
  try {
    return staticPadding(setting)
  } catch (error) {
    if (error instanceof SamepadError) return { period: 0, residues: [] }
    throw error
  }
}

/** Code without the line that says the shapes, the only one that may differ where the numbers are the same. */
function codeOf(settings: readonly Setting[], input: readonly number[], to: Framework): string {
  try {
    const { geometry, options } = spellable(settings, input)
    return spell(geometry, to, options).replace(/^.*(?:#|\/\/) x \[N, .*$/m, '')
  } catch (error) {
    if (error instanceof SamepadError) return error.message
    throw error
  }
}

/**
 * How the weights of other frameworks are brought into order.
 *
 * @param text the words of the setting, which tell a depthwise layer
 */
function weightsNote(settings: readonly Setting[], text: string): string[] {
  const orders = weightsOrders(settings[0].op, settings.length)
  if (orders.length === 0) return []
  const list = orders.map(({ from, permutation }) => `from ${from} transpose by (${permutation.join(', ')})`)
  const depthwise = /depthwise|separable/i.test(text) ? depthwiseNotes(settings.length) : []
  const separable = /separable/i.test(text)
    ? ['A separable layer is a depthwise layer, which this code is, and after it a convolution with a kernel of 1.']
    : []
  return [`weight is ${orders[0].to}: ${list.join(', ')}.`, ...depthwise, ...separable]
}

/** TensorFlow's depthwise kernel has the input channels C and, for each of them, M outputs as its last dimensions. */
function depthwiseNotes(rank: number): string[] {
  const spatial = 'DHW'.slice(-rank)
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  return [
    `A depthwise layer has as many groups as input channels. From ${spatial}CM transpose by ` +
      `(${[rank, rank + 1, ...axes].join(', ')}), then reshape to (C * M, 1, ${[...spatial].join(', ')}).`,
  ]
}

/** Frameworks whose code is JavaScript; that of others is Python. */
const javascript: readonly Framework[] = ['tfjs', 'webnn']

/** Sentences as comments of the language that a framework's code is in. */
function commented(sentences: readonly string[], to: Framework): string[] {
  const mark = javascript.includes(to) ? '// ' : '# '
  return sentences.flatMap((sentence) => wrap(sentence, mark).map((line) => mark + line.slice(mark.length)))
}
