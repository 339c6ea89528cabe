import type { AuditRule, RuleFinding } from '../finding.ts'
import { deviationsOf } from '../runtimes.ts'
import { resolved } from './automatic.ts'

/** Transposed convolutions whose crop runtimes do not agree on. */
export const transposedSwap: AuditRule = {
  name: 'transposed-swap',
  severity: 'warning',
  what: 'a transposed convolution whose odd cell of crop runtimes take from different sides',
  why:
    'ONNX swapped SAME_UPPER and SAME_LOWER of ConvTranspose in opset 11, onnxruntime followed in 1.13, OpenVINO has ' +
    'them swapped, and an output_shape is split one way or the other. The output has the same shape and lies a cell off.',
  example:
    'x = [1, 10], weights [1, 2, 4], stride 2, SAME_UPPER: [1, 2, 14, 20] by opset 11 and onnxruntime since 1.13, ' +
    '[2, 14, 20, 40] by OpenVINO and before.',
  fix:
    'Write pads and output_padding as numbers, which all of them read alike. In a file before opset 11 samepad fix asks ' +
    'for --unsafe: what the specification of that time says is not what onnxruntime computes today.',
  fixable: 'safe',
  only: 'onnx',
  *check({ layers, isOpen }): Iterable<RuleFinding> {
    for (const layer of layers) {
      const { op, written } = layer.spatial
      if (op !== 'convTranspose') continue
      const deviations = deviationsOf(layer, isOpen).filter(({ does }) => does === 'misreads')
      if (deviations.length === 0) continue
      const isOurs = deviations.some(({ isCommon, isCurrent }) => isCommon && isCurrent)
      const names = deviations.map(({ runtime, why }) => `${runtime}: ${why}`)
      const said = written.outputShape ? 'output_shape' : (written.autoPad ?? 'its crop')
      const message = `${said} is read otherwise by ${names.join('; ')}`
      const proposal = resolved(layer, isOpen)
      // In an early file the numbers are those of a specification that no current runtime follows.
      const isEarly = layer.spatial.opset < 11
      yield {
        layer,
        severity: isOurs ? 'warning' : 'note',
        message,
        fix: proposal && { ...proposal, safe: proposal.safe && !isEarly },
      }
    }
  },
}
