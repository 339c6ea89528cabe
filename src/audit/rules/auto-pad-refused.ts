import { show } from '../../geometry/error.ts'
import { autoPads, isAutoPad } from '../../network/spatial-node.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { deviationsOf } from '../runtimes.ts'
import { isAutomatic, resolved } from './automatic.ts'

/** Automatic padding that a runtime does not take. */
export const autoPadRefused: AuditRule = {
  name: 'auto-pad-refused',
  severity: 'error',
  what: 'auto_pad that a runtime refuses',
  why:
    'The specification defines SAME with dilation and for kernels smaller than the stride, but onnxruntime refuses to ' +
    'run some of these nodes, when the model is loaded or when it first runs. Of other runtimes it is a note.',
  example: 'Conv with auto_pad=SAME_UPPER and dilations=[2, 2]: onnxruntime says that it is not supported.',
  fix: 'Write the padding as numbers: samepad fix does, where the sizes are known or the padding is the same at all.',
  fixable: 'safe',
  only: 'onnx',
  *check({ layers, isOpen }): Iterable<RuleFinding> {
    for (const layer of layers) {
      const { autoPad = 'NOTSET' } = layer.spatial.written
      if (!isAutoPad(autoPad)) yield { layer, message: `auto_pad ${show(autoPad)} is none of ${autoPads.join(', ')}` }
      if (!isAutomatic(layer)) continue
      const refusing = deviationsOf(layer, isOpen).filter(({ does, isCurrent }) => does === 'refuses' && isCurrent)
      if (refusing.length === 0) continue
      const names = refusing.map(({ runtime, why }) => `${runtime} refuses it, ${why}`)
      const severity = refusing.some(({ isCommon }) => isCommon) ? 'error' : 'note'
      const message = `${layer.spatial.written.autoPad}: ${names.join('; ')}`
      yield { layer, severity, message, fix: resolved(layer, isOpen) }
    }
  },
}
