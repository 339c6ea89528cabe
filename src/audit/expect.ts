import { outcomePads, solve } from '../conventions/solve.ts'
import { follows, type RuleName, ruleSetting } from './follows.ts'
import type { LayerAxis, NetworkLayer } from './layer.ts'

/** The rules that a network can be expected to pad by. */
export const expectations = ['tf-same', 'symmetric', 'same-lower'] as const satisfies readonly RuleName[]
export type Expectation = (typeof expectations)[number]

/** The axes on which a layer contradicts what is expected. */
export function contradictions({ axes }: NetworkLayer, expected: Expectation): LayerAxis[] {
  return axes.filter((axis) => contradicts(axis, expected))
}

/**
 * Whether an axis can tell and does not pad as expected. What is not padded belongs to everybody, so does a last window
 * that may run past the end, and a size that is open is given the benefit of the doubt.
 */
function contradicts({ setting, input }: LayerAxis, expected: Expectation): boolean {
  const found = follows(setting, input)
  if (!found || found.roundsUp) return false
  const { always, sometimes, alike, tells } = found
  if ([...always, ...sometimes].includes(expected) || always.includes('none') || always.includes('causal')) return false
  if (expected === 'symmetric') return !alike
  return tells || expectations.some((name) => always.includes(name))
}

/** The pads that are expected of an axis; undefined where its size or its setting is not known. */
export function expectedPads(
  { setting, input }: LayerAxis,
  expected: Expectation,
): readonly [number, number] | undefined {
  const rule = setting && input !== undefined ? ruleSetting(expected, setting) : undefined
  const outcome = rule && input !== undefined ? solve(rule, input) : undefined
  return outcomePads(outcome)
}
