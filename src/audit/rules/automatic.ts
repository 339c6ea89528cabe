import type { Pads } from '../../geometry/index.ts'
import { explicitPads } from '../explicit-pads.ts'
import type { Proposal } from '../finding.ts'
import type { Layer } from '../layer.ts'
import { padsText } from '../sentences.ts'

/** Whether a node leaves its padding to the runtime. */
export function isAutomatic({ spatial: { written } }: Layer): boolean {
  return written.autoPad === 'SAME_UPPER' || written.autoPad === 'SAME_LOWER'
}

/** The proposal to write a node's padding as numbers, where there are some. */
export function resolved({ spatial }: Layer, isOpen: boolean): Proposal | undefined {
  const explicit = explicitPads(spatial, isOpen)
  if (typeof explicit === 'string') return undefined
  return { action: 'explicit', safe: explicit.always, what: writing(explicit.pads) }
}

/** What a proposal says that it writes. */
export const writing = (pads: readonly Pads[]): string => `write pads ${padsText(pads)}`
