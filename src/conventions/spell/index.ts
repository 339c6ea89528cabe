import type { Geometry } from '../../geometry/index.ts'
import { checkChoice } from '../../geometry/options.ts'
import type { Layout } from '../../tensor/tensor.ts'
import { argumentsIn, type Framework, type FrameworkArguments, frameworks } from './arguments.ts'
import { jax } from './jax.ts'
import { keras } from './keras.ts'
import { checkGeometry, checkLayer, type Layer, type SpellOptions } from './layer.ts'
import { onnx } from './onnx.ts'
import { pytorch } from './pytorch.ts'
import { tensorflow } from './tensorflow.ts'
import { tfjs } from './tfjs.ts'
import { webnn } from './webnn.ts'

export { type Framework, type FrameworkArguments, frameworks } from './arguments.ts'
export type { SpellOptions } from './layer.ts'
export { type OnnxConstant, type OnnxNode, onnxNodes } from './onnx.ts'
export { type Spellable, spellable } from './spellable.ts'

/** A framework's writer, and the layout of tensors that is its own. */
interface Writer {
  readonly write: (layer: Layer) => string
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
export function spell(geometry: Geometry, framework: Framework, options: SpellOptions = {}): string {
  const { write, layout } = writers[checkChoice('spell', 'the framework', framework, frameworks)]
  return write(checkLayer('spell', geometry, options, layout))
}

/**
 * The numbers of a geometry under a framework's argument names and in its order, without the code around them. No call
 * need take them all together: that is what `spell` is for. Where `ceilMode` made the windows, the end pads are those
 * with which rounding down gives as many. On a transposed convolution the pads are cropped.
 *
 * @throws SamepadError as `spell` does
 */
export function argumentsOf(geometry: Geometry, framework: Framework): FrameworkArguments {
  checkChoice('argumentsOf', 'the framework', framework, frameworks)
  return argumentsIn(framework, checkGeometry('argumentsOf', geometry))
}
