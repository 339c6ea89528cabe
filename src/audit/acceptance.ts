import type { Finding } from './finding.ts'

/** Findings that are known and meant to stay. */
export interface Acceptance {
  /** Name of the rule. */
  readonly rule: string
  /** Name of the node; undefined stands for every finding of the rule. */
  readonly node?: string | undefined
  /** Why it may stay. */
  readonly reason: string
  /** The last day on which it holds, `2027-03-31`; undefined has no end. */
  readonly until?: string | undefined
}

/** A finding that somebody accepted. */
export interface Accepted {
  readonly finding: Finding
  readonly reason: string
  readonly until: string | undefined
}

/** Findings, apart from those that were accepted. */
export interface Sorted {
  readonly findings: readonly Finding[]
  readonly accepted: readonly Accepted[]
  /** Acceptances whose day has passed, although there still is such a finding. */
  readonly expired: readonly Acceptance[]
  /** Acceptances of which there is no finding any more. */
  readonly unused: readonly Acceptance[]
}

/**
 * Sorts out what was accepted.
 *
 * @param today the day, as `2026-11-29`
 */
export function sortOut(findings: readonly Finding[], acceptances: readonly Acceptance[], today: string): Sorted {
  const holds = ({ until }: Acceptance): boolean => until === undefined || today <= until
  const meant =
    (finding: Finding) =>
    (one: Acceptance): boolean =>
      one.rule === finding.rule && (one.node === undefined || one.node === finding.node?.name)
  const accepted = findings.flatMap((finding): Accepted[] => {
    const one = acceptances.find((acceptance) => holds(acceptance) && meant(finding)(acceptance))
    return one ? [{ finding, reason: one.reason, until: one.until }] : []
  })
  const isAccepted = new Set(accepted.map(({ finding }) => finding))
  const isFound = (one: Acceptance): boolean => findings.some((finding) => meant(finding)(one))
  return {
    findings: findings.filter((finding) => !isAccepted.has(finding)),
    accepted,
    expired: acceptances.filter((one) => !holds(one) && isFound(one)),
    unused: acceptances.filter((one) => !isFound(one)),
  }
}
