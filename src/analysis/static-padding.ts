import { byNumbers } from '../conventions/rows/chosen.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, solve, solvedPads, taken } from '../conventions/solve.ts'
import { effectiveKernel, type Pads } from '../geometry/index.ts'
import { compare, type ResidueComparison } from './compare.ts'
import { horizonOf, modulusOf } from './horizon.ts'

/** The padding for one residue class of input sizes. */
export interface ResiduePads {
  /** Input modulo `period`. */
  readonly residue: number
  readonly padBegin: number
  readonly padEnd: number
}

/** The answer of `staticPadding`. */
export interface StaticPadding {
  /** Whether one pair of numbers serves every input size. */
  readonly isStatic: boolean
  /** That pair. */
  readonly pads?: Pads
  /** The modulus on which the padding depends; 0 where it grows with the input. */
  readonly period: number
  /** The padding by residue, in order; empty where it grows with the input. */
  readonly residues: readonly ResiduePads[]
  /** The padding as an expression in the input size n, for a model with a dynamic shape; `//` and `%` as in Python. */
  readonly expression: string
}

/**
 * Whether the padding of a setting can be written down as fixed numbers, and if not, how it depends on the input.
 *
 * What a setting pads beforehand (`pad0,1`) or cuts off afterwards (`drop1`, `trim`) is not part of it and stays.
 *
 * @returns fixed pads where one pair computes the same as the setting for every input; otherwise a table by residue
 * @throws SamepadError where the setting refuses inputs of the sizes that it is asked about
 */
export function staticPadding(setting: Setting): StaticPadding {
  const modulus = modulusOf(setting)
  const first = firstRegular(setting, modulus)
  const table = Array.from({ length: modulus }, (_, residue) => padsAt(setting, first + residue))
  const grows = table.some((pads, residue) => padsAt(setting, first + modulus + residue).join() !== pads.join())
  if (grows) return { isStatic: false, period: 0, residues: [], expression: growing(setting, first, modulus) }

  const divides = (period: number): boolean =>
    table.every((pads, index) => pads.join() === table[index % period].join())
  const period = table.findIndex((_, index) => modulus % (index + 1) === 0 && divides(index + 1)) + 1
  const residues = table.slice(0, period).map(([padBegin, padEnd], residue) => ({ residue, padBegin, padEnd }))
  const expression = period === 1 ? `${table[0]}` : periodic(setting, residues)
  const pads = fixedPads(setting, table)
  return { isStatic: pads !== undefined, pads, period, residues, expression }
}

/** What happens when the padding of one input size is written into a model that then runs at others. */
export interface Baked {
  readonly pads: Pads
  /** By residue of the input that the model runs at: whether it still computes what the setting would. */
  readonly residues: readonly ResidueComparison[]
  readonly modulus: number
}

/**
 * Writes down the padding that a setting has for one input size, as an exporter does, and looks at all others.
 *
 * @throws SamepadError where the setting refuses that size
 */
export function bake(setting: Setting, input: number): Baked {
  const pads = padsAt(setting, input)
  const { residues, modulus } = compare(setting, explicitly(setting, pads, counts(setting, input)))
  return { pads, residues, modulus }
}

/** The same layer with its own padding given as numbers; what is written beforehand or cut off afterwards stays. */
function explicitly(setting: Setting, pads: Pads, counting: boolean): Setting {
  return { ...setting, convention: byNumbers(setting.op), pads, countIncludePad: counting }
}

/** Whether an average counts the padding of its layer: then numbers have to say so. */
function counts(setting: Setting, input: number): boolean {
  const outcome = alone(setting, input)
  return setting.op === 'averagePool' && !isRejected(outcome) && outcome.zeros.some((width) => width > 0)
}

/** What the layer does on the input that it gets, without what is written beforehand or cut off afterwards. */
function alone({ padded = [0, 0], ...setting }: Setting, input: number): Outcome {
  return solve({ ...setting, drop: undefined, trim: undefined }, input + padded[0] + padded[1])
}

/** An input from which on the setting is regular, and a multiple of its modulus. */
function firstRegular(setting: Setting, modulus: number): number {
  return Math.ceil((horizonOf(setting) + 1) / modulus) * modulus
}

function padsAt(setting: Setting, input: number): Pads {
  return solvedPads(taken('staticPadding', 'the setting must take inputs', alone(setting, input), input))
}

/** The one pair that serves every size: it must have every begin, and a total that gives every output. */
function fixedPads(setting: Setting, table: readonly Pads[]): Pads | undefined {
  const [begin] = table[0]
  const counting = counts(setting, firstRegular(setting, modulusOf(setting)))
  const largest = Math.max(...table.map(([padBegin, padEnd]) => padBegin + padEnd))
  if (table.some(([padBegin]) => padBegin !== begin)) return undefined
  for (let total = Math.max(largest, begin); total < largest + setting.stride; total++) {
    const pads: Pads = [begin, total - begin]
    if (compare(setting, explicitly(setting, pads, counting)).equal) return pads
  }
  return undefined
}

function periodic(setting: Setting, residues: readonly ResiduePads[]): string {
  const [period, reach] = [residues.length, effectiveKernel(setting) - 1]
  const total = (n: number): number => Math.max(0, reach - ((n - 1 + period) % period))
  const isMinimal = residues.every(({ residue, padBegin, padEnd }) => padBegin + padEnd === total(residue))
  const share = (half: (n: number) => number): boolean =>
    residues.every(({ residue, padBegin }) => padBegin === half(total(residue)))
  const formula = `P = max(0, ${reach} - (n - 1) % ${period})`
  if (isMinimal && share((all) => Math.floor(all / 2))) return `${formula}; [P // 2, P - P // 2]`
  if (isMinimal && share((all) => Math.ceil(all / 2))) return `${formula}; [P - P // 2, P // 2]`
  return `[${residues.map(({ padBegin, padEnd }) => `[${padBegin}, ${padEnd}]`).join(', ')}][n % ${period}]`
}

/**
 * Padding that grows with the input, as the rule that keeps the size has it: on each residue class of the modulus it is
 * affine, so with A its growth over one modulus it is (A n + B) / modulus, B depending on the residue alone.
 */
function growing(setting: Setting, first: number, modulus: number): string {
  const side = (index: 0 | 1): string => {
    const at = (input: number): number => padsAt(setting, input)[index]
    const growth = at(first + modulus) - at(first)
    const rests = Array.from(
      { length: modulus },
      (_, residue) => modulus * at(first + residue) - growth * (first + residue),
    )
    const rest = rests.every((one) => one === rests[0]) ? `${rests[0]}` : `[${rests.join(', ')}][n % ${modulus}]`
    return `(${growth === 1 ? '' : `${growth} * `}n + ${rest}) // ${modulus}`
  }
  return `[${side(0)}, ${side(1)}]`
}
