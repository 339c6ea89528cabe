/** What the caller of a transposed convolution may give, so that another formula holds. */
export type GivenOutput = 'outputPadding' | 'outputShape'

/**
 * How a formula is read. Letters: n input, k kernel, s stride, d dilation, K = d (k - 1) + 1, P the total, F the full result
 * of a transposed convolution, T what is cropped of it in all, op the output padding, p_begin and p_end what is given.
 */
export interface FormulaText {
  /** In symbols, so that numbers can stand for the letters. */
  readonly text: string
  /** A letter of its own that the symbols define. */
  readonly letter?: string
  /** What is added in words. */
  readonly words?: string
  /** Whether numbers do not stand for it: the words define one of its letters. */
  readonly isOpen?: true
  /** Whether the symbols hold a condition, so that they are no equation. */
  readonly isConditional?: true
  /** Whether T is one of its letters. */
  readonly ofSurplus?: true
  /** What it is where the caller gave that. */
  readonly given?: Readonly<Partial<Record<GivenOutput, Omit<FormulaText, 'given'>>>>
}

/** A named integer formula. */
export interface Formula<Arguments extends unknown[]> extends FormulaText {
  readonly of: (...values: Arguments) => number
}

/** The output that the caller asked for. */
export const ASKED: FormulaText = { text: 'as asked for' }

/** A formula as a text, with all that it is in other cases. */
export function formulaText(formula: FormulaText): string {
  const { outputPadding, outputShape } = formula.given ?? {}
  const shape =
    outputShape &&
    (outputShape === ASKED ? `, or ${ASKED.text}` : `; ${caseText(outputShape)} where an output was asked for`)
  return [caseText(formula), outputPadding && `, or ${caseText(outputPadding)}`, shape].filter(Boolean).join('')
}

/** The case of a formula that a layer is. */
export function caseOf(formula: FormulaText, has: (given: GivenOutput) => boolean): FormulaText {
  const { outputPadding, outputShape } = formula.given ?? {}
  if (outputShape && outputShape !== ASKED && has('outputShape')) return outputShape
  return outputPadding && has('outputPadding') ? outputPadding : formula
}

/** One case of a formula, without the others. */
export function caseText({ letter, text, words }: Omit<FormulaText, 'given'>): string {
  return `${letter ? `${letter} = ` : ''}${text}${words ? `, ${words}` : ''}`
}
