import { type Axis, adjoint, isRejected, type Op, refusal, type Setting, type Solved, solve } from 'samepad/geometry'
import { messageOf } from '../state/message.ts'
import { type Sizes, settingOf } from './state.ts'

/** What a convention does with the layer. */
export interface Answer {
  /** The convention in the reader's words. */
  readonly rule: string
  /** Undefined where the words mean nothing for this operation. */
  readonly setting?: Setting
  readonly solved?: Solved
  /** Why it is not solved: the framework's refusal, or the library's message about the words. */
  readonly refusal?: string
}

/** What each rule does with one axis of a layer: `axis` 0 is the first one, 1 the second. */
export function answersOf(rules: readonly string[], op: Op, sizes: Sizes, axis = 0): Answer[] {
  return rules.map((rule): Answer => {
    try {
      const setting = settingOf(rule, op, sizes, axis)
      const outcome = solve(setting, sizes.input)
      if (isRejected(outcome)) return { rule, setting, refusal: `refuses: ${refusal(outcome)}` }
      return { rule, setting, solved: outcome }
    } catch (error) {
      return { rule, refusal: messageOf(error) }
    }
  })
}

/** The axis whose windows are drawn: transposed, samples land on the output as windows would read it. */
export const windowsOf = (op: Op, axis: Axis): Axis => (op === 'convTranspose' ? adjoint(axis) : axis)
