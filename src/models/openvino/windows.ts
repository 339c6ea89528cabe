import { allNumbers } from '../../operators/fact.ts'
import type { AttributeInput } from '../builder.ts'
import { add } from '../file-operator.ts'
import type { AddOpenvinoLayer, OpenvinoLayer } from './layer.ts'

/** What stands for no automatic padding. */
const explicit = ['explicit', 'notset', '']

/**
 * Strides, dilations and padding. Where auto_pad says how to pad, the pads beside it are left over from the size of the
 * export: the runtime never reads them, and neither is read here.
 */
function padding(layer: OpenvinoLayer): Record<string, AttributeInput> {
  const word = (layer.data('auto_pad') ?? '').toLowerCase().replace('_', '-')
  const [begin, end] = [layer.numbers('pads_begin'), layer.numbers('pads_end')]
  const pads = begin && end && [...begin, ...end]
  const common = { strides: layer.numbers('strides'), dilations: layer.numbers('dilations') }
  return explicit.includes(word) ? { ...common, pads } : { ...common, auto_pad: word, ignored_pads: pads }
}

/** A convolution's input, its filter as ONNX has it, and its groups. Grouped filters have the groups before all else. */
function filtered(layer: OpenvinoLayer, isGrouped: boolean): [inputs: readonly string[], group: number] {
  const dims = allNumbers(layer.inputShapes[1])
  const [group = 1, first = 0, ...rest] = isGrouped ? (dims ?? []) : [1, ...(dims ?? [])]
  if (!dims) return [layer.inputs.slice(0, 1), group]
  return [[layer.inputs[0], layer.builder.made([group * first, ...rest])], group]
}

/** Filters are [out, in, ...kernel], grouped ones [groups, out / groups, in / groups, ...kernel]. */
export const convolution =
  (isGrouped: boolean): AddOpenvinoLayer =>
  (layer) => {
    const [inputs, group] = filtered(layer, isGrouped)
    add(layer, 'Conv', { ...padding(layer), group }, inputs)
  }

/**
 * Filters are [in, out, ...kernel], grouped ones [groups, in / groups, out / groups, ...kernel]. Beside a shape of the
 * output, pads are not read but follow from it, the odd cell at the end unless auto_pad says same_upper; automatic padding
 * without one crops nothing.
 */
export const transposed =
  (isGrouped: boolean): AddOpenvinoLayer =>
  (layer) => {
    const [inputs, group] = filtered(layer, isGrouped)
    const isSized = layer.inputs.length > 2
    const { pads, auto_pad, ...common } = padding(layer)
    const size = isSized ? sizeOf(layer) : undefined
    add(
      layer,
      'ConvTranspose',
      {
        ...{ ...common, group, output_padding: layer.numbers('output_padding') },
        ...(isSized && { ...(size ? { output_shape: size } : { auto_pad: COMPUTED }) }),
        ...(isSized && size && { auto_pad: auto_pad ?? 'same-lower' }),
        ...(!isSized && { pads: auto_pad === undefined ? pads : undefined }),
      },
      inputs,
    )
  }

/** No word of the format: a size of the output that the network works out itself. */
const COMPUTED = 'for an output_shape that is computed'

/** The size of the output that is asked for: a constant, or what the file says of the output itself. */
function sizeOf(layer: OpenvinoLayer): readonly number[] | undefined {
  return layer.builder.valuesOf(layer.inputs[2] ?? '') ?? allNumbers(layer.outputShapes[0]?.slice(2))
}

/** `exclude-pad` is true where an average divides by real cells alone. */
export const pool =
  (opType: 'MaxPool' | 'AveragePool'): AddOpenvinoLayer =>
  (layer) => {
    const excludes = layer.data('exclude-pad') ?? layer.data('exclude_pad') ?? 'true'
    const sides = padding(layer)
    const rounding = (layer.data('rounding_type') ?? 'floor').toLowerCase()
    add(
      layer,
      opType,
      {
        ...{ ...sides, kernel_shape: layer.numbers('kernel'), ceil_mode: Number(rounding !== 'floor') },
        // As PyTorch rounds: without a last window that begins behind the cells.
        ...(rounding === 'ceil_torch' &&
          sides.auto_pad === undefined && { convention: 'openvino.ceil-torch.pool.explicit' }),
        ...(opType === 'AveragePool' && { count_include_pad: Number(!/^(true|1)$/i.test(excludes)) }),
      },
      layer.inputs.slice(0, 1),
    )
  }
