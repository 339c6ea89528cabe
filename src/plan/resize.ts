import type { Resampling } from '../reference/resample.ts'
import type { ResizeProblem } from '../reference/resize.ts'
import { multiples } from './gather.ts'
import { FLOAT, LANES } from './plan.ts'
import { type Amount, Tables } from './tables.ts'

/**
 * Resizing one axis after the other, the outermost first. Along an axis whose cells are blocks of neighbours (rows of an image,
 * or the channels of a cell) vectors run along the block: each output is a weighted sum of blocks. Along the last axis, where single
 * elements are cells, a vector is four neighbouring outputs, whose cells are picked out of four neighbours.
 */
export interface ResizeStructure {
  /** Multiply and add in one instruction, which may round once. */
  readonly relaxed: boolean
  readonly outer: Amount
  /** Bytes from one to the next of the outer blocks. */
  readonly from: Amount
  readonly to: Amount
  readonly levels: readonly ResizeLevel[]
  readonly row: ResizeRow | undefined
  /** The names of the numbers with which tables begin. */
  readonly numbers: readonly string[]
}

/** An axis whose cells are blocks. Its entries: of each tap the bytes to the cell, then the weight. */
export interface ResizeLevel {
  readonly outputs: Amount
  readonly entries: Amount
  readonly taps: number
  /** Whether every output is a cell as it is. */
  readonly isCopy: boolean
  /** Elements of a block, and bytes from output to output. */
  readonly block: Amount
  readonly step: Amount
  /** Where there is room in the tables for a block that is not yet the output. */
  readonly scratch: Amount
}

/**
 * The last axis, where single elements are cells. Its entries: bytes to the outputs; then of each tap bytes to four neighbours and which
 * of their bytes to pick, or bytes to each of four cells; and four weights.
 */
export interface ResizeRow {
  /** How many vectors of outputs there are, which may overlap. */
  readonly groups: Amount
  readonly entries: Amount
  readonly taps: number
  readonly isCopy: boolean
  /** Whether the four cells of a tap are always among four neighbours, and whether those are the same ones for all taps. */
  readonly isNear: boolean
  readonly isShared: boolean
  /** How many outputs of a vector exist. */
  readonly lanes: number
}

/** The structure of a program, and its tables for certain sizes. */
export interface ResizePlan {
  readonly strategy: 'resize'
  readonly structure: ResizeStructure
  readonly tables: readonly number[]
}

/** Blocks shorter than this that are no whole vectors are cells side by side. */
const SHORT = 4 * LANES

/** The plan of a resizing, or undefined where steps are too long for addresses. */
export function planResize({ outer, ...problem }: ResizeProblem, relaxed: boolean): ResizePlan | undefined {
  const isRow = problem.inner % LANES !== 0 && problem.inner < SHORT
  const last = problem.axes[problem.axes.length - 1]
  const axes = isRow ? [...problem.axes.slice(0, -1), sideBySide(last, problem.inner)] : problem.axes
  const inner = isRow ? 1 : problem.inner
  const [from, to] = [axes.map(({ input }) => input), axes.map(outputsOf)].map((sizes) =>
    multiples(sizes.length + 1, 1).map((axis) => sizes.slice(axis).reduce((product, size) => product * size, inner)),
  )
  if (Math.max(from[0], to[0]) * outer * FLOAT >= 2 ** 31) return undefined
  const tables = new Tables()
  const levels = axes.slice(0, isRow ? -1 : undefined).map((axis, index): ResizeLevel => {
    const isCopy = isCopyOf(axis)
    const isLast = index === axes.length - 1
    const entries = axis.cells.flatMap((cell, tap) => [cell * from[index + 1] * FLOAT, bits(axis.weights[tap])])
    return {
      ...{ taps: axis.taps, isCopy, entries: tables.list(`entries ${index}`, entries) },
      outputs: tables.number(`outputs ${index}`, outputsOf(axis)),
      block: tables.number(`block ${index}`, from[index + 1]),
      step: tables.number(`step ${index}`, to[index + 1] * FLOAT),
      scratch: tables.list(`scratch ${index}`, isLast || isCopy ? [] : multiples(from[index + 1], 0)),
    }
  })
  const row = isRow ? planRow(axes[axes.length - 1], tables) : undefined
  const bytes = (name: string, elements: number): Amount => tables.number(name, elements * FLOAT)
  const around = { from: bytes('from', from[0]), to: bytes('to', to[0]), outer: tables.number('outer', outer) }
  const { names, tables: integers } = tables.finish()
  return { strategy: 'resize', structure: { relaxed, ...around, levels, row, numbers: names }, tables: integers }
}

const outputsOf = ({ cells, taps }: Resampling): number => cells.length / taps
const isCopyOf = ({ taps, weights }: Resampling): boolean => taps === 1 && weights.every((weight) => weight === 1)
const bits = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0]

/** An axis whose cells are a few elements side by side, as an axis of elements. */
function sideBySide({ input, taps, cells, weights }: Resampling, inner: number): Resampling {
  const outputs = multiples(cells.length / taps, taps)
  const each = <T>(list: readonly T[], element: (value: T, index: number) => T): T[] =>
    outputs.flatMap((first) =>
      multiples(inner, 1).flatMap((index) => list.slice(first, first + taps).map((value) => element(value, index))),
    )
  return {
    ...{ input: input * inner, taps },
    cells: each(cells, (cell, index) => cell * inner + index),
    weights: each(weights, (weight) => weight),
  }
}

function planRow(axis: Resampling, tables: Tables): ResizeRow {
  const { input, taps, cells, weights } = axis
  const outputs = outputsOf(axis)
  const lanes = Math.min(LANES, outputs)
  // The last vector may overlap the one before.
  const firsts = multiples(Math.ceil(outputs / LANES), LANES).map((first) => Math.min(first, outputs - lanes))
  const groups = firsts.map((first) =>
    multiples(taps, 1).map((tap) =>
      multiples(LANES, 1).map((lane) => (first + Math.min(lane, lanes - 1)) * taps + tap),
    ),
  )
  const windowOf = (places: readonly number[]): number => {
    const low = Math.min(...places.map((place) => cells[place]), Math.max(0, input - LANES))
    return Math.max(...places.map((place) => cells[place])) < low + LANES && low + LANES <= input ? low : Number.NaN
  }
  const isShared = groups.every((group) => windowOf(group.flat()) >= 0)
  const isNear = isShared || groups.every((group) => group.every((places) => windowOf(places) >= 0))
  const isCopy = isCopyOf(axis)
  const entries = groups.flatMap((group, index) => [
    firsts[index] * FLOAT,
    ...group.flatMap((places) => {
      const window = windowOf(isShared ? group.flat() : places)
      const picked = places.map((place) => (cells[place] - window) * FLOAT * 0x01010101 + 0x03020100)
      const found = isNear ? [window * FLOAT, ...picked] : places.map((place) => cells[place] * FLOAT)
      return isCopy ? found : [...found, ...places.map((place) => bits(weights[place]))]
    }),
  ])
  return {
    ...{ taps, isCopy, isNear, isShared, lanes, entries: tables.list('row', entries) },
    groups: tables.number('groups', groups.length),
  }
}
