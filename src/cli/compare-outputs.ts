import type { Outputs } from './onnxruntime.ts'

/** How far one output of a second run is from that of the first. */
export interface OutputDifference {
  readonly name: string
  readonly dims: readonly number[]
  readonly equal: boolean
  /** Undefined where the shapes differ. */
  readonly largest: number | undefined
  /** The largest value of the first run's output, without its sign. */
  readonly scale: number
}

/**
 * Holds what two models computed of the same inputs against each other: of each output, on the input where they lie
 * farthest apart. Outputs of other names are taken in their order.
 *
 * @param tolerance how far they may differ, as a share of the first one's largest value
 */
export function compareRuns(
  first: readonly Outputs[],
  second: readonly Outputs[],
  tolerance: number,
): OutputDifference[] {
  const runs = first.map((outputs, index) => compareOutputs(outputs, second[index], tolerance))
  return runs[0].map((_, output) => runs.map((run) => run[output]).reduce(worse))
}

const worse = (a: OutputDifference, b: OutputDifference): OutputDifference => (apart(b) > apart(a) ? b : a)
const apart = ({ largest, scale, equal }: OutputDifference): number =>
  equal ? 0 : largest === undefined ? Number.POSITIVE_INFINITY : largest / (scale || Number.MIN_VALUE)

function compareOutputs(first: Outputs, second: Outputs, tolerance: number): OutputDifference[] {
  const others = Object.values(second)
  return Object.entries(first).map(([name, one], index) => {
    const other = Object.hasOwn(second, name) ? second[name] : others[index]
    let [largest, scale] = [0, 0]
    const isAlike = other && String(one.dims) === String(other.dims)
    for (let at = 0; isAlike && at < one.data.length; at++) {
      const [a, b] = [Number(one.data[at]), Number(other.data[at])]
      if (Number.isFinite(a)) scale = Math.max(scale, Math.abs(a))
      // What is no number, or has no end, is alike where both have it.
      if (!Object.is(a, b))
        largest = Math.max(largest, Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b))
    }
    const equal = Boolean(isAlike) && largest <= tolerance * scale
    return { name, dims: one.dims, equal, largest: isAlike ? largest : undefined, scale }
  })
}
