import { type Language, python } from '../language.ts'
import type { SameShare } from './layer.ts'

/** The two sides of a total, as expressions. */
const sides: Readonly<Record<SameShare, (half: string) => readonly [begin: string, end: string]>> = {
  'smaller half': (half) => [half, `total - ${half}`],
  'larger half': (half) => [`total - ${half}`, half],
  all: () => ['total', '0'],
  none: () => ['0', 'total'],
}

/** The function `pads_of` (in JavaScript `padsOf`): the padding of one axis from its size. */
export function padsHelper(language: Language, begin: SameShare, atLeastZero: (value: string) => string): string[] {
  const half = language === python ? 'total // 2' : 'Math.floor(total / 2)'
  const [first, last] = sides[begin](half)
  const total = language.declare('total', atLeastZero('reach - 1 - (size - 1) % stride'))
  return language.define(
    'pads_of',
    ['size', 'reach', 'stride'],
    [
      language.comment('as many cells as ceil(size / stride) windows need, before and after the input'),
      total,
      `return ${language === python ? `(${first}, ${last})` : `[${first}, ${last}]`}`,
    ],
  )
}
