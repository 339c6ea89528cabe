import { type Comparison, compare } from '../analysis/compare.ts'
import { horizonOf, modulusOf } from '../analysis/horizon.ts'
import { Remembered } from '../analysis/remembered.ts'
import { staticPadding } from '../analysis/static-padding.ts'
import { type Setting, strideOf } from '../conventions/setting.ts'
import { effectiveKernel, type Pads, SamepadError } from '../geometry/index.ts'

// Decisions over all sizes, as far as a moment is enough for them. A file may ask for any kernel, any stride and any pads:
// what would take longer is not decided, and nothing is said of it.

/** Taps read at the edges of one size. */
const MOST_TAPS = 10_000_000
/** Taps read for a decision over all sizes: few of them are looked at, unless a `Pad` makes each edge a case. */
const [MOST_READ, MOST_READ_PADDED] = [200_000_000, 10_000_000]
/** Sizes that a decision over all of them looks at. */
const MOST_SIZES = 5000
const LARGEST_STRIDE = 4096
/** What staticPadding is asked about: it compares once for each cell of a stride. */
const [LARGEST_STATIC_STRIDE, LARGEST_STATIC_KERNEL] = [64, 256]

/** A maximum as the convolution with its windows: of padding it tells nothing. */
export const withoutMaximum = (setting: Setting): Setting =>
  setting.op === 'maxPool' ? { ...setting, op: 'conv' } : setting

/** Taps of the windows that reach over an edge. */
function tapsAtEdges(setting: Setting): number {
  const { kernel, stride, pads = [0, 0], padded = [0, 0] } = setting
  const reach = [...pads, ...padded].reduce((sum, cells) => sum + Math.abs(cells), effectiveKernel(setting))
  return (reach / stride + 2) * kernel
}

/** Whether a window can be looked at, at any one size. */
export function isManageable(setting: Setting): boolean {
  const { outputPadding = 0, outputShape = 0, drop = 0, cut = 0 } = setting
  return (
    tapsAtEdges(setting) <= MOST_TAPS &&
    Math.max(strideOf(setting), outputPadding) <= LARGEST_STRIDE &&
    Math.max(outputShape, drop, cut) <= 2 ** 31
  )
}

/** Taps read for all decisions of one network together, about half a second: a file may have another window at each node. */
const MOST_READ_IN_ALL = 2_000_000_000
let left = MOST_READ_IN_ALL

/** Begins to count what decisions read, with each network that is looked at. */
export function beginDecisions(): void {
  left = MOST_READ_IN_ALL
}

/** A comparison has a few numbers for each residue. */
const known = new Remembered<Comparison | undefined>({ weigh: (found) => 512 + 256 * (found?.residues.length ?? 0) })

/** How two settings relate over all sizes; undefined where that takes too long, or they are no settings to compare. */
export function compared(a: Setting, b: Setting): Comparison | undefined {
  const sizes = horizonOf(a) + horizonOf(b) + 2 * modulusOf(a, b)
  const most = a.padded || b.padded ? MOST_READ_PADDED : MOST_READ
  const read = sizes * (tapsAtEdges(a) + tapsAtEdges(b))
  if (sizes > MOST_SIZES || read > Math.min(most, left)) return undefined
  return known.get(JSON.stringify([a, b]), () => {
    left -= read
    return attempt(() => compare(a, b))
  })
}

/** Sizes that stand for all residues, or for as many as a moment is enough for. */
const MOST_SAMPLES = 64

/**
 * Sizes on which two settings relate as they do on a given one, and on every size where none is given: beyond the horizon
 * only the residue counts.
 */
export function sampleSizes(a: Setting, b: Setting, input: number | undefined): number[] {
  const [horizon, modulus] = [horizonOf(a) + horizonOf(b), modulusOf(a, b)]
  if (input === undefined)
    return Array.from({ length: Math.min(modulus, MOST_SAMPLES) }, (_, index) => horizon + 1 + index)
  return [input <= horizon + modulus ? input : horizon + 1 + ((input - horizon - 1) % modulus)]
}

/** The pads that serve a setting at every size, if there are such and they can be found in time. */
export function staticPads(setting: Setting): Pads | undefined {
  if (setting.stride > LARGEST_STATIC_STRIDE || effectiveKernel(setting) > LARGEST_STATIC_KERNEL) return undefined
  return attempt(() => staticPadding(setting).pads)
}

/** What an analysis says, undefined where it refuses what it is asked. */
export function attempt<T>(analysis: () => T): T | undefined {
  try {
    return analysis()
  } catch (error) {
    if (error instanceof SamepadError) return undefined
    throw error
  }
}
