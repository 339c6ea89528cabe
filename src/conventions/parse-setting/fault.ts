import { SamepadError, Verbatim } from '../../geometry/index.ts'
import { nearest } from '../../words/nearest.ts'

const STAGE = 'setting'

/** What is wrong with the text of a setting. */
export function fault(must: string, got: unknown): SamepadError {
  return new SamepadError(STAGE, must, got)
}

/** A word that is none of the known ones, with the nearest of them where one is near. */
export function misspelt(what: string, word: string, known: readonly string[], otherwise: string): SamepadError {
  const meant = nearest(word, known)
  return fault(meant === undefined ? otherwise : `${what} is called ${meant}`, word)
}

/** Words in a message as they are, without quotes. */
export const plainly = (text: string): Verbatim => new Verbatim(text)
