import { chosen } from '../../conventions/rows/chosen.ts'
import { isRejected, solve } from '../../conventions/solve.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import type { LayerAxis, NetworkLayer } from '../layer.ts'

/** Rounding up to a window that begins behind the input, or beside VALID. */
export const ceilWindow: AuditRule = {
  name: 'ceil-window',
  severity: 'warning',
  what: 'ceil_mode with a last window that not all runtimes have',
  why:
    'PyTorch and onnxruntime drop a last window that would begin behind the input; TensorFlow.js, Burn and shape ' +
    'inference by the plain formula keep it, have one output more, and minus infinity in it. Beside auto_pad VALID the ' +
    'specification counts outputs without rounding up; onnxruntime rounds up.',
  example:
    'Kernel 2, stride 3, pads 1,1 on 2 cells, rounded up: 1 output in PyTorch and onnxruntime, 2 in TensorFlow.js.',
  fix: 'Where sizes are fixed, drop ceil_mode and write the pads that give the outputs wanted.',
  fixable: 'no',
  *check({ layers }): Iterable<RuleFinding> {
    for (const layer of layers) {
      const valid = layer.axes.map((axis) => roundedUp(layer, axis)).find((text) => text !== undefined)
      if (valid !== undefined) yield { layer, message: valid }
      const axis = layer.axes.find(keepsMore)
      if (axis) {
        const message = `on ${axis.input} cells onnxruntime has ${axis.output} outputs, TensorFlow.js and Burn one more, of padding alone`
        yield { layer, message }
      }
    }
  },
}

function keepsMore({ setting, outcome, input }: LayerAxis): boolean {
  if (!setting?.ceilMode || !outcome || isRejected(outcome) || input === undefined) return false
  const kept = solve({ ...setting, convention: chosen.keepsLast }, input)
  return !isRejected(kept) && kept.axis.output > outcome.axis.output
}

/** VALID with ceil_mode, where rounding up makes a difference: the last window overhangs the input. */
function roundedUp({ spatial: { written } }: NetworkLayer, { setting, input }: LayerAxis): string | undefined {
  if (written.autoPad !== 'VALID' || !written.ceilMode || !setting || setting.padded || input === undefined)
    return undefined
  const theirs = solve({ ...setting, convention: chosen.numbers, pads: [0, 0], ceilMode: true }, input)
  const own = solve(setting, input)
  if (isRejected(own) || isRejected(theirs) || own.axis.output === theirs.axis.output) return undefined
  const outputs = `${own.axis.output} on ${input} cells, onnxruntime rounds up to ${theirs.axis.output}`
  return `auto_pad VALID beside ceil_mode: ONNX counts its outputs without rounding up, ${outputs}`
}
