import type { Geometry } from '../../geometry/index.ts'
import { checkChoice } from '../../geometry/options.ts'
import type { Layout } from '../../tensor/tensor.ts'
import { frameworkOf } from '../rows/index.ts'
import { argumentsIn, type Framework, type FrameworkArguments, frameworks } from './arguments.ts'
import { jax } from './jax.ts'
import { keras } from './keras.ts'
import { checkGeometry, checkLayer, type SpelledLayer, type SpellOptions } from './layer.ts'
import { onnx } from './onnx.ts'
import { pytorch } from './pytorch.ts'
import { tensorflow } from './tensorflow.ts'
import { tfjs } from './tfjs.ts'
import { webnn } from './webnn.ts'

export { type AnySizeOptions, anySizeNodes, spellAnySize } from './any-size/index.ts'
export { type Framework, type FrameworkArguments, frameworks } from './arguments.ts'
export type { Groups, SpellOptions } from './layer.ts'
export { type OnnxConstant, type OnnxNode, onnxNodes } from './onnx.ts'
export { type Spellable, spellable } from './spellable.ts'
export { type WeightsOrder, weightsOrders } from './weights.ts'

/** A framework's writer, and the layout of tensors that is its own. */
interface Writer {
  readonly write: (layer: SpelledLayer) => string
  readonly layout: Layout
}

const writers: Readonly<Record<Framework, Writer>> = {
  pytorch: { write: pytorch, layout: 'nchw' },
  tensorflow: { write: tensorflow, layout: 'nhwc' },
  keras: { write: keras, layout: 'nhwc' },
  jax: { write: jax, layout: 'nchw' },
  onnx: { write: onnx, layout: 'nchw' },
  tfjs: { write: tfjs, layout: 'nhwc' },
  webnn: { write: webnn, layout: 'nchw' },
}

/** Frameworks whose layers are written as those of another one. */
const runtimes: Readonly<Record<string, Framework>> = { onnxruntime: 'onnx', 'onnxruntime-web': 'onnx', flax: 'jax' }

/** The framework that a word means, in any of its spellings: `torch` is `pytorch`; undefined where there is no writer. */
export function spelledFramework(word: string): Framework | undefined {
  const key = frameworkOf(word)
  if (key === undefined) return undefined
  return frameworks.find((one) => one === key) ?? (Object.hasOwn(runtimes, key) ? runtimes[key] : undefined)
}

/** The framework, checked, in any of its spellings. */
function checkFramework(stage: string, framework: unknown): Framework {
  const known = typeof framework === 'string' ? spelledFramework(framework) : undefined
  return known ?? checkChoice(stage, 'the framework', framework, frameworks)
}

/**
 * Writes a resolved operation as code of a framework that computes the same: the function `layer(x, weight, bias)` in
 * Python or JavaScript, poolings `layer(x)`, or ONNX nodes from `x`, `weight` and `bias` to `y`. JavaScript functions
 * take the library (`tf`) or the `builder` before that.
 *
 * The numbers in the code are the geometry's, so it holds for this size of input only. Weights are samepad's,
 * `[out, in / groups, ...kernel]` or transposed `[in, out / groups, ...kernel]`, in every framework. The same means the
 * same sums, in the framework's own order and precision; and for finite values, since some code multiplies by zeros.
 *
 * @param geometry what `resolve` returned, with one to three axes
 * @param options groups and bias of a convolution, `countIncludePad` of an average, and the layout of `x` and the result
 * @throws SamepadError on an unknown framework or option, and on a pooling with a window that sees only padding
 */
export function spell(geometry: Geometry, framework: Framework | (string & {}), options: SpellOptions = {}): string {
  const { write, layout } = writers[checkFramework('spell', framework)]
  return write(checkLayer('spell', geometry, options, layout))
}

/**
 * The numbers of a geometry under a framework's argument names and in its order, without the code around them. No call
 * need take them all together: that is what `spell` is for. Where `ceilMode` made the windows, the end pads are those
 * with which rounding down gives as many. On a transposed convolution the pads are cropped.
 *
 * @throws SamepadError as `spell` does
 */
export function argumentsOf(geometry: Geometry, framework: Framework | (string & {})): FrameworkArguments {
  const known = checkFramework('argumentsOf', framework)
  return argumentsIn(known, checkGeometry('argumentsOf', geometry))
}
