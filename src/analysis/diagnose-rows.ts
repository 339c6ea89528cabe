import { type ArgumentOrder, flatOrder, orders2d, padsFrom } from '../conventions/argument-orders.ts'
import { attributesOf } from '../conventions/attributes.ts'
import type { Convention } from '../conventions/convention.ts'
import { evaluateRows } from '../conventions/evaluate.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, outcomePads } from '../conventions/solve.ts'
import { type Op, type Pads, SamepadError } from '../geometry/index.ts'
import { byRule, type Guess, guessesOf, hasSize, isClose, likelihood } from './guesses.ts'
import { isSameFunction } from './same-function.ts'

/** Values by rows, or how many there are along the height and the width. */
export type Rows = readonly (readonly number[])[]
export type RowsSizes = readonly [down: number, across: number]

/** What was seen of a layer on two axes, height first. What is not known of its attributes is left out, and tried. */
export interface RowsObservation
  extends Partial<Pick<Setting, 'ceilMode' | 'countIncludePad' | 'fill' | 'outputPadding'>> {
  /** Default: `'conv'`. */
  readonly op?: Op
  readonly input: Rows
  /** The weights by rows; of pools, the sizes. */
  readonly kernel: Rows | RowsSizes
  readonly output: Rows
  readonly strides?: RowsSizes
  readonly dilations?: RowsSizes
  /** Four numbers as they were written, in whatever order. */
  readonly pads?: readonly number[]
  /** The order in which they were meant: letters for top, left, bottom, right. Default: ONNX's, `'t,l,b,r'`. */
  readonly padsOrder?: string
}

/** A convention on two axes, and the settings along each. */
export interface RowsExplanation {
  readonly convention: Convention
  readonly settings: readonly [down: Setting, across: Setting]
  readonly pads: readonly [down: Pads, across: Pads]
  readonly values: Rows
  /** The order in which the numbers were read, where that is not the one in which they were meant. */
  readonly readAs?: { readonly order: string; readonly of: readonly ArgumentOrder[] }
}

/** Settings that explain what was seen on two axes, likeliest first; those of a group compute the same. */
export type RowsDiagnosis = readonly (readonly RowsExplanation[])[]

/** The numbers of the padding in one of the orders that they may have been read in. */
interface ReadPads {
  readonly pads: readonly [Pads, Pads] | readonly [undefined, undefined]
  readonly readAs?: RowsExplanation['readAs']
}

/**
 * Finds every convention that explains values on two axes, as `diagnose` does on one. Padding that was given as four
 * numbers is tried in the order in which it was meant, and then in the orders of other frameworks.
 *
 * @throws SamepadError on rows of different lengths, and on an order that no framework has
 */
export function diagnoseRows(observation: RowsObservation): RowsDiagnosis {
  const op = observation.op ?? 'conv'
  const { input, output, kernel } = checked(observation)
  const weights = isSizes(kernel) ? undefined : kernel
  if (!weights && !op.endsWith('Pool')) throw new SamepadError('diagnose', 'the weights must be given by rows', kernel)
  const taps = isSizes(kernel) ? kernel : sizesOf(kernel)
  const found: { readonly explanation: RowsExplanation; readonly guesses: readonly [Guess, Guess] }[] = []
  for (const conventions of byRule(op)) {
    // Numbers that were given say that the layer takes some.
    if (observation.pads && !attributesOf(conventions[0], op).includes('pads')) continue
    for (const { pads, readAs } of readingsOf(observation)) {
      const [downs, acrosses] = [0, 1].map((axis) => {
        const known = {
          ...{ op, kernel: taps[axis], size: sizesOf(input)[axis], outputs: sizesOf(output)[axis], pads: pads[axis] },
          ...{ stride: observation.strides?.[axis], dilation: observation.dilations?.[axis] },
          ...Object.fromEntries(shared.map((name) => [name, observation[name]])),
        }
        return guessesOf(conventions[0], known).filter((guess) => hasSize(guess, known.outputs))
      })
      for (const guesses of pairs(downs, acrosses)) {
        const values = valuesOf(guesses, input, weights)
        if (!isEqual(values, output)) continue
        for (const convention of conventions) {
          const [down, across] = guesses.map(({ setting }) => ({ ...setting, convention: convention.id }))
          const explanation = { convention, settings: [down, across] as const, pads: padsOf(guesses), values, readAs }
          found.push({ explanation, guesses })
        }
      }
    }
  }
  return grouped(found, observation)
}

