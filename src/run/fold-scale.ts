import type { Filter, Problem } from '../reference/problem.ts'

/** What the weights of a layer are split into. */
export interface FilterSizes extends Pick<Problem, 'inChannels' | 'outChannels' | 'groups'> {
  readonly kernel: readonly number[]
}

/**
 * A filter whose sums are those of another one, times a number for each output channel, plus another one: each weight and
 * bias is computed in float64 and rounded once, the same on every machine.
 */
export function folded(
  filter: Filter,
  { inChannels, outChannels, groups, kernel }: FilterSizes,
  scale: Float32Array | undefined,
  shift: Float32Array | undefined,
): Filter {
  const bias = new Float32Array(outChannels)
  for (let out = 0; out < outChannels; out++) {
    const scaled = filter.bias ? filter.bias[out] * (scale?.[out] ?? 1) : 0 // not 0 times a scale that is infinite
    bias[out] = scaled + (shift?.[out] ?? 0)
  }
  if (!scale) return { ...filter, bias }
  const { steps } = filter
  const weights = filter.weights.slice()
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  const taps = kernel.reduce((product, size) => product * size, 1)
  for (let out = 0; out < outChannels; out++) {
    const first = Math.floor(out / outGroup) * steps.group + (out % outGroup) * steps.out
    for (let channel = 0; channel < inGroup; channel++) {
      for (let tap = 0; tap < taps; tap++) weights[first + channel * steps.in + tap * steps.tap] *= scale[out]
    }
  }
  return { ...filter, weights, bias }
}
