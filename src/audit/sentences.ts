import type { Pads } from '../geometry/index.ts'
import { paddingRules, type RuleName } from './follows.ts'
import type { Layer } from './layer.ts'

/** One pair for all axes that are alike, else one for each: `0,1`, `1,1 0,0`; `?` where it is not known. */
export function padsText(pads: readonly (Pads | undefined)[]): string {
  const each = pads.map((pair) => pair?.join(',') ?? '?')
  return new Set(each).size === 1 ? each[0] : each.join(' ')
}

/** The effective pads of a layer. */
export const layerPads = ({ axes }: Layer): string => padsText(axes.map(({ pads }) => pads))

/** `3x3 stride 2`, as far as it is known. */
export function windowText({ axes }: Layer): string {
  const each = (pick: (setting: NonNullable<(typeof axes)[number]['setting']>) => number): string[] =>
    axes.map(({ setting }) => (setting ? String(pick(setting)) : '?'))
  const [kernels, strides, dilations] = [
    each((one) => one.kernel),
    each((one) => one.stride),
    each((one) => one.dilation),
  ]
  const word = (name: string, list: string[]): string => {
    if (list.every((value) => value === '1')) return ''
    return ` ${name} ${new Set(list).size === 1 ? list[0] : list.join('x')}`
  }
  return `${kernels.join('x')}${word('stride', strides)}${word('dilation', dilations)}`
}

/** Which of the two families pad like this: TensorFlow SAME, PyTorch symmetric, both or neither; other rules by name. */
export function familyOf({ follows, axes, spatial, lean }: Layer): string {
  if (axes.length === 0) return 'not known'
  const has = (name: RuleName): boolean => follows.includes(name)
  // An even crop is one that PyTorch's padding can ask for, and no side has more of it.
  const isEven = spatial.op === 'convTranspose' ? has('same-lower') : has('symmetric')
  if (has('tf-same') && isEven) return 'both'
  const first = (['tf-same', 'none', 'symmetric', 'same-lower', 'causal'] as const).find(has)
  if (first) return paddingRules[first].title
  return lean === 'tf-same' ? 'SAME at some sizes' : 'neither'
}

/** `1 layer`, `2 layers`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
