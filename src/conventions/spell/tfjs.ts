import { channelsLast, type Words } from './channels-last.ts'
import { type CodeValue, javascript, joined, unless } from './language.ts'
import type { SpelledLayer } from './layer.ts'

const pools = { max: 'maxPool', average: 'avgPool' } as const
const reductions = { max: 'tf.max', average: 'tf.mean' } as const

const call = (name: string, ...given: (CodeValue | undefined)[]): string => {
  const last = given.findLastIndex((value) => value !== undefined)
  return `tf.${name}(${given
    .slice(0, last + 1)
    .map((value) => javascript.value(value ?? 'undefined'))
    .join(', ')})`
}

const VALID = "'valid'"

/**
 * Source: `tfjs-core/src/ops`. Poolings and transposed convolutions over one axis do not exist: they go through two.
 * Pads of a convolution may differ at begin and end only over two axes.
 */
const words: Words = {
  language: javascript,
  imports: [],
  library: ['tf'],
  padsItself: (rank) => rank === 2,
  poolsSame: true,
  permute: (x, order) => call('transpose', x, order),
  pad: (x, pads, value) => call('pad', x, pads, value === 0 ? undefined : '-Infinity'),
  conv: ({ strides, dilations, pads }) => {
    const rank = strides.length
    const sizes: CodeValue[] = rank === 1 ? [strides[0]] : [strides]
    const dilation = unless(1, dilations) && (rank === 1 ? dilations[0] : dilations)
    const layout = dilation && ["'NWC'", "'NHWC'", "'NDHWC'"][rank - 1]
    return call(`conv${rank}d`, 'x', 'weight', ...sizes, pads === 'same' ? "'same'" : (pads ?? VALID), layout, dilation)
  },
  convTranspose: ({ strides, size }) => {
    const rank = strides.length
    const shape = ['x.shape[0]', ...(rank === 1 ? [1] : []), ...size, `weight.shape[${rank}]`]
    if (rank > 1) return call(`conv${rank}dTranspose`, 'x', 'weight', shape, strides, VALID)
    const [x, weight] = [call('expandDims', 'x', 1), call('expandDims', 'weight', 0)]
    return call('squeeze', call('conv2dTranspose', x, weight, shape, [1, ...strides], VALID), [1])
  },
  pool: ({ kind, kernel, strides, padding }) => {
    if (kernel.length === 2) return call(pools[kind], 'x', kernel, strides, `'${padding}'`)
    if (kernel.length === 3) return call(`${pools[kind]}3d`, 'x', kernel, strides, `'${padding}'`)
    const wide = call(pools[kind], call('expandDims', 'x', 1), [1, ...kernel], [1, ...strides], `'${padding}'`)
    return call('squeeze', wide, [1])
  },
  poolTaps: ({ kind, dimension, axis, span }) => {
    const { kernel, dilation, stride } = axis
    const places = Array.from({ length: kernel }, (_, tap) => tap * dilation)
    const seen = `tf.range(t, t + ${span}, ${stride}, 'int32')`
    return `${reductions[kind]}(tf.stack([${places.join(', ')}].map((t) => tf.gather(x, ${seen}, ${dimension}))), 0)`
  },
  everyNth: (steps) => call('stridedSlice', 'x', [0, ...steps.map(() => 0), 0], 'x.shape', [1, ...steps, 1]),
  crop: (begins, sizes) => call('slice', 'x', [0, ...begins, 0], [-1, ...sizes, -1]),
  spread: ({ equation, places, size }) =>
    call('einsum', equation, 'weight', call('cast', call('oneHot', places, size), 'weight.dtype')),
  depthwise: ({ strides, dilations, pads }) => {
    if (strides.length !== 2) return undefined
    const dilation = unless(1, dilations)
    const padding = pads === 'same' ? "'same'" : VALID
    return call('depthwiseConv2d', 'x', 'weight', strides, padding, dilation && "'NHWC'", dilation)
  },
  reshape: (x, shape) => call('reshape', x, shape),
  inGroups: (groups, one) => [
    `const one = (x, weight) => ${one}`,
    `const weights = tf.split(weight, ${groups}, -1)`,
    `x = tf.concat(tf.split(x, ${groups}, -1).map((x, group) => one(x, weights[group])), -1)`,
  ],
  ones: (shape) => call('ones', shape),
  divide: (a, b) => call('div', a, b),
  withBias: 'x = bias ? tf.add(x, bias) : x',
}

export { words as tfjsWords }

/** TensorFlow.js 4, the functions of `@tensorflow/tfjs-core`. */
export function tfjs(layer: SpelledLayer): string {
  return joined(channelsLast(words, layer))
}
