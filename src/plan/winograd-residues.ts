import type { Axis } from '../geometry/index.ts'
import { multiples } from './gather.ts'
import { type Slide, slidesOf } from './slides.ts'

/**
 * Windows of stride 1 over cells of an axis that lie some way apart. A convolution with a stride adds those of each residue
 * of its cells modulo the stride; a transposed one has such windows for each residue of its outputs.
 */
export interface Residue extends Omit<Slide, 'taps'> {
  /** The kernel's taps in the order of the cells that they read. Where the first is missing its weight is zero. */
  readonly taps: readonly (number | undefined)[]
  /** The axis has the cells `first`, `first + step`, ... of the whole one. */
  readonly cells: Readonly<Record<'first' | 'step', number>>
}

/**
 * The windows of stride 1 of an axis: for each residue of the outputs those that are added, whose numbers of taps differ by
 * one at most. Undefined where that cannot be.
 */
export function residuesOf(axis: Axis, transposed: boolean): Residue[][] | undefined {
  const strided = !transposed && axis.stride > 1
  if (strided && axis.dilation > 1) return undefined
  const cells = { first: 0, step: 1 }
  const all: Residue[][] = strided
    ? [residuesOfCells(axis)]
    : slidesOf(axis, transposed).map((slide) => [{ ...slide, cells }])
  const counts = all.flat().map(({ taps }) => taps.length)
  return Math.min(...counts) < Math.max(1, longestOf(all).taps.length - 1) ? undefined : all
}

/** The one with the most taps. */
export function longestOf(all: readonly Residue[][]): Residue {
  return all.flat().reduce((longest, one) => (one.taps.length > longest.taps.length ? one : longest))
}

/**
 * The same with windows cut into parts, which are added. All have as many taps then; those with one less begin with a
 * missing one.
 */
export function cutResidues(all: readonly Residue[][], parts: number): Residue[][] {
  const cut = all.map((added) => added.flatMap((residue) => partsOf(residue, parts)))
  const { axis } = longestOf(cut)
  return cut.map((added) => added.map((residue) => filled(residue, axis)))
}

function partsOf(residue: Residue, parts: number): Residue[] {
  const { taps, axis } = residue
  const begin = (part: number): number => Math.ceil((taps.length * part) / parts)
  return multiples(parts, 1).map((part) => {
    const own = taps.slice(begin(part), begin(part + 1))
    return {
      ...residue,
      taps: own,
      axis: { ...axis, kernel: own.length, padBegin: axis.padBegin - begin(part) * axis.dilation },
    }
  })
}

/** Whether the first tap is missing. */
export const isShort = ({ taps }: Residue): boolean => taps[0] === undefined

/** Window `o` reads cell `o * stride - padBegin + tap`: taps a stride apart read cells of one residue. */
function residuesOfCells({ input, kernel, stride, padBegin, output }: Axis): Residue[] {
  return multiples(Math.min(stride, kernel), 1).map((tap) => {
    const before = Math.floor((tap - padBegin) / stride)
    const first = tap - padBegin - before * stride
    const taps = multiples(Math.ceil((kernel - tap) / stride), stride).map((behind) => tap + behind)
    const exist = Math.max(0, Math.ceil((input - first) / stride))
    const windows = { kernel: taps.length, stride: 1, dilation: 1, padBegin: -before, padEnd: 0 }
    return { first: 0, step: 1, taps, cells: { first, step: stride }, axis: { input: exist, output, ...windows } }
  })
}

/** The same with as many taps as the longest has, whose windows begin a cell earlier if one is missing. */
function filled(residue: Residue, { kernel, dilation }: Axis): Residue {
  const { taps, axis } = residue
  if (taps.length === kernel) return residue
  return {
    ...residue,
    taps: [undefined, ...taps],
    axis: { ...axis, kernel, dilation, padBegin: axis.padBegin + dilation },
  }
}

/** The places of a residue of height and of one of width, whose cells make a tile together. */
export type ResiduePair = readonly [line: number, column: number]

/**
 * All pairs that are added, in an order in which those are neighbours that are full along height, along width, and along
 * both: transformed, the filter of a short one has zeros.
 */
export function pairsOf([lines]: readonly Residue[][], [columns]: readonly Residue[][]): ResiduePair[] {
  const place = ([line, column]: ResiduePair): number => {
    const [low, narrow] = [isShort(lines[line]), isShort(columns[column])]
    return low ? (narrow ? 3 : 0) : narrow ? 2 : 1
  }
  const pairs = lines.flatMap((_, line) => columns.map((_, column) => [line, column] as const))
  return pairs.sort((a, b) => place(a) - place(b))
}

/** Neighbours in a list. */
export interface Part {
  readonly first: number
  readonly count: number
}

/**
 * Which pairs have products at the positions: those of neither the first line nor the first column, of the first column, of
 * the first line, of both. The filter of a short residue is zero at its first position; zeros between others are multiplied.
 *
 * @param all whether zeros are multiplied too
 */
export function rangesOf(
  lines: readonly Residue[],
  columns: readonly Residue[],
  pairs: readonly ResiduePair[],
  all: boolean,
): Part[] {
  const isThere = ([line, column]: ResiduePair, kind: number): boolean =>
    all || !((kind >= 2 && isShort(lines[line])) || (kind % 2 === 1 && isShort(columns[column])))
  return multiples(POSITION_KINDS, 1).map((kind) => {
    const there = pairs.map((pair) => isThere(pair, kind))
    const first = Math.max(0, there.indexOf(true))
    return { first, count: there.lastIndexOf(true) + 1 - first }
  })
}

/** First line or not, first column or not. */
export const POSITION_KINDS = 4
