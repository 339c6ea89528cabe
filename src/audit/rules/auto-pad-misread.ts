import type { AuditRule, RuleFinding } from '../finding.ts'
import { deviationsOf } from '../runtimes.ts'
import { isAutomatic, resolved } from './automatic.ts'

/** Automatic padding that a runtime takes and computes otherwise. */
export const autoPadMisread: AuditRule = {
  name: 'auto-pad-misread',
  severity: 'warning',
  what: 'auto_pad that a runtime reads otherwise than ONNX says',
  why:
    'Nothing fails: the shapes are the same, or a cell shorter, and the values come from other cells. A warning where ' +
    'the current onnxruntime does so, a note where others do or earlier versions did.',
  example:
    'MaxPool 2x2, dilations=[2, 2], SAME_UPPER on 6 cells: ONNX has 6 outputs, onnxruntime leaves the dilation out of ' +
    'the padding and has 5. Conv with kernel 1 and stride 4 on 8 cells: onnxruntime starts at cell 1. SAME_LOWER: rten ' +
    'runs it as SAME_UPPER.',
  fix: 'Write the padding as numbers, which all of them read alike.',
  fixable: 'safe',
  only: 'onnx',
  *check({ layers, isOpen }): Iterable<RuleFinding> {
    for (const layer of layers.filter(isAutomatic)) {
      if (layer.spatial.op === 'convTranspose') continue
      const deviations = deviationsOf(layer, isOpen).filter(({ does }) => does === 'misreads')
      if (deviations.length === 0) continue
      const isOurs = deviations.some(({ isCommon, isCurrent }) => isCommon && isCurrent)
      const names = deviations.map(({ runtime, why }) => `${runtime}: ${why}`)
      const message = `${layer.spatial.written.autoPad} is read otherwise by ${names.join('; ')}`
      yield { layer, severity: isOurs ? 'warning' : 'note', message, fix: resolved(layer, isOpen) }
    }
  },
}
