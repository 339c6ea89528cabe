import { frameworks } from '../../conventions/rows/frameworks.ts'
import { conventionOf, findConvention } from '../../conventions/rows/index.ts'
import type { Setting } from '../../conventions/setting.ts'
import { isRejected, solve } from '../../conventions/solve.ts'
import type { SameWord } from '../../network/model.ts'
import { sampleSizes } from '../decide.ts'
import { paddingRules, ruleSetting } from '../follows.ts'
import type { LayerAxis } from '../layer.ts'
import { deviationsOfAxis } from '../runtimes.ts'

/** The rules that formats have words for. */
export type WordRule = 'tf-same' | 'same-lower'

interface Word {
  /** As a rewrite says it. */
  readonly written: SameWord
  /** What rows of conventions call it. */
  readonly names: readonly string[]
}

export const words: Readonly<Record<WordRule, Word>> = {
  'tf-same': { written: 'SAME_UPPER', names: ['same-upper', 'same'] },
  'same-lower': { written: 'SAME_LOWER', names: ['same-lower'] },
}

/** Where a layer stands, as far as that matters for a word. */
export interface WordPlace {
  readonly isOpen: boolean
  readonly opset: number
}

/**
 * Whether a layer may be told by a word to pad by a rule: in files that others read their current versions must take the
 * word so, in other files the framework's own row.
 *
 * @returns why not, as a clause
 */
export function wordRefused(axes: readonly LayerAxis[], rule: WordRule, around: WordPlace): string | undefined {
  for (const { setting, input } of axes) {
    if (!setting) return 'its window is not known'
    const { framework } = conventionOf(setting.convention)
    const bare = { ...setting, pads: undefined, padded: undefined }
    if (frameworks[framework].isReadByOthers) {
      const automatic = { ...bare, convention: paddingRules[rule].forward }
      const found = deviationsOfAxis(automatic, input, { axes: axes.length, ...around })
      const current = found.find(({ isCommon, isCurrent }) => isCommon && isCurrent)
      if (current) return `${current.runtime} ${current.does} auto_pad here: ${current.why}`
    } else if (!hasWord(bare, input, rule, framework)) {
      return `${frameworks[framework].name} has no word for it`
    }
  }
  return undefined
}

/** Whether a framework pads by a rule where it is told a word. */
function hasWord(setting: Setting, input: number | undefined, rule: WordRule, framework: string): boolean {
  const wanted = ruleSetting(rule, setting)
  const [row] = words[rule].names.flatMap((name) => findConvention(framework, setting.op, name) ?? [])
  if (!row || !wanted) return false
  const own = { ...setting, ceilMode: undefined, convention: row.id }
  return sampleSizes(own, wanted, input).every((cells) => {
    const [a, b] = [solve(own, cells), solve(wanted, cells)]
    if (isRejected(a) || isRejected(b)) return false
    return a.axis.padBegin === b.axis.padBegin && a.axis.padEnd === b.axis.padEnd && a.axis.output === b.axis.output
  })
}
