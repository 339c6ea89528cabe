import { isTransposed } from '../../conventions/convention.ts'
import { conventionOf } from '../../conventions/rows/index.ts'
import type { Pads } from '../../geometry/index.ts'
import { padsText } from '../../words/network.ts'
import { explicitPads } from '../explicit-pads.ts'
import type { Proposal } from '../finding.ts'
import type { NetworkLayer } from '../layer.ts'

/** Whether a node leaves its padding to the runtime: it asks for a rule, such as SAME, and gives no numbers. */
export function isAutomatic({ spatial: { axes } }: NetworkLayer): boolean {
  return axes.some(({ setting }) => setting !== undefined && setting.pads === undefined && !isBare(setting.convention))
}

const isBare = (convention: string): boolean => {
  const { rule } = conventionOf(convention)
  return !isTransposed(rule) && rule.total === 'none'
}

/** The proposal to write a node's padding as numbers, where there are some. */
export function resolved({ spatial }: NetworkLayer, isOpen: boolean): Proposal | undefined {
  const explicit = explicitPads(spatial, isOpen)
  if (typeof explicit === 'string') return undefined
  return { action: 'explicit', safe: explicit.always, what: writing(explicit.pads) }
}

/** What a proposal says that it writes. */
export const writing = (pads: readonly Pads[]): string => `write pads ${padsText(pads)}`
