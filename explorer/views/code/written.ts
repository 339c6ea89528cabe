import { type Framework, type Spellable, spell, spellable } from 'samepad/geometry'
import { acrossOf, type LayerState, settingOf, sizesOf } from '../../layer/state.ts'
import { messageOf } from '../../state/message.ts'

/** A layer as code of a framework. */
export interface Written extends Spellable {
  readonly text: string
  /** Cells of the input along each axis, which the code holds for. */
  readonly input: readonly number[]
}

/** The layer under a rule, on one or two axes, written for a framework; or why it cannot be. */
export function writtenFor(
  state: LayerState,
  axes: '1' | '2',
  rule: string,
  to: Framework,
): Written | { readonly error: string } {
  try {
    const sizes = axes === '2' ? [sizesOf(state), acrossOf(state)] : [sizesOf(state)]
    const settings = sizes.map((size, axis) => settingOf(rule, state.op, size, axis))
    const input = sizes.map((axis) => axis.input)
    const layer = spellable(settings, input)
    return { ...layer, input, text: spell(layer.geometry, to, layer.options) }
  } catch (error) {
    return { error: messageOf(error) }
  }
}
