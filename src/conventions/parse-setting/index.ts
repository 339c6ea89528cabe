import type { Setting } from '../setting.ts'
import type { Groups } from '../spell/layer.ts'
import { fault } from './fault.ts'
import { joined, prepared, readLayer, type Unsaid } from './read-layer.ts'
import { settle } from './settle.ts'
import { itemsOf } from './syntax.ts'

export { parseChains, type WrittenLayer } from './chains.ts'
export { formatSetting } from './format.ts'
export type { Unsaid } from './read-layer.ts'

/**
 * Reads a layer as people write it: in words, `pytorch k3 s2 p1`, `tf k3x5 s2x1 same`, `onnx k3 s2 SAME_LOWER`,
 * `ort@1.12 transposed k3 s2 same_upper`, with names, `pytorch kernel_size=3 stride=2 padding=1`, or as it stands in a
 * program, `nn.Conv2d(3, 64, 7, stride=2, padding=3)`, `Conv(kernel_shape=[3, 3], auto_pad=SAME_UPPER)`.
 *
 * In words, the first one is a framework, perhaps with `@version`, or the id of a convention. Then, in any order: the
 * operation (`conv` unless said), `k` kernel, `s` stride (for pools the kernel unless said), `d` dilation, the
 * framework's word for the padding or `p` for numbers: `p1`, `p0,1` begin and end. Axes are separated by `x`, outermost
 * first: `k3x5`, `p1,0x0,2`. `pad0,1` pads a copy beforehand, as `F.pad` does; `drop1`, `cut1` and `trim` cut outputs off
 * afterwards: the first one, the last one, and those beyond ceil(input / stride); `every2` keeps every second of them.
 *
 * In programs, calls of PyTorch, Keras, TensorFlow, ONNX, JAX, Flax, TensorFlow.js, WebNN, Burn, MLX and candle are
 * understood. Words may stand beside them: the kernel where it is that of the weights, or another framework.
 *
 * @param text at most 20,000 characters; the time is proportional to the length
 * @returns the setting of every axis
 * @throws SamepadError on a word that says nothing, a missing kernel, padding that the framework does not have, and axes
 * that differ (`parseSettings` takes them)
 */
export function parseSetting(text: string): Setting {
  const settings = parseSettings(text)
  const [first] = settings
  if (settings.every((setting) => formatted(setting) === formatted(first))) return first
  throw fault('all axes must have the same sizes here', text.trim())
}

/** The same for axes that may differ: one setting for each of them, or one where it holds for any number of axes. */
export function parseSettings(text: string, unsaid: Unsaid = {}): readonly Setting[] {
  if (typeof text !== 'string') throw fault('a setting must be a text', text)
  const items = prepared(itemsOf(text))
  return settle(readLayer(items, unsaid), joined(items))
}

/** How many axes the layer in a text has, where a name in it tells: 1 of `nn.Conv1d(8, 8, 3)`, undefined of `tf k3 s2`. */
export function axesIn(text: string): number | undefined {
  return readLayer(prepared(itemsOf(text)), {}).rank
}

/** How many groups the layer in a text splits its channels into, where it says so: 4 of `nn.Conv2d(8, 8, 3, groups=4)`. */
export function groupsIn(text: string): Groups | undefined {
  const { groups, isDepthwise } = readLayer(prepared(itemsOf(text)), {})
  return groups ?? (isDepthwise ? 'depthwise' : undefined)
}

const formatted = (setting: Setting): string => JSON.stringify(setting)
