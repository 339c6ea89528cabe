import type { Setting } from '../../conventions/setting.ts'
import { isRejected } from '../../conventions/solve.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { layerPads } from '../sentences.ts'

/** Whether a Pad in front is no padding of the window: it moves cells, or there is nothing that one tap needs. */
const isShift = ({ padded, kernel, pads = [0, 0] }: Setting): boolean =>
  padded !== undefined && pads.every((cells) => cells === 0) && (kernel === 1 || padded.some((cells) => cells < 0))

/** Averages that divide by cells that are not there. */
export const countedPadding: AuditRule = {
  name: 'counted-padding',
  severity: 'warning',
  what: 'averages that count padding, in a model from TensorFlow',
  why:
    'TensorFlow divides by the real cells of a window, PyTorch by all unless told otherwise. An average that counts ' +
    'padding is too small at the edges of a network that was trained in TensorFlow.',
  example: 'Ones on 5x5 cells, 3x3 average with stride 2 and SAME: 1 in the corner, with counted padding 4/9.',
  fix: 'Set count_include_pad to 0; a Pad before it has to go into the pads of the pool.',
  fixable: 'no',
  *check({ layers, isFromTensorFlow }): Iterable<RuleFinding> {
    if (!isFromTensorFlow) return
    for (const layer of layers) {
      if (layer.spatial.op !== 'averagePool') continue
      const counts = layer.axes.some(({ outcome, setting }) => {
        if (setting && isShift(setting)) return false
        if (outcome && !isRejected(outcome)) return outcome.zeros.some((width) => width > 0)
        return (
          (setting?.countIncludePad && setting.pads?.some((width) => width > 0)) ||
          setting?.padded?.some((width) => width > 0)
        )
      })
      if (counts)
        yield { layer, message: `the average counts its padding ${layerPads(layer)}, where TensorFlow does not` }
    }
  },
}
