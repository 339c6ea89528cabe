import type { Outputs } from './onnxruntime.ts'

/** How far one output of a second run is from that of the first. */
export interface OutputDifference {
  readonly name: string
  readonly dims: readonly number[]
  readonly equal: boolean
  /** Undefined where the shapes differ, or one of the models has no such output. */
  readonly largest: number | undefined
  /** The largest value of the first run's output, without its sign. */
  readonly scale: number
  /** The model that alone has this output; else undefined. */
  readonly only?: 'first' | 'second'
}

/**
 * Holds what two models computed of the same inputs against each other: of each output, on the input where they lie
 * farthest apart. Outputs of names that only one model has are paired in their order; those that are left over then differ.
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
  const [ownNames, otherNames] = [Object.keys(first), Object.keys(second)]
  const added = otherNames.filter((name) => !Object.hasOwn(first, name))
  const renamed = ownNames.filter((name) => !Object.hasOwn(second, name))
  return [
    ...ownNames.map((name) => {
      const other = Object.hasOwn(second, name) ? name : added[renamed.indexOf(name)]
      if (other === undefined) return alone(name, first[name], 'first')
      return { name, dims: first[name].dims, ...apartBy(first[name], second[other], tolerance) }
    }),
    ...added.slice(renamed.length).map((name) => alone(name, second[name], 'second')),
  ]
}

const alone = (name: string, { dims }: Outputs[string], only: 'first' | 'second'): OutputDifference => {
  return { name, dims, equal: false, largest: undefined, scale: 0, only }
}

function apartBy(
  one: Outputs[string],
  other: Outputs[string],
  tolerance: number,
): Pick<OutputDifference, 'equal' | 'largest' | 'scale'> {
  let [largest, scale] = [0, 0]
  const isAlike = String(one.dims) === String(other.dims)
  for (let at = 0; isAlike && at < one.data.length; at++) {
    const [a, b] = [Number(one.data[at]), Number(other.data[at])]
    if (Number.isFinite(a)) scale = Math.max(scale, Math.abs(a))
    // What is no number, or has no end, is alike where both have it.
    if (!Object.is(a, b)) largest = Math.max(largest, Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b))
  }
  return { equal: isAlike && largest <= tolerance * scale, largest: isAlike ? largest : undefined, scale }
}
