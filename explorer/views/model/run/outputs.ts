import type { Tensor } from 'samepad'
import { type Pixels, rampAt } from '../../picture/paint.ts'
import type { PhotoSize } from './state.ts'

// How the outputs of two runs of a network differ, as the page shows it.

/** A value at a place of an output, in both runs. */
export interface Entry {
  readonly place: readonly number[]
  readonly values: readonly [own: number, other: number]
}

/** An output as a picture of cells. */
export interface OutputMap {
  readonly channels: number
  /** The first run, the second one, and how far apart they are in each cell. */
  readonly pixels: readonly [own: Pixels, other: Pixels, apart: Pixels]
  /** The values that are black and white in the first two. */
  readonly range: readonly [least: number, most: number]
  /** The difference that is brightest: the largest mean of a cell's channels. */
  readonly brightest: number
}

/** An output of both runs. */
export interface OutputReport {
  readonly name: string
  readonly shape: readonly number[]
  /** Of the first run. */
  readonly least: number
  readonly most: number
  /** The largest difference, and where it is. */
  readonly largest: number
  readonly at: Entry
  /** Of all values, how many differ at all: 0 to 1. */
  readonly share: number
  /** The entries that tell most: the largest values of a single row, else those that differ most. */
  readonly entries: readonly Entry[]
  readonly isRow: boolean
  readonly map: OutputMap | undefined
}

const SHOWN = 5 // entries

/** Holds one output of two runs against each other. Both have the same shape. */
export function compareOutput(name: string, own: Tensor, other: Tensor, photo: PhotoSize): OutputReport {
  const { data, shape } = own
  const apart = Float32Array.from(data, (value, at) => distance(value, other.data[at]))
  let [least, most, at, differing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (let index = 0; index < data.length; index++) {
    least = Math.min(least, data[index])
    most = Math.max(most, data[index])
    if (apart[index] > apart[at]) at = index
    if (apart[index] > 0) differing++
  }
  const entry = (index: number): Entry => ({
    place: placeOf(index, shape),
    values: [data[index], other.data[index]],
  })
  const isRow = data.length > 1 && shape[shape.length - 1] === data.length
  const shown = isRow ? [...new Set([...largestOf(data), ...largestOf(other.data)])] : largestOf(apart)
  return {
    ...{ name, shape, least, most, isRow },
    ...{ largest: apart[at] ?? 0, at: entry(at), share: differing / (data.length || 1) },
    entries: shown.map(entry),
    map: mapOf(own, other, apart, photo),
  }
}

/** What is no number in both is alike, in one is as far away as can be. */
function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0
  const apart = Math.abs(a - b)
  return Number.isNaN(apart) ? (Number.isNaN(a) && Number.isNaN(b) ? 0 : Number.POSITIVE_INFINITY) : apart
}

/** The places of the largest values, the largest first. */
function largestOf(data: Float32Array): number[] {
  const found: number[] = []
  for (let at = 0; at < data.length; at++) {
    if (found.length === SHOWN && !(data[at] > data[found[SHOWN - 1]])) continue
    const behind = found.findIndex((one) => data[at] > data[one])
    found.splice(behind < 0 ? found.length : behind, 0, at)
    found.length = Math.min(found.length, SHOWN)
  }
  return found
}

function placeOf(index: number, shape: readonly number[]): number[] {
  const place: number[] = []
  for (let rest = index, axis = shape.length - 1; axis >= 0; axis--) {
    place.unshift(rest % shape[axis])
    rest = Math.floor(rest / shape[axis])
  }
  return place
}

/** How an output's numbers lie as rows, columns and channels. */
interface Planes {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** From one cell to the next, and from one channel to the next. */
  readonly cell: number
  readonly channel: number
}

const LEAST = 4 // cells along a side of what is taken for a picture

/** An output of which two axes have the photo's form is a picture; undefined for all others. */
function planesOf(shape: readonly number[], photo: PhotoSize): Planes | undefined {
  if (shape[0] !== 1 || shape.length < 3 || shape.length > 4) return undefined
  const [, ...sizes] = shape
  const orders =
    sizes.length === 2
      ? [[0, 1, -1]]
      : [
          [1, 2, 0],
          [0, 1, 2],
        ]
  for (const [down, across, along] of orders) {
    const [height, width, channels] = [sizes[down], sizes[across], along < 0 ? 1 : sizes[along]]
    if (Math.min(height, width) < LEAST || !isLike([height, width], photo)) continue
    const isLast = along === 2
    return { height, width, channels, cell: isLast ? channels : 1, channel: isLast ? 1 : height * width }
  }
  return undefined
}

/** Whether two sizes have one form, as far as whole cells allow; one step of a network is as long on both axes. */
function isLike([height, width]: PhotoSize, photo: PhotoSize): boolean {
  const [down, across] = [photo[0] / height, photo[1] / width]
  return Math.abs(down - across) <= Math.max(down / width, across / height) + 1e-9
}

function mapOf({ data, shape }: Tensor, other: Tensor, apart: Float32Array, photo: PhotoSize): OutputMap | undefined {
  const planes = planesOf(shape, photo)
  if (!planes) return undefined
  const { channels } = planes
  const groups = channels === 3 ? [[0], [1], [2]] : [Array.from({ length: channels }, (_, channel) => channel)]
  const [own, second] = [data, other.data].map((values) => groups.map((group) => meansOf(values, planes, group)))
  const [distances] = [meansOf(apart, planes, groups.flat())]
  const all = [...own, ...second]
  const least = Math.min(...all.map((plane) => extreme(plane, Math.min)))
  const most = Math.max(...all.map((plane) => extreme(plane, Math.max)))
  const brightest = extreme(distances, Math.max)
  const level = (value: number): number => (most > least ? (255 * (value - least)) / (most - least) : 0)
  const painted = (means: readonly Float32Array[]): Pixels =>
    paint(planes, (cell) => [0, 1, 2].map((colour) => level((means[colour] ?? means[0])[cell])))
  const heat = paint(planes, (cell) => rampAt(brightest > 0 ? distances[cell] / brightest : 0))
  return { channels, pixels: [painted(own), painted(second), heat], range: [least, most], brightest }
}

function meansOf(
  values: Float32Array,
  { height, width, cell, channel }: Planes,
  group: readonly number[],
): Float32Array {
  return Float32Array.from({ length: height * width }, (_, at) => {
    let sum = 0
    for (const one of group) sum += values[at * cell + one * channel]
    return sum / group.length
  })
}

/** The least or most of the finite numbers. */
const extreme = (values: Float32Array, of: (a: number, b: number) => number): number =>
  values.reduce(
    (best, value) => (Number.isFinite(value) ? (Number.isNaN(best) ? value : of(best, value)) : best),
    Number.NaN,
  )

function paint({ height, width }: Planes, colour: (cell: number) => readonly number[]): Pixels {
  const data = new Uint8ClampedArray(4 * height * width)
  for (let cell = 0; cell < height * width; cell++) {
    data.set(colour(cell), 4 * cell)
    data[4 * cell + 3] = 255
  }
  return { width, height, data }
}
