import { SamepadError } from 'samepad/geometry'

/** One value of the page's state, and how it is written in a link and in a field. */
export interface Part<T> {
  readonly initial: T
  /**
   * The value that a text means.
   *
   * @throws SamepadError on a text that means none; what it says stands next to the field
   */
  readonly read: (text: string) => T
  /** As `read`, of a link: what is wrong with a part of it is left out, and told. It throws where nothing is left. */
  readonly readSome?: (text: string) => { readonly value: T; readonly complaints: readonly string[] }
  /** The text of a value; `read` gives the value again. */
  readonly write: (value: T) => string
}

// biome-ignore lint/suspicious/noExplicitAny: parts of all kinds, whose values only they themselves read and write
export type Parts = Readonly<Record<string, Part<any>>>

/** The values of some parts. */
export type ValuesOf<P extends Parts> = { readonly [Name in keyof P]: P[Name] extends Part<infer T> ? T : never }

/** Parts that belong together: their names are the names in the link. */
export interface Group<P extends Parts = Parts> {
  readonly parts: P
  /** Throws a SamepadError where the values do not go together. */
  readonly check?: (values: ValuesOf<P>) => void
}

/** A group with its types inferred. */
export const group = <P extends Parts>(parts: P, check?: (values: ValuesOf<P>) => void): Group<P> => ({ parts, check })

/** What a field says as the library takes it: a number where it is written as one, else the text, to be refused. */
export function numeral(text: string): number {
  const trimmed = text.trim()
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : (trimmed as unknown as number)
}

/**
 * A number.
 *
 * @param check throws where the number is none, with the library's words
 */
export const number = (initial: number, check: (value: number) => void): Part<number> => ({
  initial,
  read: (text) => {
    const value = numeral(text)
    check(value)
    return value
  },
  write: String,
})

/** One of some words. */
export const choice = <T extends string>(what: string, words: readonly T[], initial: T = words[0]): Part<T> => ({
  initial,
  read: (text) => {
    const word = words.find((one) => one === text)
    if (word === undefined) throw new SamepadError('explorer', `${what} must be one of ${words.join(', ')}`, text)
    return word
  },
  write: (value) => value,
})

/** An index of something drawn; what is drawn ends earlier when it must. */
export const index = (what: string): Part<number> =>
  number(0, (value) => {
    if (Number.isSafeInteger(value) && value >= 0) return
    throw new SamepadError('explorer', `${what} must be an integer of at least 0`, value)
  })
