import { checkBoolean, checkOptions, checkRank } from '../../../geometry/options.ts'
import type { Setting } from '../../setting.ts'
import type { Framework } from '../arguments.ts'
import { checkGroups, type Groups, isConvolution } from '../layer.ts'
import type { OnnxNode } from '../onnx.ts'
import { channelsLastFunction } from './channels-last.ts'
import { jaxFunction } from './jax.ts'
import { type AnySizeLayer, anySizeLayer } from './layer.ts'
import { nodesOf, onnxGraph } from './onnx.ts'
import { pytorchModule } from './pytorch.ts'
import { webnnFunction } from './webnn.ts'

/** Options of `spellAnySize`. */
export interface AnySizeOptions {
  /** Convolutions: how many groups the channels are split into. Default: 1. PyTorch's module takes them itself. */
  readonly groups?: Groups
  /** Convolutions: whether the code takes a bias. Default: true. */
  readonly bias?: boolean
}

const writers: Readonly<Record<Framework, (layer: AnySizeLayer) => string>> = {
  pytorch: pytorchModule,
  tensorflow: (layer) => channelsLastFunction('tensorflow', layer),
  keras: (layer) => channelsLastFunction('keras', layer),
  jax: jaxFunction,
  onnx: onnxGraph,
  tfjs: (layer) => channelsLastFunction('tfjs', layer),
  webnn: webnnFunction,
}

/**
 * Writes a layer of one framework as code of another that computes the same for inputs of every size, since it works
 * the padding out from the input that arrives: a module in PyTorch (weights and bias are its own), else the function
 * `layer(x, weight, bias)` or ONNX nodes, with weights as `spell` has them.
 *
 * @param settings one for each axis, one to three
 * @throws SamepadError on padding that is neither fixed nor that of SAME, and on what `spellable` refuses
 */
export function spellAnySize(settings: readonly Setting[], framework: Framework, options: AnySizeOptions = {}): string {
  return writers[framework](layerOf(settings, options))
}

/**
 * The ONNX nodes of a layer for inputs of every size, in operator set 19: from `x`, `weight` and `bias` to `y`.
 *
 * @throws SamepadError as `spellAnySize` does
 */
export function anySizeNodes(settings: readonly Setting[], options: AnySizeOptions = {}): OnnxNode[] {
  return nodesOf(layerOf(settings, options))
}

function layerOf(settings: readonly Setting[], options: AnySizeOptions): AnySizeLayer {
  const stage = 'code'
  checkOptions(stage, options, ['groups', 'bias'])
  checkRank(stage, settings.length)
  return anySizeLayer(settings, {
    groups: checkGroups(stage, options.groups),
    bias: isConvolution(settings[0].op) && checkBoolean(stage, 'bias', options.bias ?? true),
    layout: 'nchw',
  })
}
