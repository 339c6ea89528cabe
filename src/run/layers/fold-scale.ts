import type { Filter, Problem } from '../../reference/problem.ts'

/** What the weights of a layer are split into. */
export interface FilterSizes extends Pick<Problem, 'inChannels' | 'outChannels' | 'groups'> {
  readonly kernel: readonly number[]
}

/** The numbers that a layer was made with, before scale and shift were worked into weights and bias. */
export interface LearnedNumbers {
  /** Of the weights. */
  readonly shape: readonly number[]
  /** The layer's own filter where there is neither. */
  readonly plain: Filter
  readonly sizes: FilterSizes
  readonly scale: Float32Array | undefined
  readonly shift: Float32Array | undefined
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

/**
 * Gradients of weights, bias and scale from those of weights and bias into which a scale was worked: products lead back through
 * their factors.
 *
 * @param ofWeights in the order of the weights; becomes that of weights without the scale
 * @param sums those of the bias with the scale, which stay unless `bias` is the same array
 */
export function unfolded(
  { plain: { weights, bias, steps }, sizes, scale }: LearnedNumbers,
  ofWeights: Float32Array | undefined,
  sums: Float32Array | undefined,
  gradients: Readonly<Record<'scale' | 'bias', Float32Array | undefined>>,
): void {
  const { inChannels, outChannels, groups, kernel } = sizes
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  const taps = kernel.reduce((product, size) => product * size, 1)
  for (let out = 0; out < outChannels; out++) {
    const first = Math.floor(out / outGroup) * steps.group + (out % outGroup) * steps.out
    const factor = scale?.[out] ?? 1
    let sum = bias && sums ? bias[out] * sums[out] : 0
    for (let channel = 0; channel < inGroup && ofWeights; channel++) {
      for (let tap = 0; tap < taps; tap++) {
        const at = first + channel * steps.in + tap * steps.tap
        sum += weights[at] * ofWeights[at]
        ofWeights[at] *= factor
      }
    }
    if (gradients.scale) gradients.scale[out] = sum
    if (gradients.bias && sums) gradients.bias[out] = sums[out] * factor
  }
}
