import { SamepadError } from './error.ts'

/** The largest size that is still exact. */
const LARGEST = Number.MAX_SAFE_INTEGER

/**
 * The most spatial axes. No framework slides a window over more than 3; the bound is there so that a length given by
 * mistake is refused before anything loops over it.
 */
const MOST_AXES = 16

/**
 * Checks that `options` is a plain object. Others are refused since what they inherit could not be checked for
 * misspelt names, and a Map would look like no options at all.
 */
export function checkObject(stage: string, options: unknown): void {
  if (typeof options === 'object' && options !== null) {
    const prototype = Object.getPrototypeOf(options)
    // The prototype of a plain object has none itself; this holds for objects from another window too.
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return
  }
  throw new SamepadError(stage, 'options must be a plain object', options)
}

/** Checks that `options` is an object without a misspelt name. An option that is undefined counts as not given. */
export function checkOptions(stage: string, options: object, names: readonly string[]): void {
  checkObject(stage, options)
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || names.includes(name)) continue
    const meant = nearest(name, names)
    throw new SamepadError(stage, meant ? `the option is called ${meant}` : `options are ${names.join(', ')}`, name)
  }
}

/**
 * The one known name that is the given one in another spelling (`output_shape`), or else the one that shares the
 * longest beginning with it, of three letters at least. None if two share as much.
 */
function nearest(given: string, names: readonly string[]): string | undefined {
  const letters = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')
  const wanted = letters(given)
  const scores = names.map((name) => {
    const known = letters(name)
    let shared = 0
    while (shared < known.length && known[shared] === wanted[shared]) shared++
    return known === wanted ? Number.POSITIVE_INFINITY : shared
  })
  const best = Math.max(...scores)
  const first = scores.indexOf(best)
  return best > 2 && first === scores.lastIndexOf(best) ? names[first] : undefined
}

/** Checks one integer of at least `least` that is still exact. */
export function checkInteger(stage: string, what: string, value: unknown, least: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least) {
    throw new SamepadError(stage, `${what} must be an integer of at least ${least}`, value)
  }
  if (value > LARGEST) throw new SamepadError(stage, `${what} must be at most ${LARGEST} (2^53 - 1)`, value)
  return value + 0 // + 0 turns -0 into 0
}

/** Checks a number of spatial axes. */
export function checkRank(stage: string, rank: unknown): number {
  if (Number.isInteger(rank) && (rank as number) >= 1 && (rank as number) <= MOST_AXES) return rank as number
  throw new SamepadError(stage, `there must be 1 to ${MOST_AXES} axes`, rank)
}

/** Checks a list of integers with one entry for each axis; a number stands for all of them. */
export function perAxis(stage: string, what: string, value: unknown, rank: number, least: number): number[] {
  return eachAxis(stage, what, value, rank, (entry, axis) =>
    checkInteger(stage, `${what} of axis ${axis}`, entry, least),
  )
}

/** Checks the entry of each axis; what is no list stands for all of them. */
export function eachAxis<T>(
  stage: string,
  what: string,
  value: unknown,
  rank: number,
  check: (entry: unknown, axis: number) => T,
): T[] {
  if (ArrayBuffer.isView(value)) throw new SamepadError(stage, `${what} must be an array`, value)
  const list: readonly unknown[] = Array.isArray(value) ? value : new Array(rank).fill(value)
  if (list.length !== rank) {
    throw new SamepadError(stage, `${what} must have one entry for each of the ${rank} axes`, list)
  }
  return Array.from(list, check) // not map, which leaves out the holes of a sparse list
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
