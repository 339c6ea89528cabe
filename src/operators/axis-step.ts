import { gcd } from '../geometry/integers.ts'
import type { Call } from './call.ts'

// How an operator moves cells along one axis.

/** Input cells as a fraction in lowest terms: behind transposed convolutions and resizes steps are no whole cells. */
export interface Fraction {
  readonly over: number
  readonly under: number
}

/** Larger numbers are no network's. */
const MOST = 2 ** 31

/** A fraction in lowest terms; undefined where it is none, or of large numbers. */
export function fraction(over: number, under: number): Fraction | undefined {
  if (!Number.isSafeInteger(over) || !Number.isSafeInteger(under) || over < 1 || under < 1) return undefined
  const common = gcd(over, under)
  return over / common > MOST || under / common > MOST ? undefined : { over: over / common, under: under / common }
}

export const quotient = ({ over, under }: Fraction): number => over / under

/**
 * How cells of an output lie over those of the input that they are made of, in cells of that input: output o is made of
 * the cells from o * jump + first to o * jump + first + reach.
 */
export interface AxisStep {
  /** Input cells from one output to the next. */
  readonly jump: Fraction
  /** The middle of what output 0 is made of; undefined where it is not known. */
  readonly centre: number | undefined
  /** The first cell that output 0 is made of. */
  readonly first: number | undefined
  /** Cells from the first to the last one. */
  readonly reach: number
  /** Why the size of the output may not grow by one for each `jump` cells of the input, if that is so. */
  readonly irregular?: string | undefined
  /** Why outputs lie otherwise over the cells further on, or in a picture of another size, if that is so. */
  readonly uneven?: string | undefined
}

const unit: Fraction = { over: 1, under: 1 }

/** Cells added in front, or taken away. */
export const padStep = (begin: number | undefined): AxisStep => {
  const at = begin === undefined ? undefined : 0 - begin
  return { jump: unit, centre: at, first: at, reach: 0 }
}

/** Every so many cells, from one of them on; `bounded` where the file says at which cell it stops. */
export function sliceStep(start: number | undefined, step: number, bounded: boolean): AxisStep | undefined {
  const jump = fraction(step, 1)
  const irregular = bounded ? 'keeps a number of cells that is written in the file' : undefined
  return jump && { jump, centre: start, first: start, reach: 0, irregular }
}

/** Blocks of cells become channels. */
export function blockStep(block: number): AxisStep | undefined {
  const jump = fraction(block, 1)
  return jump && { jump, centre: (block - 1) / 2, first: 0, reach: block - 1 }
}

/** Channels become blocks of cells: each of a block is made of one cell. */
export function unblockStep(block: number): AxisStep | undefined {
  const jump = fraction(1, block)
  return jump && sampled(jump, (output) => [Math.floor(output / block)])
}

/** The longest period of a resize that is looked at cell by cell. */
const MOST_PERIOD = 4096

/**
 * Outputs that are made of samples of the input.
 *
 * @param jump input cells from one output to the next
 * @param cells the cells that an output is made of, of equal weight on average
 */
function sampled(jump: Fraction, cells: (output: number) => readonly number[]): AxisStep | undefined {
  if (jump.under > MOST_PERIOD) return undefined
  let [sum, first, last] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let output = 0; output < jump.under; output++) {
    const own = cells(output).map((cell) => cell - (output * jump.over) / jump.under)
    sum += own.reduce((total, one) => total + one, 0) / own.length
    first = Math.min(first, ...own)
    last = Math.max(last, ...own)
  }
  return { jump, centre: sum / jump.under, first, reach: last - first }
}

/** Where output o lies in the input, by ONNX's names; scale is output cells for each input cell. */
const coordinates: Readonly<Record<string, (output: number, jump: number) => number>> = {
  half_pixel: (output, jump) => (output + 0.5) * jump - 0.5,
  half_pixel_symmetric: (output, jump) => (output + 0.5) * jump - 0.5,
  pytorch_half_pixel: (output, jump) => (output + 0.5) * jump - 0.5,
  tf_half_pixel_for_nn: (output, jump) => (output + 0.5) * jump,
  asymmetric: (output, jump) => output * jump,
  align_corners: (output, jump) => output * jump,
}

