import type { Fill, Op } from '../geometry/index.ts'
import { type Convention, type ForwardRule, isTransposed } from './convention.ts'
import { crops, transposedSizes } from './transposed-rules.ts'

/** What a convention may leave to the caller of a layer. */
export type SettingAttribute = 'pads' | 'ceilMode' | 'countIncludePad' | 'fill' | 'outputPadding' | 'outputShape'

/** All of them. */
export const attributes: readonly SettingAttribute[] = [
  ...(['pads', 'ceilMode', 'countIncludePad', 'fill', 'outputPadding', 'outputShape'] as const),
]

/** The attributes that a convention takes for an operation; it knows nothing of the others. */
export function attributesOf({ rule, rejects }: Convention, op: Op): readonly SettingAttribute[] {
  if (isTransposed(rule)) {
    const taken: readonly SettingAttribute[] = [...transposedSizes[rule.size].takes, ...crops[rule.crop].takes]
    return attributes.filter((name) => taken.includes(name))
  }
  const taken: Record<SettingAttribute, boolean> = {
    pads: rule.total === 'given',
    fill: op === 'conv' && rejects.includes('fill wider than the input'),
    ceilMode: op !== 'conv' && (rule.total === 'given' || rule.ceil !== undefined),
    countIncludePad: op === 'averagePool' && canBeAsked(rule),
    outputPadding: false,
    outputShape: false,
  }
  return attributes.filter((name) => taken[name])
}

const canBeAsked = ({ zeros = 'never' }: ForwardRule): boolean => zeros !== 'never' && zeros !== 'always'

/** What a convention puts into its padding by itself, where that is not zeros: Flax's CIRCULAR wraps around. */
export const impliedFill = ({ padding }: Pick<Convention, 'padding'>): Fill | undefined =>
  padding === 'circular' ? padding : undefined
