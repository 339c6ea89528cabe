import { numbers } from '../tensor/tensor.ts'

/** Where the cells lie that outputs of an axis are made of. */
export interface ResampledAxis {
  readonly input: number
  readonly output: number
  /** The input times the scale, which need not be an integer: how many cells lie as densely as outputs. */
  readonly length: number
  /** The scale where one was given, as float32: runtimes divide by it in float32, which decides between two cells as near. */
  readonly scale?: number | undefined
}

/** An output's place among the cells, which lie at 0, 1, 2, ... */
type Coordinate = (output: number, axis: ResampledAxis) => number

/** Cells and outputs are squares, and the first begins where the first output does. */
const halfPixel: Coordinate = (output, axis) => scaled(output + 0.5, axis) - 0.5
const scaled = (place: number, { input, length, scale }: ResampledAxis): number =>
  scale === undefined ? (place * input) / length : Math.fround(place / scale)

/** How far the first output moves so that the middle stays where it is; onnxruntime computes this in float32, what follows not. */
const middle = ({ input, output, length }: ResampledAxis): number =>
  Math.fround((input / 2) * Math.fround(1 - Math.fround(output / length)))

/** By their names in ONNX's Resize. */
export const coordinates = {
  half_pixel: halfPixel,
  /** The same, but that a single output lies on the first cell. */
  pytorch_half_pixel: (output, axis) => (axis.output > 1 ? halfPixel(output, axis) : 0),
  /** The same, but that the middle of the input stays in the middle where sizes were rounded. */
  half_pixel_symmetric: (output, axis) =>
    axis.scale === undefined ? halfPixel(output, axis) : Math.fround(middle(axis) + (output + 0.5) / axis.scale - 0.5),
  /**
   * The last output lies on the last cell, where a scale leads to an integer. Where it does not, ONNX's tests divide by the size
   * before it is rounded; PyTorch and onnxruntime divide by the rounded one, as with `sizes`.
   */
  align_corners: (output, { input, length }) => (length === 1 ? 0 : (output * (input - 1)) / (length - 1)),
  asymmetric: scaled,
  tf_half_pixel_for_nn: (output, axis) => scaled(output + 0.5, axis),
} as const satisfies Readonly<Record<string, Coordinate>>

/** By their names in ONNX's Resize. A place is in the middle of two cells if it is as near to it as `off`. */
export const roundings = {
  round_prefer_floor: (place, off) => Math.ceil(place - 0.5 - off),
  round_prefer_ceil: (place, off) => Math.floor(place + 0.5 + off),
  floor: Math.floor,
  ceil: Math.ceil,
} as const satisfies Readonly<Record<string, (place: number, off: number) => number>>

/** How far a division in float32 may take a place from the middle; onnxruntime (1.30) allows as much. */
const OFF = 1e-6

/** How a place between cells becomes a value. */
export interface Interpolation {
  readonly mode: 'nearest' | 'linear' | 'cubic'
  readonly coordinates: keyof typeof coordinates
  readonly nearest: keyof typeof roundings
  /** The factor of the cubic formula. */
  readonly cubicCoefficient: number
  /** Whether cells beyond the edge count nothing, and those that are there all; else they are what the cell at the edge is. */
  readonly excludeOutside: boolean
  /** Whether an axis that becomes smaller takes all cells that an output covers. */
  readonly antialias: boolean
}

/** Outputs of an axis that is resized, one after the other: each is the weighted sum of equally many cells. */
export interface Resampling {
  /** Cells of the axis. */
  readonly input: number
  readonly taps: number
  /** Of each output in turn. */
  readonly cells: Int32Array
  readonly weights: Float64Array
}

/** The weight of a cell at some distance, and the distance from which on it is 0. */
export const kernels: Readonly<
  Record<'linear' | 'cubic', { reach: number; weight: (distance: number, a: number) => number }>
> = {
  linear: { reach: 1, weight: (distance) => 1 - distance },
  cubic: {
    reach: 2,
    weight: (distance, a) =>
      distance <= 1
        ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
        : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a,
  },
}

