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
  /** The last output lies on the last cell. */
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

/** An axis that is resized: each output is the weighted sum of equally many cells. */
export interface Resampling {
  readonly input: number
  readonly taps: number
  /** Of each output, one after the other. */
  readonly cells: readonly number[]
  readonly weights: readonly number[]
}

/** The weight of a cell at some distance, and the distance from which on it is 0. */
const kernels: Readonly<
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

/** A cell, and how much of it counts. */
type CellShare = readonly [cell: number, weight: number]

/** Which cells each output is made of, and how much of each. */
export function resample(axis: ResampledAxis, how: Interpolation): Resampling {
  const lists = Array.from({ length: axis.output }, (_, output): CellShare[] => {
    const place = coordinates[how.coordinates](output, axis)
    return how.mode === 'nearest'
      ? [[within(roundings[how.nearest](place, axis.scale === undefined ? 0 : OFF), axis.input), 1]]
      : sharesOf(place, axis, how.mode, how)
  })
  const taps = lists.reduce((most, { length }) => Math.max(most, length), 1)
  const shares = lists.flatMap((list) => evened(list, taps))
  return {
    ...{ input: axis.input, taps },
    cells: shares.map(([cell]) => cell),
    weights: shares.map(([, weight]) => weight),
  }
}

const within = (cell: number, cells: number): number => Math.min(Math.max(cell, 0), cells - 1)

/** The cells around a place; what lies beyond an edge counts for the cell at the edge, or not at all. */
function sharesOf(
  place: number,
  { input, length }: ResampledAxis,
  mode: 'linear' | 'cubic',
  { antialias, excludeOutside, cubicCoefficient }: Interpolation,
): CellShare[] {
  const { reach, weight } = kernels[mode]
  const wide = antialias ? Math.max(1, input / length) : 1
  const found: CellShare[] = []
  let sum = 0
  for (let cell = Math.ceil(place - reach * wide); cell <= place + reach * wide; cell++) {
    const share = weight(Math.abs(cell - place) / wide, cubicCoefficient)
    const at = within(cell, input)
    if (share === 0 || (excludeOutside && at !== cell)) continue
    const [last, before] = found[found.length - 1] ?? []
    if (last === at) found.pop()
    found.push([at, last === at ? before + share : share])
    sum += share
  }
  return wide === 1 && !excludeOutside ? found : found.map(([cell, share]) => [cell, share / sum])
}

/**
 * As many shares as there are taps: the last is split into halves, which are exact. (A cell that counts 0 would make NaN of an
 * infinity.)
 */
function evened(shares: CellShare[], taps: number): CellShare[] {
  while (shares.length < taps) {
    const [cell, weight] = shares[shares.length - 1]
    shares.splice(-1, 1, [cell, weight / 2], [cell, weight / 2])
  }
  return shares
}
