import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, solve, solvedPads } from '../conventions/solve.ts'
import { effectiveKernel, fullSize, type Pads, SamepadError, type Window } from '../geometry/index.ts'

/** The rows of frameworks that are asked for an output in a way of their own. */
const rows = {
  tensorflow: 'tensorflow.transposed.same',
  keras: 'keras.transposed.same',
  jax: 'jax.transposed.same',
} as const

/** One legal output of a transposed convolution, and how frameworks ask for it. */
export interface TransposedOutput {
  readonly output: number
  /** Cells of the full result that are cropped on each side; a negative number appends zeros. */
  readonly crop: Pads
  /** The output cell at which sample 0 is centred; sample i lies i * stride further on. */
  readonly centre: number
  readonly pytorch: { readonly padding: number; readonly outputPadding: number } | { readonly crop: Pads }
  /** `output_shape` of `tf.nn.conv2d_transpose` with SAME, where TensorFlow's rule crops like this. */
  readonly tensorflow: number | undefined
  /** `output_padding` of a Keras layer with padding 'same': null, a number, or undefined where it has none. */
  readonly keras: number | null | undefined
  /** `pads` and `output_padding` of ONNX ConvTranspose; undefined where zeros would have to be appended beyond them. */
  readonly onnx: { readonly pads: Pads; readonly outputPadding: number } | undefined
  /** `padding` of `lax.conv_transpose`. */
  readonly jax: 'SAME' | Pads
}

/**
 * Every output size that a transposed convolution under SAME can have: those from which the convolution leads back to
 * the input, (input - 1) * stride + 1 to input * stride. A smaller output is not a trimmed larger one: the crop moves.
 *
 * @param setting a transposed setting whose convention takes an output shape; which side the odd cell is cropped from
 * is its convention's
 * @param input cells of the small side
 */
export function transposedOutputs(setting: Setting, input: number): TransposedOutput[] {
  const { stride } = setting
  const sizes = Array.from({ length: stride }, (_, index) => (input - 1) * stride + 1 + index)
  return sizes.flatMap((output) => transposedOutput(setting, input, output) ?? [])
}

/**
 * One of them.
 *
 * @param output cells of the large side
 * @returns undefined where the setting has no such output
 */
export function transposedOutput(setting: Setting, input: number, output: number): TransposedOutput | undefined {
  if (setting.op !== 'convTranspose') {
    throw new SamepadError('transposedOutputs', 'the operation must be convTranspose', setting.op)
  }
  const { kernel, stride, dilation } = setting
  if (output <= (input - 1) * stride || output > input * stride) return undefined
  const outcome = solve({ ...setting, outputShape: output }, input)
  if (isRejected(outcome) || outcome.axis.output !== output) return undefined
  return describe({ input, kernel, stride, dilation }, output, solvedPads(outcome))
}

function describe(window: Window, output: number, crop: Pads): TransposedOutput {
  const [begin, end] = crop
  const reach = effectiveKernel(window) - 1
  const outputPadding = begin - end // of a crop of `begin` on both sides
  const limit = Math.max(window.stride, window.dilation)
  const isSymmetric = begin >= 0 && outputPadding >= 0 && outputPadding < limit
  return {
    output,
    crop,
    centre: reach / 2 - begin,
    pytorch: isSymmetric ? { padding: begin, outputPadding } : { crop },
    tensorflow: asIn(rows.tensorflow, window, output, begin) ? output : undefined,
    keras: kerasPadding(window, output, begin),
    onnx:
      end >= -(window.stride - 1) ? { pads: [begin, Math.max(0, end)], outputPadding: Math.max(0, -end) } : undefined,
    jax: jaxPadding(window, output, begin),
  }
}

/** Whether a convention, asked for an output, crops so many cells before it. */
function asIn(convention: string, { input, ...moves }: Window, output: number, begin: number): boolean {
  const outcome = solve({ ...moves, convention, op: 'convTranspose', outputShape: output }, input)
  return !isRejected(outcome) && outcome.axis.padBegin === begin && outcome.axis.output === output
}

function kerasPadding({ input, ...moves }: Window, output: number, begin: number): number | null | undefined {
  const under = (outputPadding?: number): Outcome => {
    return solve({ ...moves, convention: rows.keras, op: 'convTranspose', outputPadding }, input)
  }
  const fits = (outcome: Outcome): boolean =>
    !isRejected(outcome) && outcome.axis.output === output && outcome.axis.padBegin === begin
  if (fits(under())) return null
  // Each cell of output padding adds one to the output that 0 gives, if 0 leaves any.
  const least = under(0)
  const outputPadding = output - (isRejected(least) ? 0 : least.axis.output)
  return outputPadding >= 0 && fits(under(outputPadding)) ? outputPadding : undefined
}

/** Explicit padding there applies to the input spread out by the stride, on which the kernel slides forward. */
function jaxPadding(window: Window, output: number, begin: number): 'SAME' | Pads {
  if (output === window.input * window.stride && asIn(rows.jax, window, output, begin)) return 'SAME'
  const low = effectiveKernel(window) - 1 - begin
  return [low, output - fullSize(window) + 2 * (effectiveKernel(window) - 1) - low]
}
