import type { Fill, Op, Pads } from '../../geometry/index.ts'
import { fault } from './fault.ts'

/** What a text says of a layer. Lists have one entry for all axes, or one for each. */
export interface Said {
  /** The framework's word, perhaps with a version, or the id of a convention. */
  readonly framework?: string
  readonly op?: Op
  /** How many axes the layer has, where its name tells. */
  readonly rank?: number
  /** The framework's word for the padding. */
  readonly padding?: string
  readonly kernel?: readonly number[]
  readonly stride?: readonly number[]
  readonly dilation?: readonly number[]
  readonly pads?: readonly Pads[]
  readonly padded?: readonly Pads[]
  readonly outputPadding?: readonly number[]
  readonly outputShape?: readonly number[]
  readonly fill?: Fill
  readonly ceilMode?: boolean
  readonly countIncludePad?: boolean
  readonly drop?: number
  readonly cut?: number
  readonly every?: number
  readonly trim?: boolean
  /** How many groups the channels are split into. */
  readonly groups?: number
  /** Each channel by itself: as many groups as there are input channels. */
  readonly isDepthwise?: boolean
  /** The call in which no kernel is named, since it is that of its weights. */
  readonly kernelOf?: string
}

/** How the parts are called in messages. */
export const partNames: Readonly<Record<keyof Said, string>> = {
  framework: 'framework',
  op: 'operation',
  rank: 'number of axes',
  padding: 'padding',
  kernel: 'kernel',
  stride: 'stride',
  dilation: 'dilation',
  pads: 'padding',
  padded: 'padding beforehand',
  outputPadding: 'output padding',
  outputShape: 'output',
  fill: 'padding values',
  ceilMode: 'rounding',
  countIncludePad: 'divisor',
  drop: 'dropped outputs',
  cut: 'cut outputs',
  every: 'kept outputs',
  trim: 'trim',
  groups: 'groups',
  isDepthwise: 'depthwise',
  kernelOf: 'call',
}

/** Adds what one more word says. Nothing may be said twice. */
export function both(one: Said, more: Said, text: string): Said {
  for (const name of Object.keys(more) as (keyof Said)[]) {
    if (more[name] !== undefined && one[name] !== undefined) {
      throw fault(`a setting must say its ${partNames[name]} once`, text)
    }
  }
  return { ...one, ...withoutUndefined(more) }
}

function withoutUndefined(said: Said): Said {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}
