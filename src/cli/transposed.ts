import { SamepadError, type Setting, type TransposedOutput, transposedOutputs } from '../geometry.ts'
import { alongAxes } from './axes.ts'
import type { Answer, Command } from './command.ts'
import { sizes } from './read-numbers.ts'
import { readLayers, type WrittenSetting } from './read-settings.ts'
import type { TextStyle } from './style.ts'
import { table, wrap } from './table.ts'

/** `samepad transposed`: every output that leads back to an input, and how each framework asks for it. */
export const transposed: Command = {
  summary: 'every legal output of a transposed convolution, and how frameworks ask for it',
  usage: 'SETTING --input N',
  about:
    'Lists every output size from which the convolution of the same layer gives the input size again, where each puts ' +
    'its samples, and the arguments that ask for it: padding and output_padding in PyTorch (or the crop, where they cannot), output_shape ' +
    'in TensorFlow, output_padding in Keras, pads and output_padding in ONNX, padding in JAX.',
  options: { input: { value: 'N', about: 'cells of the small side' } },
  examples: ['transposed tf k3 s2 same --input 2', 'transposed onnx k3 s2 SAME_LOWER --input 2'],
  no: 'the rule takes no output size that leads back',
  settings: true,
  answer: (request) => {
    // The command says already that the layer is transposed; the words need not.
    const layers = readLayers('transposed', request.words, 1, { op: 'convTranspose' })
    const input = sizes('transposed', request, 'input')
    return alongAxes('transposed', layers, input, ([written], cells) => listed(written, cells as number))
  },
}

function listed({ text, setting }: WrittenSetting, input: number): Answer {
  const { op, stride } = setting
  if (op !== 'convTranspose') {
    throw new SamepadError('transposed', 'the operation must be a transposed convolution', op)
  }
  if (stride > 1000) throw new SamepadError('transposed', 'the stride must be at most 1000', stride)
  const outputs = transposedOutputs(setting, input)
  return {
    data: { setting, input, outputs },
    lines: (style) => lines(text, setting, input, outputs, style),
    exitCode: outputs.length ? 0 : 1,
  }
}

function lines(
  text: string,
  { outputShape }: Setting,
  input: number,
  outputs: readonly TransposedOutput[],
  style: TextStyle,
): string[] {
  const title = wrap(`${style.strong(text)}, input ${input}`)
  if (outputs.length === 0) {
    return [
      ...title,
      '',
      ...wrap(`${style.alert('No output')} that leads back to ${input} can be asked for under this rule.`),
    ]
  }
  const head = ['output', 'crop', 'sample 0 at', 'PyTorch', 'TensorFlow', 'Keras', 'ONNX', 'JAX']
  const rows = outputs.map((one) => [
    String(one.output),
    one.crop.join(','),
    String(one.centre),
    'crop' in one.pytorch
      ? `cut ${one.pytorch.crop.join(',')}`
      : `p${one.pytorch.padding} op${one.pytorch.outputPadding}`,
    one.tensorflow === undefined ? '-' : String(one.tensorflow),
    one.keras === undefined ? '-' : one.keras === null ? 'None' : `op${one.keras}`,
    one.onnx === undefined ? '-' : `${one.onnx.pads.join(',')} op${one.onnx.outputPadding}`,
    one.jax === 'SAME' ? one.jax : one.jax.join(','),
  ])
  const cut = outputs.some(({ pytorch }) => 'crop' in pytorch)
  return [
    ...title,
    '',
    ...table([head, ...rows], '>>><<<<<'),
    '',
    ...wrap(
      'crop: cells cut from the full result on each side, appended where negative. p: padding or pads, op: output_padding; TensorFlow: output_shape; None: not given; -: cannot be asked for.',
    ).map(style.faint),
    ...(cut
      ? wrap("cut: PyTorch's padding and output_padding cannot say it: run with padding 0 and cut.").map(style.faint)
      : []),
    ...(outputShape === undefined ? [] : wrap('The out of the setting was left aside: every output is listed.')),
  ]
}
