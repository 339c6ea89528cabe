import { SamepadError } from 'samepad/geometry'

const MOST = 100_000 // names

/**
 * The names of classes in a file: one a line, or a list or an index in JSON, as Keras has it
 * (`{"0": ["n01440764", "tench"]}`).
 */
export function readClassNames(text: string): string[] {
  const names = /^\s*[[{]/.test(text) ? namesIn(parsed(text)) : text.split(/\r?\n/).map(plain)
  while (names.length > 0 && names[names.length - 1] === '') names.pop() // a last line that is empty
  if (names.length === 0 || names.length > MOST) {
    throw new SamepadError('explorer', `there must be 1 to ${MOST} names, one a line`, names.length)
  }
  return names
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SamepadError('explorer', 'names must be lines of text, or JSON', text.slice(0, 20))
  }
}

/** Numbers as keys come in their order. */
const namesIn = (value: unknown): string[] =>
  Object.values(value as object).map((one) => plain(String(Array.isArray(one) ? one[one.length - 1] : one)))

/** Without the number or the key of WordNet in front: `0: tench`, `n01440764 tench, Tinca tinca`. */
const plain = (line: string): string => line.trim().replace(/^(?:\d+\s*[:,;\t]|n\d{8}\b)\s*/, '')

/**
 * The name of a class.
 *
 * @param count how many entries the output has; where that is one more than there are names, the first stands for none of them
 */
export function classNameAt(names: readonly string[], at: number, count: number): string | undefined {
  const nothing = count - names.length
  if (nothing !== 0 && nothing !== 1) return undefined
  return at < nothing ? 'none of these' : names[at - nothing]
}
