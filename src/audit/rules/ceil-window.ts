import { conventionOf } from '../../conventions/rows/index.ts'
import { isRejected, solve } from '../../conventions/solve.ts'
import type { Found, Rule } from '../finding.ts'
import type { LayerAxis } from '../layer.ts'

/** The rows of frameworks that keep such a window; they agree on where it lies. */
const keeper = conventionOf('tfjs.explicit').id

/** Rounding up to a window that begins behind the input. */
export const ceilWindow: Rule = {
  name: 'ceil-window',
  severity: 'warning',
  what: 'ceil_mode with a last window that sees only padding',
  why:
    'PyTorch and onnxruntime drop a last window that would begin behind the input; TensorFlow.js, Burn and shape ' +
    'inference by the plain formula keep it, have one output more, and minus infinity in it.',
  example:
    'Kernel 2, stride 3, pads 1,1 on 2 cells, rounded up: 1 output in PyTorch and onnxruntime, 2 in TensorFlow.js.',
  fix: 'Where sizes are fixed, drop ceil_mode and write the pads that give the outputs wanted.',
  fixable: 'no',
  *check({ layers }): Iterable<Found> {
    for (const layer of layers) {
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
  const kept = solve({ ...setting, convention: keeper }, input)
  return !isRejected(kept) && kept.axis.output > outcome.axis.output
}