/**
 * Which cells each output is made of, and how much of each.
 *
 * @param first of so many outputs following each other; all of them where nothing is said
 */
export function resample(axis: ResampledAxis, how: Interpolation, first = 0, outputs = axis.output): Resampling {
  return resampleAt((index) => coordinates[how.coordinates](first + index, axis), axis, how, outputs)
}

/** The same where each output lies at a place among the cells that is given. */
export function resampleAt(
  placeOf: (output: number) => number,
  axis: ResampledAxis,
  how: Interpolation,
  outputs = axis.output,
): Resampling {
  const found: CellShares = { cells: [], weights: [] }
  const ends = numbers('resize', 'the outputs of an axis', Int32Array, outputs)
  for (let index = 0; index < outputs; index++) {
    const place = placeOf(index)
    if (how.mode === 'nearest') addNearest(found, place, axis, how)
    else addShares(found, place, axis, how.mode, how)
    ends[index] = found.cells.length
  }
  return { input: axis.input, ...evened(found, ends) }
}

/** Cells, and how much of each counts: of one output after the other. */
interface CellShares {
  readonly cells: number[]
  readonly weights: number[]
}

const within = (cell: number, cells: number): number => Math.min(Math.max(cell, 0), cells - 1)

function addNearest(to: CellShares, place: number, { input, scale }: ResampledAxis, { nearest }: Interpolation): void {
  to.cells.push(within(roundings[nearest](place, scale === undefined ? 0 : OFF), input))
  to.weights.push(1)
}

/** Adds the cells around a place; what lies beyond an edge counts for the cell at the edge, or not at all. */
function addShares(
  { cells, weights }: CellShares,
  place: number,
  { input, length }: ResampledAxis,
  mode: 'linear' | 'cubic',
  { antialias, excludeOutside, cubicCoefficient }: Interpolation,
): void {
  const { reach, weight } = kernels[mode]
  const wide = antialias ? Math.max(1, input / length) : 1
  const begin = cells.length
  let sum = 0
  for (let cell = Math.ceil(place - reach * wide); cell <= place + reach * wide; cell++) {
    const share = weight(Math.abs(cell - place) / wide, cubicCoefficient)
    const at = within(cell, input)
    if (share === 0 || (excludeOutside && at !== cell)) continue
    sum += share
    const last = cells.length - 1
    if (last >= begin && cells[last] === at) weights[last] += share
    else {
      cells.push(at)
      weights.push(share)
    }
  }
  if (wide === 1 && !excludeOutside) return
  for (let index = begin; index < weights.length; index++) weights[index] /= sum
}

/**
 * The same with as many taps for each output: the last share is split by powers of two, which is exact. (A cell that counts 0
 * would make NaN of an infinity.)
 *
 * @param ends where the shares of each output end
 */
function evened({ cells, weights }: CellShares, ends: Int32Array): Omit<Resampling, 'input'> {
  let taps = 1
  for (let index = 0, begin = 0; index < ends.length; begin = ends[index++]) taps = Math.max(taps, ends[index] - begin)
  const listed = <T>(Kind: new (length: number) => T): T =>
    numbers('resize', 'the cells of an axis', Kind, taps * ends.length)
  const all = { taps, cells: listed(Int32Array), weights: listed(Float64Array) }
  for (let index = 0, begin = 0, to = 0; index < ends.length; begin = ends[index++]) {
    const last = ends[index] - 1
    for (let share = begin; share < last; share++, to++) {
      all.cells[to] = cells[share]
      all.weights[to] = weights[share]
    }
    const pieces = taps - (last - begin)
    const whole = 2 ** Math.floor(Math.log2(pieces))
    for (let piece = 0; piece < pieces; piece++, to++) {
      all.cells[to] = cells[last]
      all.weights[to] = weights[last] / (piece < 2 * whole - pieces ? whole : 2 * whole)
    }
  }
  return all
}
