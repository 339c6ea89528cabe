import type { Setting } from '../conventions/setting.ts'
import { solve } from '../conventions/solve.ts'
import { windowsApart } from '../words/apart.ts'
import { isManageable, sampleSizes } from './decide.ts'
import type { NetworkLayer } from './layer.ts'

// How two copies of a layer part: at one size, and at others than the one that their files have.

/** A pool as the convolution with its windows: where it reads, not what it makes of padding. */
export const windowsOf = (setting: Setting): Setting =>
  setting.op === 'convTranspose' ? setting : { ...setting, op: 'conv' }

/** What a difference in padding does at one size; undefined where all windows lie alike. */
export function movedAt(a: Setting, b: Setting, input: number): string | undefined {
  const [one, two] = [solve(a, input), solve(b, input)]
  if ('rejected' in one || 'rejected' in two) return 'one of them has no answer at this size'
  if (one.axis.output !== two.axis.output) {
    return `outputs of ${one.axis.output} and ${two.axis.output} cells`
  }
  return windowsApart(a.op, one.axis, two.axis)
}

/**
 * How two layers that are alike at the size of their files part at others: SAME against numbers that are SAME at one size
 * only. Undefined where they do not, or no size is known.
 */
export function partingOf(a: NetworkLayer, b: NetworkLayer): string | undefined {
  for (const [axis, { input, setting }] of a.axes.entries()) {
    const other = b.axes[axis].setting
    if ((input ?? b.axes[axis].input) === undefined || !setting || !other) continue
    const text = isManageable(setting) && isManageable(other) ? residuesApart(setting, other) : undefined
    if (text !== undefined) return text
  }
  return undefined
}

/** The residues are told by number up to this period. */
const MOST_RESIDUES = 8

function residuesApart(a: Setting, b: Setting): string | undefined {
  const [one, two] = [windowsOf(a), windowsOf(b)]
  const sizes = sampleSizes(one, two, undefined)
  const apart = sizes.flatMap((size) => {
    const reason = movedAt(one, two, size)
    return reason === undefined
      ? []
      : [{ size, reason: reason.startsWith('outputs') ? 'their outputs differ in size' : reason }]
  })
  if (apart.length === 0) return undefined
  const period = sizes.length
  if (period === 2 && apart.length === 1)
    return `at ${apart[0].size % 2 === 1 ? 'odd' : 'even'} sizes ${apart[0].reason}`
  const rests = apart.map(({ size }) => size % period).sort((x, y) => x - y)
  if (period > MOST_RESIDUES || apart.length === period) return `at other sizes ${apart[0].reason}`
  return `at sizes that leave ${rests.join(', ')} when divided by ${period}, ${apart[0].reason}`
}
