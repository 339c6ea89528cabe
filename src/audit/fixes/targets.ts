import { frameworks } from '../../conventions/rows/frameworks.ts'
import { conventionOf } from '../../conventions/rows/index.ts'
import type { Setting } from '../../conventions/setting.ts'
import { isRejected, solve } from '../../conventions/solve.ts'
import type { Pads } from '../../geometry/index.ts'
import type { SpatialNode } from '../../network/spatial-node.ts'
import { sampleSizes, staticPads } from '../decide.ts'
import { explicitPads, sizeless } from '../explicit-pads.ts'
import { foldOf, refusesPool } from '../fold.ts'
import { ruleSetting } from '../follows.ts'
import { isBare, type LayerAxis, type NetworkLayer } from '../layer.ts'
import { toPadNode } from './pad-node.ts'
import type { PlannedRewrite } from './planned.ts'
import { type WordRule, wordRefused, words } from './words.ts'

/** A way to write padding that a whole model can be rewritten to. */
export type Target = 'explicit' | 'auto-pad' | 'pad-node' | 'tf-same' | 'symmetric'

/** What becomes of a node: a rewrite, nothing because nothing has to be done, or a reason why it cannot be done. */
export type RewritePlan = PlannedRewrite | string | undefined

/** Every target, with what it does in one line. */
export const targets: Readonly<
  Record<
    Target,
    {
      readonly about: string
      readonly same: boolean
      readonly plan: (layer: NetworkLayer, isOpen: boolean) => RewritePlan
    }
  >
> = {
  explicit: { about: 'write automatic padding as numbers', same: true, plan: toExplicit },
  'auto-pad': { about: 'write pads that are SAME as auto_pad', same: true, plan: toAutoPad },
  'pad-node': {
    about: 'write pads that differ between begin and end as a Pad in front, for runtimes that refuse them',
    same: true,
    plan: toPadNode,
  },
  'tf-same': {
    about: 'pad as TensorFlow SAME wherever the output stays as large; changes what the model computes',
    same: false,
    plan: (layer, isOpen) => toRule(layer, 'tf-same', isOpen),
  },
  symmetric: {
    about: 'pad both sides alike wherever the output stays as large; changes what the model computes',
    same: false,
    plan: (layer, isOpen) => toRule(layer, 'symmetric', isOpen),
  },
}

function toExplicit(layer: NetworkLayer, isOpen: boolean): RewritePlan {
  const { autoPad = 'NOTSET' } = layer.spatial.written
  return autoPad === 'NOTSET' ? undefined : asNumbers(layer, isOpen)
}

/** The padding of a node as numbers, however it is written. */
export function asNumbers({ spatial }: NetworkLayer, isOpen: boolean): RewritePlan {
  const { autoPad, ceilMode } = spatial.written
  if (autoPad === 'VALID' && ceilMode && spatial.op !== 'convTranspose')
    return 'runtimes do not agree whether VALID rounds its output up'
  const explicit = explicitPads(spatial, isOpen)
  if (typeof explicit === 'string') return explicit
  const { pads, outputPadding, always } = explicit
  if (isRefused(spatial, pads)) return 'runtimes refuse pads as large as the kernel of a pool'
  return { padding: pads, always, ...(spatial.op === 'convTranspose' && { outputPadding }) }
}

/** Whether what runs most files of others refuses a pool of these pads. */
function isRefused({ axes, op }: SpatialNode, pads: readonly Pads[]): boolean {
  return axes.some(({ setting }, axis) => {
    if (!setting || op === 'conv' || op === 'convTranspose') return false
    const { framework } = conventionOf(setting.convention)
    return frameworks[framework].isReadByOthers === true && refusesPool({ ...setting, pads: pads[axis] })
  })
}

