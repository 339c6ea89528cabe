import type { Pads } from '../../geometry/index.ts'
import { fault } from './fault.ts'
import type { PadsForm } from './library.ts'
import type { SyntaxValue } from './syntax.ts'

// Values as numbers. A list has one entry for all axes, or one for each.

/** Whether a value stands for "not given". */
export function isNothing(value: SyntaxValue): boolean {
  return value.kind === 'word' && /^(?:none|null|undefined|nothing)$/i.test(value.word)
}

/** A size of one axis or several: `3`, `(3, 5)`, `3x5`. */
export function sizesIn(value: SyntaxValue, what: string): readonly number[] {
  const sizes = numbersIn(value)
  if (sizes) return sizes
  throw fault(`the ${what} must be a number or one for each axis`, value.text)
}

/** How many groups a call has; undefined where that is an expression, such as `self.groups`. */
export function groupsOf(value: SyntaxValue | undefined): number | undefined {
  return value?.kind === 'number' && Number.isInteger(value.value) && value.value > 0 ? value.value : undefined
}

function numbersIn(value: SyntaxValue): readonly number[] | undefined {
  if (value.kind === 'number') return [value.value]
  if (value.kind === 'word') {
    return /^-?\d+(?:x-?\d+)*$/i.test(value.word) ? value.word.toLowerCase().split('x').map(Number) : undefined
  }
  if (value.kind !== 'list' || value.items.length === 0) return undefined
  const items = value.items.map((item) => (item.kind === 'number' ? item.value : undefined))
  return items.every((item) => item !== undefined) ? items : undefined
}

/** Padding as people write it: `1`, `0,1`, and with `x` between axes `1,0x0,2`. */
export function padsInWord(text: string): readonly Pads[] | undefined {
  if (!/^-?\d+(?:,-?\d+)?(?:x-?\d+(?:,-?\d+)?)*$/i.test(text)) return undefined
  return text
    .toLowerCase()
    .split('x')
    .map((axis): Pads => {
      const [begin, end = begin] = axis.split(',').map(Number)
      return [begin, end]
    })
}

/** Padding as numbers in one of a library's forms; undefined where it is none of them. */
export function padsIn(
  value: SyntaxValue,
  forms: readonly PadsForm[],
  rank?: number,
  channelsFirst = false,
): readonly Pads[] | undefined {
  if (value.kind === 'word') return padsInWord(value.word)
  for (const form of forms) {
    const pads = readers[form](value, rank, channelsFirst)
    if (pads) return pads
  }
  return undefined
}

type PadsReader = (value: SyntaxValue, rank: number | undefined, channelsFirst: boolean) => readonly Pads[] | undefined

const fits = (count: number, rank: number | undefined): boolean => rank === undefined || count === rank

/** `[[b0, e0], [b1, e1]]` */
function pairsIn(value: SyntaxValue): readonly Pads[] | undefined {
  if (value.kind !== 'list') return undefined
  const pairs = value.items.map((item) => (item.kind === 'list' ? numbersIn(item) : undefined))
  if (pairs.length === 0 || !pairs.every((pair) => pair?.length === 2)) return undefined
  return pairs.map((pair) => [pair![0], pair![1]] as const)
}

const readers: Readonly<Record<PadsForm, PadsReader>> = {
  'both sides': (value, rank) => {
    const list = numbersIn(value)
    if (!list || !(value.kind === 'number' || list.length === 1 || fits(list.length, rank))) return undefined
    return list.map((cells) => [cells, cells] as const)
  },
  pairs: (value, rank) => {
    const pairs = pairsIn(value)
    return pairs && fits(pairs.length, rank) ? pairs : undefined
  },
  'every dimension': (value, rank, channelsFirst) => {
    const pairs = pairsIn(value)
    if (!pairs || pairs.length < 3 || !fits(pairs.length - 2, rank)) return undefined
    const around = channelsFirst ? pairs.slice(0, 2) : [pairs[0], pairs[pairs.length - 1]]
    if (around.some((pair) => pair[0] !== 0 || pair[1] !== 0)) return undefined
    return channelsFirst ? pairs.slice(2) : pairs.slice(1, -1)
  },
  interleaved: (value, rank) => {
    const list = numbersIn(value)
    if (!list || list.length % 2 !== 0 || !fits(list.length / 2, rank)) return undefined
    return Array.from({ length: list.length / 2 }, (_, axis) => [list[2 * axis], list[2 * axis + 1]] as const)
  },
  'begins then ends': (value, rank) => {
    const list = numbersIn(value)
    if (!list || list.length % 2 !== 0 || !fits(list.length / 2, rank)) return undefined
    const axes = list.length / 2
    return Array.from({ length: axes }, (_, axis) => [list[axis], list[axes + axis]] as const)
  },
  'two lists': (value, rank) => {
    if (value.kind !== 'list' || value.items.length !== 2) return undefined
    const [begins, ends] = value.items.map(numbersIn)
    if (!begins || !ends || begins.length !== ends.length || !fits(begins.length, rank)) return undefined
    return begins.map((begin, axis) => [begin, ends[axis]] as const)
  },
}

/** The entries of the spatial axes in a list that has some for batch and channels too. */
export function spatial(list: readonly number[], channelsFirst: boolean): readonly number[] {
  return channelsFirst ? list.slice(2) : list.slice(1, -1)
}

/** Whether a list has entries for batch and channels, which are 1, besides those of the axes. */
export function hasEveryDimension(list: readonly number[], rank: number | undefined, channelsFirst: boolean): boolean {
  if (list.length < 3) return false
  if (rank !== undefined) return list.length === rank + 2
  return list[0] === 1 && list[channelsFirst ? 1 : list.length - 1] === 1
}

/** Refuses a value that changes what is computed in a way that no setting says. */
export function checkUsual(meaning: 'inputDilation' | 'divisor', value: SyntaxValue, name: string): void {
  if (meaning === 'divisor')
    throw fault(`the divisor of ${name} must be left out: it is the number of cells`, value.text)
  if (sizesIn(value, `input dilation of ${name}`).some((step) => step !== 1)) {
    throw fault(`the input dilation of ${name} must be 1; a larger one makes it a transposed convolution`, value.text)
  }
}
