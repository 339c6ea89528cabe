import type { Span } from './bytes.ts'
import { isSpace, pastSpace } from './space.ts'

/** A part of an object: its value, and all of it from the quote of its name on. */
export interface JsonMember extends Span {
  readonly value: Span
}

// Where the values of a JSON text lie. The text must have been parsed before: what is no JSON gives places of no meaning,
// within the text. UTF-8 has the bytes of quotes and brackets for nothing else.

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d]
/** Behind a text that begins at a quote. */
function pastText(bytes: Uint8Array, begin: number): number {
  let at = begin + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return Math.min(at + 1, bytes.length)
}

/** Behind a value. */
function pastValue(bytes: Uint8Array, begin: number): number {
  let [at, depth] = [begin, 0]
  while (at < bytes.length) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = pastText(bytes, at)
      if (depth === 0) return at
      continue
    }
    const isEnd = byte === CLOSE || byte === CLOSE_LIST || byte === COMMA || isSpace(byte)
    if (depth === 0 && isEnd) return at
    if (byte === OPEN || byte === OPEN_LIST) depth++
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--
    at++
    if (depth === 0 && (byte === CLOSE || byte === CLOSE_LIST)) return at
  }
  return at
}

/** The value that a text or a part of it is. */
export function valueIn(bytes: Uint8Array, from = 0): Span {
  // Some writers put a mark of the byte order first.
  const begin = pastSpace(bytes, from === 0 && bytes[0] === 0xef ? 3 : from)
  return { begin, end: pastValue(bytes, begin) }
}

/** The elements of a list; none where it is something else. */
export function elementsOf(bytes: Uint8Array, { begin, end }: Span): Span[] {
  const found: Span[] = []
  if (bytes[begin] !== OPEN_LIST) return found
  for (let at = pastSpace(bytes, begin + 1); at < end - 1; at = pastSpace(bytes, at)) {
    if (bytes[at] === COMMA) at = pastSpace(bytes, at + 1)
    const past = pastValue(bytes, at)
    if (past === at) break
    found.push({ begin: at, end: past })
    at = past
  }
  return found
}

const decoder = new TextDecoder()

/** The members of an object by name, of those that stand twice the last; none where it is something else. */
export function membersOf(bytes: Uint8Array, { begin, end }: Span): Map<string, JsonMember> {
  const found = new Map<string, JsonMember>()
  if (bytes[begin] !== OPEN) return found
  for (let at = pastSpace(bytes, begin + 1); at < end - 1; at = pastSpace(bytes, at)) {
    if (bytes[at] === COMMA) at = pastSpace(bytes, at + 1)
    if (bytes[at] !== QUOTE) break
    const past = pastText(bytes, at)
    const colon = pastSpace(bytes, past)
    if (bytes[colon] !== COLON) break
    const value = pastSpace(bytes, colon + 1)
    const member = { begin: at, end: pastValue(bytes, value) }
    found.set(nameIn(bytes, at, past), { ...member, value: { begin: value, end: member.end } })
    at = member.end
  }
  return found
}

function nameIn(bytes: Uint8Array, begin: number, end: number): string {
  const text = decoder.decode(bytes.subarray(begin, end))
  try {
    return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1)
  } catch {
    return text
  }
}

/** A value by the names that lead to it. */
export function memberAt(bytes: Uint8Array, span: Span, ...path: readonly string[]): JsonMember | undefined {
  let found: JsonMember | undefined
  for (const name of path) {
    found = membersOf(bytes, found?.value ?? span).get(name)
    if (!found) return undefined
  }
  return found
}
