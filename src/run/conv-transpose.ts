import { resolve, SamepadError, type TransposedOptions } from '../geometry/index.ts'
import { checkOptions } from '../geometry/options.ts'
import { convTranspose as referenceConvTranspose } from '../reference/conv-transpose.ts'
import { outputOf, type Problem } from '../reference/problem.ts'
import { allocate, inLayout, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { checkBias, checkGroups, checkInput, checkWeights, type FilterOptions, filterNames } from './layer.ts'

/** Options of `convTranspose`. */
export interface ConvTransposeOptions extends FilterOptions, TransposedOptions {}

const STAGE = 'convTranspose'

/**
 * Transposed convolution over one to three spatial axes: the adjoint of `conv` with the same padding, which leads from
 * this output back to the input. Padding is cropped from the full result; `'same'` gives output = input * stride,
 * whatever the kernel. With an `outputPadding` of the stride or more (allowed below the dilation) `conv` has more
 * windows than the input has cells, and this is the adjoint of the first ones.
 *
 * @param input `[batch, in, ...spatial]`, or `[batch, ...spatial, in]` with `layout: 'nhwc'`
 * @param weights `[in, out / groups, ...kernel]` in either layout
 * @returns `[batch, out, ...spatial]` in the input's layout
 * @throws SamepadError when sizes do not fit each other, and whatever `resolve` throws
 */
export function convTranspose(input: TensorLike, weights: TensorLike, options: ConvTransposeOptions = {}): Tensor {
  checkOptions(STAGE, options, [...filterNames, 'outputPadding', 'outputShape'])
  const { strides, dilations, padding, outputPadding, outputShape } = options
  const x = checkInput(STAGE, input, options)
  const w = checkWeights(STAGE, weights, x)
  const [inChannels, outGroup, ...kernel] = w.shape
  if (inChannels !== x.channels) {
    throw new SamepadError(STAGE, `weights.shape[0] must be the ${x.channels} input channels`, inChannels)
  }
  const groups = checkGroups(STAGE, options.groups, { 'input channels': inChannels })
  const outChannels = outGroup * groups
  const bias = checkBias(STAGE, options.bias, outChannels)
  const sizes = { input: x.spatial, kernel, strides, dilations, padding, outputPadding, outputShape }
  const geometry = resolve({ op: 'convTranspose', ...sizes })

  const { batch, layout } = x
  const problem: Problem = { geometry, batch, inChannels, outChannels, groups, layout }
  const output = allocate(STAGE, 'output', inLayout(outputOf(problem), layout))
  referenceConvTranspose(problem, x.data, w.data, bias, output.data)
  return output
}
