import { clip, SamepadError, Verbatim } from '../geometry/error.ts'

/**
 * A value of type JSON object from its text, which must begin with the brace and name nothing twice in one object:
 * JSON.parse would keep the last, another reader the first.
 */
export function parseObject(stage: string, what: string, text: string): Record<string, unknown> {
  if (text[0] !== '{') throw new SamepadError(stage, `${what} must be a JSON object and begin with {`, text[0])
  const value = parse(stage, what, text)
  checkNames(stage, what, text)
  return value
}

function parse(stage: string, what: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new SamepadError(stage, `${what} must be JSON`, new Verbatim(clip((error as Error).message)))
  }
}

/** Walks through a text known to be JSON, where all that matters is braces and strings. */
function checkNames(stage: string, what: string, text: string): void {
  const open: Set<string>[] = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') open.push(new Set())
    if (text[at] === '}') open.pop()
    if (text[at] !== '"') continue
    const begin = at
    for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++
    if (!isFollowedByColon(text, at + 1)) continue
    const names = open[open.length - 1]
    const name = JSON.parse(text.slice(begin, at + 1))
    if (names.has(name)) throw new SamepadError(stage, `${what} must not name anything twice in one object`, name)
    names.add(name)
  }
}

/** Of all strings only an object's names are. */
function isFollowedByColon(text: string, from: number): boolean {
  let at = from
  while (' \t\r\n'.includes(text[at])) at++
  return text[at] === ':'
}
