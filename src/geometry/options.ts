import { SamepadError } from './error.ts'

/** The largest size that is still exact. */
const LARGEST = Number.MAX_SAFE_INTEGER

/** Checks that `options` is an object without a misspelt name. An option that is undefined counts as not given. */
export function checkOptions(stage: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new SamepadError(stage, 'options must be an object', options)
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || names.includes(name)) continue
    const meant = nearest(name, names)
    throw new SamepadError(stage, meant ? `the option is called ${meant}` : `options are ${names.join(', ')}`, name)
  }
}

/** The known name that shares the longest beginning with the given one, of three letters at least. */
function nearest(given: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let longest = 2
  for (const name of names) {
    let shared = 0
    while (shared < name.length && name[shared] === given[shared]) shared++
    if (shared > longest) [best, longest] = [name, shared]
  }
  return best
}

/** Checks one integer of at least `least` that is still exact. */
export function checkInteger(stage: string, what: string, value: unknown, least: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least) {
    throw new SamepadError(stage, `${what} must be an integer of at least ${least}`, value)
  }
  if (value > LARGEST) throw new SamepadError(stage, `${what} must be at most ${LARGEST} (2^53 - 1)`, value)
  return value
}

/** Checks a list of integers with one entry for each axis; a number stands for all of them. */
export function perAxis(stage: string, what: string, value: unknown, rank: number, least: number): number[] {
  const list = Array.isArray(value) ? value : new Array(rank).fill(value)
  checkLength(stage, what, list, rank)
  return list.map((entry, axis) => checkInteger(stage, `${what} of axis ${axis}`, entry, least))
}

/** Checks that a list has one entry for each axis. */
export function checkLength(stage: string, what: string, list: readonly unknown[], rank: number): void {
  if (list.length === rank) return
  throw new SamepadError(stage, `${what} must have one entry for each of the ${rank} axes`, list)
}

/** Checks that a value is one of the names that an option takes. */
export function checkChoice<T extends string>(stage: string, what: string, value: unknown, names: readonly T[]): T {
  if (names.includes(value as T)) return value as T
  throw new SamepadError(stage, `${what} must be one of ${names.join(', ')}`, value)
}

/** Checks true or false. */
export function checkBoolean(stage: string, what: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new SamepadError(stage, `${what} must be true or false`, value)
}
