import type { Setting } from '../../conventions/setting.ts'
import { compared } from '../decide.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { follows, isDownsample, ruleSetting } from '../follows.ts'
import { layerPads } from '../sentences.ts'
import { isAutomatic } from './automatic.ts'

/** Numbers that were right at the size of the export. */
export const bakedPads: AuditRule = {
  name: 'baked-pads',
  severity: 'warning',
  what: 'pads worked out for one input size, in a model that takes others',
  why:
    'SAME padding depends on the input modulo the stride. An exporter that writes it as numbers for the size it saw ' +
    'leaves a model that moves its grid by a cell, or loses an output, at other sizes. Where PyTorch pads 0,1 by hand ' +
    'before a 3x3 convolution of stride 2, as diffusion models do, or Keras both sides alike, as its ResNet does, that is ' +
    'how it was trained, and a note.',
  example: 'Conv 3x3, stride 2, pads 0,1 from an export at 224; at 225 TensorFlow pads 1,1 and has one output more.',
  fix: 'Export at the size of use; or fix the sizes of the inputs; or, where no runtime refuses it, write auto_pad.',
  fixable: 'no',
  *check({ layers, isFromTensorFlow }): Iterable<RuleFinding> {
    for (const layer of layers) {
      if (isAutomatic(layer) || layer.spatial.op === 'convTranspose') continue
      const open = layer.axes.find(
        ({ setting, input }) => setting && input === undefined && isBaked(setting, isFromTensorFlow),
      )
      if (!open?.setting) continue
      const message = `pads ${layerPads(layer)} are TensorFlow SAME ${sizesOf(open.setting)}, but the size is open`
      yield { layer, message, severity: isMild(open.setting, isFromTensorFlow) ? 'note' : 'warning' }
    }
  },
}

/** Whether pads are SAME at some sizes only, and nothing else that is common. */
function isBaked(setting: Setting, isFromTensorFlow: boolean): boolean {
  if (setting.stride === 1 || !setting.pads || isLike(setting, 'none')) return false
  if (!isFromTensorFlow && follows(setting, undefined)?.alike) return false
  return !isLike(setting, 'tf-same') && sizesOf(setting) !== undefined
}

function isLike(setting: Setting, name: 'none' | 'symmetric' | 'tf-same'): boolean {
  return comparedWith(setting, ruleSetting(name, setting))?.equal ?? false
}

/** Padding that networks are trained with as it is: both sides alike in Keras's ResNet, 0,1 in diffusion models. */
function isMild(setting: Setting, isFromTensorFlow: boolean): boolean {
  return isLike(setting, 'symmetric') || (isDownsample(setting) && !isFromTensorFlow)
}

/** At which sizes pads are SAME, in words; undefined where at none. */
function sizesOf(setting: Setting): string | undefined {
  const found = comparedWith(setting, ruleSetting('tf-same', setting))
  if (!found) return undefined
  const equal = found.residues.filter((residue) => residue.equal).map(({ residue }) => residue)
  if (equal.length === 0) return undefined
  if (found.modulus === 2) return equal[0] === 0 ? 'on even sizes only' : 'on odd sizes only'
  return `only on sizes that leave ${equal.join(' or ')} when divided by ${found.modulus}`
}

/** Windows alone count, so that a pool is compared as a convolution. */
const comparedWith = (setting: Setting, other: Setting | undefined): ReturnType<typeof compared> =>
  other && compared({ ...setting, op: 'conv' }, other)
