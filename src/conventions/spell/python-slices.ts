import { effectiveKernel } from '../../geometry/index.ts'
import type { TapsCall, Words } from './channels-last.ts'

/** Slices of the spatial axes of a tensor with channels last; those at the end that take everything are left out. */
function slices(perAxis: readonly string[]): string {
  const last = perAxis.findLastIndex((slice) => slice !== ':')
  return `[${[':', ...perAxis.slice(0, last + 1)].join(', ')}]`
}

/** The list of an axis's taps, each the cells that it sees in all windows. */
export function taps({ dimension, axis, span }: Pick<TapsCall, 'dimension' | 'axis' | 'span'>): string {
  const { kernel, dilation, stride } = axis
  const step = stride === 1 ? '' : `:${stride}`
  const before = new Array(dimension).fill(':')
  const each = dilation === 1 ? `range(${kernel})` : `range(0, ${effectiveKernel(axis)}, ${dilation})`
  return `[x[${[...before, `t:t + ${span}${step}`].join(', ')}] for t in ${each}]`
}

/** The expressions that Python and NumPy's operators give to every framework alike. */
export const operators: Pick<Words, 'everyNth' | 'crop' | 'divide' | 'withBias'> = {
  everyNth: (steps) => `x${slices(steps.map((step) => (step === 1 ? ':' : `::${step}`)))}`,
  crop: (begins, sizes) => `x${slices(begins.map((begin, axis) => `${begin || ''}:${begin + sizes[axis]}`))}`,
  divide: (a, b) => `${a} / ${b}`,
  withBias: 'x = x if bias is None else x + bias',
}
