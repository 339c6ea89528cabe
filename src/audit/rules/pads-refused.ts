import { isRejected } from '../../conventions/solve.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { deviationsOf } from '../runtimes.ts'
import { layerPads } from '../sentences.ts'
import { isAutomatic } from './automatic.ts'

/** Nodes that cannot run as they are written. */
export const padsRefused: AuditRule = {
  name: 'pads-refused',
  severity: 'error',
  what: 'pads that ONNX or onnxruntime refuses',
  why: 'Negative pads, pools padded by their whole kernel, or an input on which no window fits: it will not run.',
  example: 'MaxPool with kernel 2 and pads=[2, 2]: onnxruntime wants each pad to be smaller than the kernel.',
  fix: 'Crop with a Slice and pad with a Pad before the node; or see why the input is that small.',
  fixable: 'no',
  only: 'onnx',
  *check({ layers, isOpen, conflicts }): Iterable<RuleFinding> {
    // Of a window that does not fit, `cannot-run` speaks.
    const told = new Set(conflicts.map(({ node }) => node))
    for (const layer of layers.filter(({ spatial }) => !told.has(spatial.node))) {
      const outcome = layer.axes.map((axis) => axis.outcome).find((one) => one && isRejected(one))
      if (outcome && isRejected(outcome)) {
        const sizes = layer.axes.map(({ input, symbol }) => input ?? symbol ?? '?').join('x')
        yield { layer, message: `ONNX has no answer on ${sizes} cells: ${outcome.rejected}` }
        continue
      }
      const refusing = isAutomatic(layer)
        ? undefined
        : deviationsOf(layer, isOpen).find(({ isCommon, does }) => does === 'refuses' && isCommon)
      if (refusing)
        yield { layer, message: `pads ${layerPads(layer)}: ${refusing.runtime} refuses them, ${refusing.why}` }
    }
  },
}
