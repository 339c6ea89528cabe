import type { Audit, AuditRule, Diff, FixOptions, FixPlan, PortedDrift } from 'samepad/models'

// What the page and its worker tell each other.

export interface Request {
  readonly id: number
  /** A file of a model; the one before by default. */
  readonly file?: Blob
  /** Another export of it that it is compared with; with `file` only. */
  readonly other?: Blob
  /** Sizes that the file leaves open, and what is to be mended. */
  readonly options: FixOptions
  /** The mended file that is wanted, too. */
  readonly write: Written | undefined
}

/** Which file is mended: the one that is looked at, or the one that it is compared with, to pad as the first does. */
export type Written = 'first' | 'second'

/** A rule without what it does. */
export type RuleText = Omit<AuditRule, 'check'>

export interface Report {
  readonly audit: Audit
  /** The inputs as the file has them; those of the audit have the sizes that were given. */
  readonly inputs: Audit['inputs']
  /** The rules of its findings. */
  readonly rules: readonly RuleText[]
  /** Whether files of its format are rewritten. */
  readonly isRewritten: boolean
  /** What would be written otherwise, or is to be changed by hand where files of the format are not edited. */
  readonly plan: Pick<FixPlan, 'changes' | 'skipped' | 'byHand'>
  /** How far each layer would look elsewhere if the model were ported with the other family's padding. */
  readonly ported: PortedDrift
  /** How it differs from the other file, where there are two. */
  readonly diff?: Diff
  readonly second?: Second
  /** Milliseconds that it took to read and to audit. */
  readonly time: number
}

/** The file that the first one is compared with. */
export interface Second {
  readonly audit: Audit
  readonly rules: readonly RuleText[]
  /** What would be written otherwise in it so that it pads as the first one; undefined where there is no such rewrite. */
  readonly changes?: FixPlan['changes']
}

export interface Reply {
  readonly id: number
  readonly report?: Report
  /** Why there is no report. */
  readonly refusal?: string
  /** The mended file, read again and checked, and which one it is. */
  readonly written?: { readonly file: Blob; readonly which: Written }
}
