import { resolve, SamepadError } from '../geometry/index.ts'
import { checkChoice, checkOptions } from '../geometry/options.ts'
import { conv as referenceConv } from '../reference/conv.ts'
import { outputOf, type Problem } from '../reference/problem.ts'
import { allocate, inLayout, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { filledGeometry, fillPadding, type PaddingValues, paddingValues } from './fill-padding.ts'
import { checkBias, checkGroups, checkInput, checkWeights, type FilterOptions, filterNames } from './layer.ts'

/** Options of `conv`. */
export interface ConvOptions extends FilterOptions {
  /** What stands in the padding, not how much there is. Default: `'zeros'`. */
  readonly paddingMode?: PaddingValues | undefined
}

const STAGE = 'conv'

/**
 * Convolution over one to three spatial axes, as networks have it (the kernel is not flipped), with any stride,
 * dilation, groups and padding together. `'same'` is worked out from the input that arrives.
 *
 * @param input `[batch, in, ...spatial]`, or `[batch, ...spatial, in]` with `layout: 'nhwc'`
 * @param weights `[out, in / groups, ...kernel]` in either layout; groups = in makes it depthwise
 * @returns `[batch, out, ...spatial]` in the input's layout
 * @throws SamepadError when sizes do not fit each other, and whatever `resolve` throws
 */
export function conv(input: TensorLike, weights: TensorLike, options: ConvOptions = {}): Tensor {
  checkOptions(STAGE, options, [...filterNames, 'paddingMode'])
  const { strides, dilations, padding, paddingMode = 'zeros' } = options
  checkChoice(STAGE, 'paddingMode', paddingMode, paddingValues)
  const x = checkInput(STAGE, input, options)
  const w = checkWeights(STAGE, weights, x)
  const [outChannels, inGroup, ...kernel] = w.shape
  const groups = checkGroups(STAGE, options.groups, { 'input channels': x.channels, 'output channels': outChannels })
  if (inGroup * groups !== x.channels) {
    throw new SamepadError(STAGE, `weights.shape[1] must be input channels / groups = ${x.channels / groups}`, inGroup)
  }
  const bias = checkBias(STAGE, options.bias, outChannels)
  const geometry = resolve({ op: 'conv', input: x.spatial, kernel, strides, dilations, padding })

  const { batch, channels: inChannels, layout } = x
  const problem: Problem = { geometry, batch, inChannels, outChannels, groups, layout }
  const output = allocate(STAGE, 'output', inLayout(outputOf(problem), layout))
  if (paddingMode === 'zeros') {
    referenceConv(problem, x.data, w.data, bias, output.data)
  } else {
    const filled = fillPadding(STAGE, x, geometry, paddingMode)
    referenceConv({ ...problem, geometry: filledGeometry(geometry) }, filled.data, w.data, bias, output.data)
  }
  return output
}
