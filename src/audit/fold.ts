import { chosen } from '../conventions/rows/chosen.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import { effectiveKernel, type Pads } from '../geometry/index.ts'
import type { FeedingPad } from '../network/spatial-node.ts'
import { operatorOf } from '../operators/index.ts'
import { compared, withoutMaximum } from './decide.ts'
import { isBare, LEAST, type NetworkLayer } from './layer.ts'

/** A `Pad` worked into the node that it feeds. */
export interface Fold {
  readonly pad: FeedingPad
  readonly pads: readonly Pads[]
  /** What an average has to say of its divisor; undefined where it says nothing. */
  readonly countIncludePad: boolean | undefined
  /** Whether the node computes the same afterwards: a maximum that saw zeros no longer sees them. */
  readonly safe: boolean
}

/**
 * Whether a `Pad` can become pads of the node that it feeds.
 *
 * @returns why it cannot, as a clause; undefined where no `Pad` feeds the node
 */
export function foldOf(layer: NetworkLayer): Fold | string | undefined {
  const { pad, body, written, node } = layer.spatial
  if (!pad) return undefined
  if (!operatorOf(node)?.window?.padsLikePad) return `${node.opType} has no such pads`
  const { mode, value } = pad.filling
  if (mode !== 'constant') return `it pads by ${mode}`
  if (value === undefined || !pad.pads) return 'its pads or its value are computed'
  if (pad.padsOthers !== false) return 'it pads batch or channels too'
  // Pads of the node would bring back the cells that it takes away.
  if (pad.pads.some((pads) => Math.min(...pads) < 0)) return 'it crops'
  if (node.outputs[1]) return 'the indices of the maxima count its cells'
  if (pad.shared || pad.body !== body) return 'others take its output too'
  if (!isBare(layer.spatial)) return 'another Pad or a Slice stands around the node'
  if (written.autoPad === 'SAME_UPPER' || written.autoPad === 'SAME_LOWER')
    return 'the node works out padding of its own'
  const isPool = layer.spatial.op !== 'conv'
  const isSeen = value === 0 && node.opType === 'MaxPool'
  const isIgnored = value <= LEAST && node.opType === 'MaxPool'
  if (value !== 0 && !isIgnored) return `it pads with ${value}`
  const settings = layer.axes.map(({ setting }) => setting)
  if (!settings.every((setting): setting is Setting => setting !== undefined)) return 'the window is not known'
  const folded = settings.map((setting) => foldedSetting(setting, isIgnored || isSeen))
  const refused = isPool && folded.some((setting) => refusesPool(setting))
  if (folded.some(({ pads = [0, 0] }) => Math.min(...pads) < 0) || refused) return 'the node refuses pads of that size'
  // Of a maximum and of a norm only the windows count, which rounding up may make fewer.
  if (!settings.every((one, axis) => compared(withoutMaximum(one), withoutMaximum(folded[axis]))?.equal)) {
    return layer.spatial.op === 'averagePool' ? 'the node would divide otherwise' : 'the node would round otherwise'
  }
  return {
    pad,
    pads: folded.map(({ pads = [0, 0] }) => pads),
    countIncludePad: layer.spatial.op === 'averagePool' ? true : undefined,
    safe: !isSeen || pad.inputIsNonNegative,
  }
}

function foldedSetting({ padded = [0, 0], pads = [0, 0], ...setting }: Setting, isIgnored: boolean): Setting {
  const sum: Pads = [pads[0] + padded[0], pads[1] + padded[1]]
  const counting = setting.op === 'averagePool' && !isIgnored ? { countIncludePad: true } : {}
  return { ...setting, ...counting, convention: chosen.numbers, pads: sum }
}

/** Whether what runs most models refuses pads of a pool, on an input that has room for its window. */
export function refusesPool(setting: Setting): boolean {
  const { pads = [0, 0] } = setting
  return isRejected(solve({ ...setting, convention: chosen.commonPool }, effectiveKernel(setting) + pads[0]))
}