function toAutoPad({ spatial, axes }: NetworkLayer, isOpen: boolean): RewritePlan {
  const { autoPad = 'NOTSET', pads } = spatial.written
  if (autoPad !== 'NOTSET' || !pads?.some((cells) => cells !== 0)) return undefined
  if (spatial.op === 'convTranspose') return 'runtimes do not agree on auto_pad of a transposed convolution'
  if (spatial.before.length + spatial.behind.length > 0)
    return 'auto_pad would count what a Pad or a Slice around it adds or takes'
  if (spatial.written.ceilMode) return 'it rounds its output up'
  const rule = (['tf-same', 'same-lower'] as const).find((one) => axes.every((axis) => isLike(axis, one)))
  if (rule === undefined) return 'its pads are not SAME'
  const refused = wordRefused(axes, rule, { isOpen, opset: spatial.opset })
  return refused ?? { padding: words[rule].written, always: !isOpen }
}

function isLike({ setting, input }: LayerAxis, name: WordRule): boolean {
  if (!setting) return false
  const numbers = input === undefined ? fixedPads(setting, name) : padsAt(setting, name, input)
  return typeof numbers !== 'string' && numbers.pads.join() === setting.pads?.join()
}

/** The families of padding that are taken for each other where a network is ported. */
export type PortRule = 'tf-same' | 'symmetric'

/** Whether a layer has padding that a port may exchange for that of a rule: with both its output is as large. */
export const isExchanged = ({ axes, follows }: NetworkLayer, name: PortRule): boolean =>
  !follows.includes(name) &&
  !follows.includes('none') &&
  axes.length > 0 &&
  axes.every(({ setting, input }) => isSized(setting, input))

function toRule(layer: NetworkLayer, name: PortRule, isOpen: boolean): RewritePlan {
  const { spatial, axes } = layer
  if (!isExchanged(layer, name)) return undefined
  if (spatial.op === 'convTranspose') return 'it is transposed: samepad transposed lists its crops'
  if (spatial.written.ceilMode) return 'it rounds its output up'
  if (!isBare(spatial)) return 'a Pad or a Slice around it is part of what it computes'
  const fold = foldOf(layer)
  if (typeof fold === 'string') return `the Pad before it must be folded, but ${fold}`
  const folded = fold?.pad
  const numbers = axes.map(({ setting, input }) => {
    if (!setting) return 'its window is not known'
    return input === undefined || isOpen ? fixedPads(setting, name) : padsAt(setting, name, input)
  })
  const refusal = numbers.find((one) => typeof one === 'string')
  const open = axes.map((axis) => ({ ...axis, input: undefined }))
  const isTaken = name === 'tf-same' && wordRefused(open, name, { isOpen: true, opset: spatial.opset }) === undefined
  const word = isTaken ? words[name].written : undefined
  if (refusal === undefined)
    return { padding: (numbers as Numbers[]).map(({ pads }) => pads), word, folded, always: true }
  return word ? { padding: word, folded, always: true } : refusal
}

/** Whether an axis is padded to ceil(input / stride) outputs, by whichever rule: only such padding is exchanged. */
function isSized(setting: Setting | undefined, input: number | undefined): boolean {
  if (!setting) return false
  const rule = ruleSetting('tf-same', setting)
  if (!rule) return false
  return sampleSizes(setting, rule, input).every((cells) => {
    const [own, wanted] = [solve(setting, cells), solve(rule, cells)]
    return !isRejected(own) && !isRejected(wanted) && own.axis.output === wanted.axis.output
  })
}

interface Numbers {
  readonly pads: Pads
}

type Name = 'tf-same' | 'same-lower' | 'symmetric'

/** The pads of a rule at one size, if the output stays as large. */
function padsAt(setting: Setting, name: Name, input: number): Numbers | string {
  const rule = ruleSetting(name, setting)
  const [own, wanted] = [solve(setting, input), rule && solve(rule, input)]
  if (!wanted || isRejected(wanted)) return 'the rule has no answer here'
  const { padBegin, padEnd, output } = wanted.axis
  if (!isRejected(own) && own.axis.output !== output)
    return `its output would be ${output} instead of ${own.axis.output}`
  return { pads: [padBegin, padEnd] }
}

/** The pads of a rule at every size. */
function fixedPads(setting: Setting, name: Name): Numbers | string {
  const rule = ruleSetting(name, setting)
  const pads = rule && staticPads(rule)
  return pads ? { pads } : sizeless
}
