import {
  type Convention,
  conventions,
  crops,
  formulaText,
  isTransposed,
  shares,
  totals,
  transposedSizes,
  versionsText,
} from 'samepad/geometry'

/** A convention as a line that can be searched. */
export interface Line {
  readonly id: string
  readonly framework: string
  readonly ops: string
  /** How many cells in all, and how many of them first; transposed, the size and what is cropped. */
  readonly rule: readonly [total: string, share: string]
  readonly fault: string | undefined
  readonly source: string
  /** The rule as fields of the page take it. */
  readonly text: string
  readonly convention: Convention
}

const lines: readonly Line[] = conventions.map((convention) => {
  const { id, ops, rule, fault, source, padding, framework } = convention
  return {
    ...{ id, source, convention, fault: fault?.what },
    framework: `${framework} ${versionsText(convention)}`.trim(),
    ops: ops.join(', '),
    rule: isTransposed(rule)
      ? [formulaText(transposedSizes[rule.size]), formulaText(crops[rule.crop])]
      : [formulaText(totals[rule.total]), formulaText(shares[rule.share])],
    text: padding === 'explicit' ? `${id} p1` : id,
  }
})

/** The conventions in which every word of a search is found; first those whose names have them. */
export function found(search: string): readonly Line[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const inName = ({ id }: Line): number => words.filter((word) => id.includes(word)).length
  const matching = lines.filter(({ id, framework, ops, source, fault = '' }) => {
    const all = `${id} ${framework} ${ops} ${source} ${fault}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
  return matching.sort((a, b) => inName(b) - inName(a))
}
