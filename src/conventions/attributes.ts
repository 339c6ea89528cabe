import type { Op } from '../geometry/index.ts'
import { type Convention, isTransposed } from './convention.ts'
import { transposedSizes } from './transposed-rules.ts'

/** What a convention may leave to the caller of a layer. */
export type Attribute = 'pads' | 'ceilMode' | 'countIncludePad' | 'fill' | 'outputPadding' | 'outputShape'

/** All of them. */
export const attributes: readonly Attribute[] = [
  ...(['pads', 'ceilMode', 'countIncludePad', 'fill', 'outputPadding', 'outputShape'] as const),
]

/** The attributes that a convention takes for an operation; it knows nothing of the others. */
export function attributesOf({ rule, rejects }: Convention, op: Op): readonly Attribute[] {
  if (isTransposed(rule)) return transposedSizes[rule.size].takes
  const taken: Record<Attribute, boolean> = {
    pads: rule.total === 'given',
    fill: op === 'conv' && rejects.includes('fill wider than the input'),
    ceilMode: op !== 'conv' && rule.total === 'given',
    countIncludePad: op === 'averagePool' && (rule.zeros === 'optional' || rule.zeros === 'unless declined'),
    outputPadding: false,
    outputShape: false,
  }
  return attributes.filter((name) => taken[name])
}