const roundings: Readonly<Record<string, (place: number) => number>> = {
  round_prefer_floor: (place) => Math.ceil(place - 0.5),
  round_prefer_ceil: (place) => Math.floor(place + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
}

/** Cells on each side of a place that an interpolation reads. */
const supports: Readonly<Record<string, number>> = { linear: 1, cubic: 2 }

/** What Resize and Upsample do along one axis; undefined where that is not known. */
export function resizeStep(
  call: Call,
  scale: number | undefined,
  input: unknown,
  output: unknown,
): AxisStep | undefined {
  const isEarly = call.node.opType === 'Upsample' || call.opset < 11
  const text = (name: string, absent: string): string => call.attribute(name)?.string ?? absent
  const mode = text('mode', 'nearest')
  const kind = isEarly ? 'asymmetric' : text('coordinate_transformation_mode', 'half_pixel')
  const rounding = isEarly ? 'floor' : text('nearest_mode', 'round_prefer_floor')
  const isStretched = kind === 'align_corners'
  const sizes = typeof input === 'number' && typeof output === 'number' ? ([input, output] as const) : undefined
  const less = isStretched ? 1 : 0
  const exact = isStretched || scale === undefined ? undefined : dyadic(scale)
  const jump = exact ?? (sizes && fraction(sizes[0] - less, sizes[1] - less))
  const place = Object.hasOwn(coordinates, kind) ? coordinates[kind] : undefined
  if (!jump || !place) return undefined
  // With antialias a smaller picture is made of as many more cells.
  const spread = call.int('antialias') === 1 ? Math.max(1, quotient(jump)) : 1
  // PyTorch's rule puts the only cell that is left at the first one.
  const isAlone = kind === 'pytorch_half_pixel' && output === 1
  const at = (o: number): number => place(o, quotient(jump)) - (isAlone ? place(0, quotient(jump)) : 0)
  const step = sampled(jump, cellsOf(mode, spread, roundings[rounding] ?? Math.floor, at))
  const centre = mode === 'nearest' ? step?.centre : at(0)
  const irregular = exact ? undefined : 'resizes by no simple factor'
  return step && { ...step, centre, irregular, uneven: unevenBy(kind, scale, jump, sizes) }
}

/** Relative errors of float32 that are lost again when a quotient is rounded to float32. */
const LOST = 2 ** -25

/** Why a scale that is written puts outputs elsewhere than every `jump` cells. */
function unevenBy(
  kind: string,
  scale: number | undefined,
  jump: Fraction,
  sizes: readonly [input: number, output: number] | undefined,
): string | undefined {
  if (scale === undefined || kind === 'align_corners') return undefined
  if (Math.abs(Math.fround(scale) * quotient(jump) - 1) > LOST) return 'resizes by a factor that float32 rounds'
  if (kind !== 'half_pixel_symmetric' || (sizes && sizes[0] * scale === sizes[1])) return undefined
  return 'moves cells by what is left over where its size is rounded'
}

/** Less than this is rounding: a place so near to a cell lies on it. */
const HAIR = 1e-9

/** The cells that an output reads of a resized input: of all between them, the first and the last one. */
function cellsOf(
  mode: string,
  spread: number,
  round: (place: number) => number,
  place: (output: number) => number,
): (output: number) => readonly number[] {
  const support = Object.hasOwn(supports, mode) ? supports[mode] * spread : undefined
  return (output) => {
    const at = place(output)
    const nearest = Math.round(at)
    const isWhole = Math.abs(at - nearest) < HAIR
    if (support === undefined) return [round(isWhole ? nearest : at)]
    if (isWhole && spread === 1) return [nearest]
    // A place between two cells has as many of them on each side.
    return spread === 1
      ? [Math.ceil(at) - support, Math.floor(at) + support]
      : [Math.ceil(at - support), Math.floor(at + support)]
  }
}

/** Halves, quarters and whole numbers are exact in float32, so that sizes are too: input cells for each output cell. */
function dyadic(scale: number): Fraction | undefined {
  for (let under = 1; under <= 64; under *= 2) {
    if (Number.isInteger(scale * under)) return fraction(under, scale * under)
  }
  return undefined
}
