import { expect, it } from 'vitest'
import { groupsIn, parseSetting, spell, spellAnySize, spellable } from '../../src/geometry.ts'

it.each([
  ['nn.Conv2d(64, 64, 3, groups=64)', 64],
  ['nn.Conv2d(8, 8, 3, 2, 1, 1, 4)', 4],
  ['nn.Conv2d(8, 8, 3, groups=self.groups)', undefined],
  ['nn.Conv2d(8, 8, 3)', undefined],
  ["keras.layers.Conv2D(8, 3, padding='same', groups=2)", 2],
  ["tf.keras.layers.DepthwiseConv2D(3, 2, 'same')", 'depthwise'],
  ["tf.nn.depthwise_conv2d(x, w, strides=[1, 2, 2, 1], padding='SAME') k3", 'depthwise'],
  ["tf.layers.separableConv2d({ filters: 8, kernelSize: 3, padding: 'same' })", 'depthwise'],
  ['Conv(kernel_shape=[3, 3], group=4)', 4],
  ["jax lax.conv_general_dilated(x, w, (1, 1), 'SAME', feature_group_count=8) k3", 8],
  ['flax.linen.Conv(8, (3, 3), feature_group_count=8)', 8],
  ['mlx.nn.Conv2d(8, 8, 3, groups=4)', 4],
  ['builder.conv2d(x, w, { padding: [1, 1, 1, 1], groups: 4 }) k3', 4],
  ['Conv2dConfig::new([8, 8], [3, 3]).with_groups(4)', 4],
  ['candle_nn::conv2d(8, 8, 3, Conv2dConfig { padding: 1, groups: 4, ..Default::default() }, vb)', 4],
  ['pytorch k3 s2 p1 g4', 4],
  ['pytorch k3 s2 p1 groups=4', 4],
  ['tf depthwise k3 s2 same', 'depthwise'],
  ['tf depthwise k3 s2 same g32', 32],
  ['tf k3 s2 same', undefined],
])('the groups of %s', (text, groups) => {
  expect(groupsIn(text)).toBe(groups)
})

const [setting] = [parseSetting('tf k3 s2 same')]

it('a depthwise layer is the depthwise function of each framework that has one', () => {
  const code = (framework: string): string =>
    spellAnySize([setting, setting], framework as never, { groups: 'depthwise' })
  expect(code('tfjs')).toContain("tf.depthwiseConv2d(x, weight, [2, 2], 'valid')")
  expect(code('tensorflow')).toContain('tf.nn.depthwise_conv2d(x, weight, strides=(1, 2, 2, 1)')
  expect(code('keras')).toContain('ops.depthwise_conv(')
  expect(code('pytorch')).toContain('groups=in_channels')
  expect(code('jax')).toContain('feature_group_count=x.shape[1]')
  expect(code('webnn')).toContain('groups: x.shape[1]')
  expect(() => code('onnx')).toThrow(
    "code: ONNX needs the number of groups of a depthwise layer, such as g32 behind it, got 'depthwise'",
  )
  expect(spellAnySize([setting, setting], 'onnx', { groups: 32 })).toContain('group=32')
})

it('code of one size says the groups too', () => {
  const { geometry, options } = spellable([setting, setting], [8, 9])
  expect(spell(geometry, 'tfjs', { ...options, groups: 'depthwise' })).toContain('tf.depthwiseConv2d(')
  expect(spell(geometry, 'pytorch', { ...options, groups: 'depthwise' })).toContain('groups=x.shape[1]')
  expect(() => spell(geometry, 'pytorch', { groups: 'each' as never })).toThrow('groups must be')
})

it('a rule that takes no input is refused in the words of its framework', () => {
  expect(() => spellAnySize([parseSetting('pytorch k3 s2 same')], 'keras')).toThrow(
    "code: PyTorch must take some input; it refuses all: not supported for strided convolutions, got 'pytorch.same'",
  )
})
