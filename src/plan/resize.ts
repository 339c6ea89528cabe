import type { Resampling } from '../reference/resample.ts'
import { outputsOf, type ResizeProblem, resizeSteps } from '../reference/resize.ts'
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
  readonly tables: Int32Array
}

/** Blocks shorter than this that are no whole vectors are cells side by side. */
const SHORT = 4 * LANES

/** The plan of a resizing, or undefined where steps are too long for addresses. */
export function planResize(problem: ResizeProblem, relaxed: boolean): ResizePlan | undefined {
  const { outer, inner } = problem
  const isRow = inner % LANES !== 0 && inner < SHORT
  const all = problem.axes
  const axes = isRow ? [...all.slice(0, -1), sideBySide(all[all.length - 1], inner)] : all
  const { from, to } = resizeSteps(problem)
  if (Math.max(from[0], to[0]) * outer * FLOAT >= 2 ** 31) return undefined
  const tables = new Tables()
  const levels = axes.slice(0, isRow ? -1 : undefined).map((axis, index): ResizeLevel => {
    const isCopy = isCopyOf(axis)
    const isLast = index === axes.length - 1
    return {
      ...{
        taps: axis.taps,
        isCopy,
        entries: tables.list(`entries ${index}`, entriesOf(axis, from[index + 1] * FLOAT)),
      },
      outputs: tables.number(`outputs ${index}`, outputsOf(axis)),
      block: tables.number(`block ${index}`, from[index + 1]),
      step: tables.number(`step ${index}`, to[index + 1] * FLOAT),
      scratch: tables.list(`scratch ${index}`, isLast || isCopy ? [] : new Int32Array(from[index + 1])),
    }
  })
  const row = isRow ? planRow(axes[axes.length - 1], tables) : undefined
  const bytes = (name: string, elements: number): Amount => tables.number(name, elements * FLOAT)
  const around = { from: bytes('from', from[0]), to: bytes('to', to[0]), outer: tables.number('outer', outer) }
  const { names, tables: integers } = tables.finish()
  return { strategy: 'resize', structure: { relaxed, ...around, levels, row, numbers: names }, tables: integers }
}

const isCopyOf = ({ taps, weights }: Resampling): boolean => taps === 1 && weights.every((weight) => weight === 1)

/** The bits of weights, rounded to float32. */
const bitsOf = (weights: Float64Array): Int32Array => new Int32Array(Float32Array.from(weights).buffer)

/** Of each tap the bytes to its cell, and its weight. */
function entriesOf({ cells, weights }: Resampling, step: number): Int32Array {
  const bits = bitsOf(weights)
  const entries = new Int32Array(2 * cells.length)
  for (let tap = 0; tap < cells.length; tap++) {
    entries[2 * tap] = cells[tap] * step
    entries[2 * tap + 1] = bits[tap]
  }
  return entries
}

/** An axis whose cells are a few elements side by side, as an axis of elements. */
function sideBySide(axis: Resampling, inner: number): Resampling {
  if (inner === 1) return axis
  const { input, taps } = axis
  const cells = new Int32Array(axis.cells.length * inner)
  const weights = new Float64Array(cells.length)
  let to = 0
  for (let begin = 0; begin < axis.cells.length; begin += taps) {
    for (let element = 0; element < inner; element++) {
      for (let tap = begin; tap < begin + taps; tap++, to++) {
        cells[to] = axis.cells[tap] * inner + element
        weights[to] = axis.weights[tap]
      }
    }
  }
  return { input: input * inner, taps, cells, weights }
}

/** How far a cell is above a place in bytes, four times over: which bytes of four neighbours to pick, the lowest first. */
const PICK = FLOAT * 0x01010101
const PICK_FIRST = 0x03020100

function planRow(axis: Resampling, tables: Tables): ResizeRow {
  const { input, taps, cells, weights } = axis
  const bits = bitsOf(weights)
  const outputs = outputsOf(axis)
  const lanes = Math.min(LANES, outputs)
  const groups = Math.ceil(outputs / LANES)
  // The last vector may overlap the one before.
  const firstOf = (group: number): number => Math.min(group * LANES, outputs - lanes)
  const placeOf = (group: number, tap: number, lane: number): number =>
    (firstOf(group) + Math.min(lane, lanes - 1)) * taps + tap
  /** The first of four neighbours among which the cells of some taps are; -1 where there are none. */
  const windowOf = (group: number, first: number, last: number): number => {
    let [low, high] = [Math.max(0, input - LANES), 0]
    for (let tap = first; tap <= last; tap++) {
      for (let lane = 0; lane < lanes; lane++) {
        const cell = cells[placeOf(group, tap, lane)]
        low = Math.min(low, cell)
        high = Math.max(high, cell)
      }
    }
    return high < low + LANES && low + LANES <= input ? low : -1
  }
  const all = multiples(groups, 1)
  const isShared = all.every((group) => windowOf(group, 0, taps - 1) >= 0)
  const isNear = isShared || all.every((group) => multiples(taps, 1).every((tap) => windowOf(group, tap, tap) >= 0))
  const isCopy = isCopyOf(axis)
  const entries = new Int32Array(groups * (1 + taps * ((isNear ? 1 : 0) + LANES + (isCopy ? 0 : LANES))))
  let to = 0
  for (const group of all) {
    entries[to++] = firstOf(group) * FLOAT
    for (let tap = 0; tap < taps; tap++) {
      const window = isShared ? windowOf(group, 0, taps - 1) : isNear ? windowOf(group, tap, tap) : 0
      if (isNear) entries[to++] = window * FLOAT
      for (let lane = 0; lane < LANES; lane++) {
        const cell = cells[placeOf(group, tap, lane)] - window
        entries[to++] = isNear ? cell * PICK + PICK_FIRST : cell * FLOAT
      }
      if (!isCopy) for (let lane = 0; lane < LANES; lane++) entries[to++] = bits[placeOf(group, tap, lane)]
    }
  }
  return {
    ...{ taps, isCopy, isNear, isShared, lanes, entries: tables.list('row', entries) },
    groups: tables.number('groups', groups),
  }
}
