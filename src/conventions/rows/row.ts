import type { Op } from '../../geometry/index.ts'
import type { Convention, ForwardRule } from '../convention.ts'
import type { Share, Total } from '../forward-rules.ts'
import type { Crop, TransposedSize } from '../transposed-rules.ts'

export const CONV: readonly Op[] = ['conv']
export const MAX: readonly Op[] = ['maxPool']
export const AVERAGE: readonly Op[] = ['averagePool']
export const POOLS: readonly Op[] = ['maxPool', 'averagePool']
/** Everything that slides a window forward. */
export const ALL: readonly Op[] = ['conv', ...POOLS]

type Extra = Partial<Pick<Convention, 'rejects' | 'versions' | 'only' | 'fault' | 'weight'>>
type ForwardExtra = Extra & Omit<ForwardRule, 'total' | 'share'>

/** A row of a forward rule. The id's first part is the framework, its last one the word for the padding. */
export function forward(
  id: string,
  ops: readonly Op[],
  total: Total,
  share: Share,
  source: string,
  { rejects = [], versions, only, fault, weight = 1, ...rest }: ForwardExtra = {},
): Convention {
  return { ...named(id), ops, rule: { total, share, ...rest }, rejects, versions, only, fault, source, weight }
}

/** A row of a transposed rule. */
export function transposed(
  id: string,
  size: TransposedSize,
  crop: Crop,
  source: string,
  { rejects = [], versions, only, fault, weight = 1 }: Extra = {},
): Convention {
  return { ...named(id), ops: ['convTranspose'], rule: { size, crop }, rejects, versions, only, fault, source, weight }
}

function named(id: string): Pick<Convention, 'id' | 'framework' | 'padding'> {
  const parts = id.split('.')
  return { id, framework: parts[0], padding: parts[parts.length - 1] }
}
