import { expect, it } from 'vitest'
import {
  agreeingSizes,
  compare,
  conventionOf,
  emptyWindows,
  parseSetting,
  phase,
  receptiveField,
  SamepadError,
  solve,
  symmetricRecipe,
  transposedOutputs,
} from '../../src/geometry.ts'

const of = parseSetting

it.each<[string, () => unknown, string]>([
  [
    'a layer that refuses its input',
    () => phase([of('tf k3 s2 same'), of('pytorch k9')], 12),
    'phase: layer 1 must take its input (no window fits into the padded input), got 6',
  ],
  [
    'a transposed layer in a receptive field',
    () => receptiveField([of('tf transposed k3 s2 same')], 4),
    "receptiveField: every layer must be a convolution or a pooling, got 'convTranspose'",
  ],
  [
    'outputs of a convolution',
    () => transposedOutputs(of('tf k3 s2 same'), 4),
    "transposedOutputs: the operation must be convTranspose, got 'conv'",
  ],
  [
    'empty windows of a transposed convolution',
    () => emptyWindows(of('tf transposed k3 s2 same')),
    "emptyWindows: the operation must slide a window forward, got 'convTranspose'",
  ],
  [
    'a recipe for a refused input',
    () => symmetricRecipe(of('pytorch k3 s2 same'), 8),
    'symmetricRecipe: the setting must take its input (not supported for strided convolutions), got 8',
  ],
  [
    'a recipe for reflected padding',
    () => symmetricRecipe(of('pytorch k3 same reflect'), 8),
    "symmetricRecipe: the layer must be a forward one that pads with nothing or zeros, got 'pytorch.same'",
  ],
  [
    'a recipe for counted padding',
    () => symmetricRecipe(of('timm avgpool k3 s2 same'), 8),
    "symmetricRecipe: the layer must be a forward one that pads with nothing or zeros, got 'timm.avg-pool.same'",
  ],
  [
    'a recipe for negative padding',
    () => symmetricRecipe(of('tensorrt k1 s4 same_upper'), 8),
    "symmetricRecipe: the layer must be a forward one that pads with nothing or zeros, got 'tensorrt.same-upper'",
  ],
  [
    'strides beyond reason',
    () => agreeingSizes(new Array(9).fill({ kernel: 3, stride: 7, dilation: 1 }), 224),
    'agreeingSizes: the product of the strides must be at most 10000000, got 40353607',
  ],
  [
    'a fraction of a cell',
    () => solve(of('tf k3 same'), 1.5),
    'solve: input must be an integer of at least 1, got 1.5',
  ],
  [
    'a text for an input',
    () => solve(of('tf k3 same'), '8' as never),
    "solve: input must be an integer of at least 1, got '8'",
  ],
  [
    'no setting',
    () => compare(of('tf k3 same'), {} as never),
    'setting: kernel must be an integer of at least 1, got undefined',
  ],
  [
    'a text for a setting',
    () => compare('tf k3 same' as never, of('tf k3 same')),
    "setting: a setting must be an object (parseSetting makes one of a text), got 'tf k3 same'",
  ],
  [
    'half a pair of pads',
    () => solve({ ...of('onnx k3 p1'), pads: [1] as never }, 5),
    'setting: pads must be two integers, begin and end, got [1]',
  ],
  [
    'a layer without a dilation',
    () => agreeingSizes([{ kernel: 3, stride: 2 } as never], 5),
    'setting: dilation must be an integer of at least 1, got undefined',
  ],
  [
    'no size to be near',
    () => agreeingSizes([{ kernel: 3, stride: 2, dilation: 1 }], 0),
    'agreeingSizes: near must be an integer of at least 1, got 0',
  ],
  [
    'strides that share nothing',
    () => compare(of('tf k3 s1009 same'), of('pytorch k3 s997 p1')),
    'compare: kernels and strides must leave at most 1000000 inputs to look at, got 4031948',
  ],
  [
    'an unknown id',
    () => conventionOf('caffe.same'),
    "conventions: the convention must be one of the known ids, got 'caffe.same'",
  ],
])('%s', (_, call, message) => {
  expect(call).toThrow(SamepadError)
  expect(call).toThrow(message)
})

it('dropping more outputs than there are is refused', () => {
  expect(solve(of('onnx k3 p0 drop5'), 4)).toEqual({ rejected: 'more outputs are dropped than there are' })
  expect(compare(of('pytorch k2 s4 p0 pad3,2 drop2'), of('pytorch k2 s4 p1 drop2 trim')).smallest?.input).toBe(5)
})

it('over-padding makes the windows that ceilMode makes', () => {
  expect(symmetricRecipe(of('onnx maxpool k3 s4 d2 p0 ceil'), 20)).toEqual({ pad: 4, drop: 1, keep: 5 })
})