/** What both axes of a layer have in common. */
const shared = ['ceilMode', 'countIncludePad', 'fill', 'outputPadding'] as const satisfies readonly (keyof Setting)[]

function pairs(downs: readonly Guess[], acrosses: readonly Guess[]): (readonly [Guess, Guess])[] {
  return downs.flatMap((down) =>
    acrosses
      .filter((across) => shared.every((name) => down.setting[name] === across.setting[name]))
      .map((across) => [down, across] as const),
  )
}

function readingsOf({ pads, padsOrder = 't,l,b,r' }: RowsObservation): ReadPads[] {
  if (pads === undefined) return [{ pads: [undefined, undefined] }]
  if (!orders2d.has(padsOrder)) {
    throw new SamepadError('diagnose', `the order must be one of ${[...orders2d.keys()].join(' ')}`, padsOrder)
  }
  const readings = new Map<string, { pads: [Pads, Pads]; orders: string[]; of: ArgumentOrder[] }>()
  for (const [order, of] of orders2d) {
    const [down, across] = padsFrom(flatOrder(of), pads, 2)
    const key = `${down} ${across}`
    const { orders = [], of: before = [] } = readings.get(key) ?? {}
    readings.set(key, { pads: [down, across], orders: [...orders, order], of: [...before, ...of] })
  }
  return [...readings.values()].map(({ pads, orders, of }): ReadPads => {
    return { pads, readAs: orders.includes(padsOrder) ? undefined : { order: orders.join(' or '), of } }
  })
}

function valuesOf(guesses: readonly [Guess, Guess], input: Rows, weights: Rows | undefined): Rows {
  const [down, across] = guesses
  if (isRejected(down.outcome) || isRejected(across.outcome)) return []
  const layers = [[down.setting, down.outcome] as const, [across.setting, across.outcome] as const] as const
  return evaluateRows(layers, input, weights)
}

function padsOf(guesses: readonly [Guess, Guess]): [Pads, Pads] {
  const [down, across] = guesses.map(({ outcome }): Pads => outcomePads(outcome) ?? [0, 0])
  return [down, across]
}

function grouped(
  found: readonly { readonly explanation: RowsExplanation; readonly guesses: readonly [Guess, Guess] }[],
  observation: RowsObservation,
): RowsDiagnosis {
  // Numbers that were read as they were meant come before those that were not.
  const rank = ({ convention, settings, readAs }: RowsExplanation): number =>
    likelihood(convention, settings[0], observation) - (readAs ? 100 : 0)
  const groups: { readonly list: RowsExplanation[]; readonly guesses: readonly [Guess, Guess] }[] = []
  for (const { explanation, guesses } of found.toSorted((a, b) => rank(b.explanation) - rank(a.explanation))) {
    const group = groups.find(({ list, guesses: others }) => {
      const isSame = guesses.every(({ setting, outcome }, axis) => {
        return isSameFunction(others[axis].setting, others[axis].outcome, setting, outcome)
      })
      return isSame && list[0].readAs?.order === explanation.readAs?.order
    })
    if (!group) groups.push({ list: [explanation], guesses })
    else if (!group.list.some(({ convention }) => convention === explanation.convention)) group.list.push(explanation)
  }
  return groups.map(({ list }) => list)
}

const sizesOf = (rows: Rows): RowsSizes => [rows.length, rows[0]?.length ?? 0]
const isSizes = (kernel: Rows | RowsSizes): kernel is RowsSizes => typeof kernel[0] === 'number'

function isEqual(values: Rows, wanted: Rows): boolean {
  return values.every((row, y) => row.every((value, x) => isClose(value, wanted[y][x]))) && values.length > 0
}

function checked(observation: RowsObservation): Pick<RowsObservation, 'input' | 'output' | 'kernel'> {
  const { input, output, kernel } = observation
  for (const rows of [input, output, ...(isSizes(kernel) ? [] : [kernel])]) {
    if (rows.length > 0 && rows.every((row) => row.length > 0 && row.length === rows[0].length)) continue
    throw new SamepadError('diagnose', 'rows must have values, as many in each', rows)
  }
  return { input, output, kernel }
}
