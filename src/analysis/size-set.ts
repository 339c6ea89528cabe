/**
 * A set of sizes, described for all of them: residues of a period from some size on, and what is below. The smallest
 * period and the smallest `from` that say it.
 */
export interface SizeSet {
  /** From this size on the residues decide. */
  readonly from: number
  readonly period: number
  /** The sizes n of at least `from` that belong are those with n modulo `period` in this list, in order. Empty: none. */
  readonly residues: readonly number[]
  /** The sizes below `from` that belong, in order. */
  readonly below: readonly number[]
}

/** Whether a size belongs to a set. */
export function belongs({ from, period, residues, below }: SizeSet, size: number): boolean {
  return size < from ? below.includes(size) : residues.includes(size % period)
}

/**
 * The description of a set that was looked at from 1 on.
 *
 * @param seen whether the size `index + 1` belongs, for sizes from 1 on
 * @param period a period that the set has in the end, or a multiple of it; without it, the shortest one with which the last
 * two thirds of what was looked at repeat
 * @returns undefined where the last two periods that were looked at are not alike: there is no telling how it goes on
 */
export function sizeSetOf(seen: readonly boolean[], period?: number): SizeSet | undefined {
  const last = seen.length
  const reach = 2 * (period ?? Math.ceil(last / 3))
  if (last < reach) return undefined
  const periods = Array.from({ length: reach / 2 }, (_, index) => index + 1)
  const candidates = period === undefined ? periods : periods.filter((one) => period % one === 0)
  const shortest = candidates.find((one) => repeatsFrom(seen, one) <= last - reach)
  if (shortest === undefined) return undefined
  const from = repeatsFrom(seen, shortest) + 1
  const residues = Array.from({ length: shortest }, (_, index) => from + index)
    .filter((size) => seen[size - 1])
    .map((size) => size % shortest)
    .sort((a, b) => a - b)
  const below = Array.from({ length: from - 1 }, (_, index) => index + 1).filter((size) => seen[size - 1])
  return { from, period: shortest, residues, below }
}

/** The index from which on each entry is like the one a period later. */
function repeatsFrom(seen: readonly boolean[], period: number): number {
  let from = Math.max(0, seen.length - period)
  while (from > 0 && seen[from - 1] === seen[from - 1 + period]) from--
  return from
}

/** The nearest size of at most, and of at least, the wanted one that belongs; undefined where there is none. */
export function nearestIn(set: SizeSet, near: number): { below: number | undefined; above: number | undefined } {
  const { from, period, below } = set
  const search = (first: number, way: 1 | -1): number | undefined => {
    // One period beyond `from` has every residue.
    for (let step = 0, size = first; step < period && size >= from; step++, size += way) {
      if (belongs(set, size)) return size
    }
    return undefined
  }
  const before = below.filter((size) => size <= near)
  return {
    below: search(near, -1) ?? before[before.length - 1],
    above: below.find((size) => size >= near) ?? search(Math.max(near, from), 1),
  }
}
