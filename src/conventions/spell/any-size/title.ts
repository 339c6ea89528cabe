import type { Op } from '../../../geometry/index.ts'
import { each } from '../windows.ts'
import { type AnySizeLayer, isSamePads } from './layer.ts'

const names: Readonly<Record<Op, string>> = {
  conv: 'Conv',
  convTranspose: 'ConvTranspose',
  maxPool: 'MaxPool',
  averagePool: 'AvgPool',
}

/** The name of a class: `Conv2dSame`, `MaxPool1dSameLower`. */
export function moduleName({ op, axes, convention }: AnySizeLayer): string {
  const words = convention.padding.split(/[^a-z0-9]+/).filter(Boolean)
  const capital = (word: string): string => word[0].toUpperCase() + word.slice(1)
  return `${names[op]}${axes.length}d${words.map(capital).join('')}`
}

/** One line on a layer: its convention and sizes, and that it takes any input. */
export function titleOf({ op, axes, convention }: AnySizeLayer): string {
  const [kernel, stride, dilation] = (['kernel', 'stride', 'dilation'] as const).map((name) =>
    each(axes, name).join(' x '),
  )
  const rule = axes.some(({ pads }) => isSamePads(pads)) ? ', output = ceil(input / stride)' : ''
  return `${convention.id}: ${op} ${kernel}, stride ${stride}, dilation ${dilation}${rule}, for inputs of any size.`
}
