import { fileError } from '../../bytes/file-error.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Span } from '../../network/model.ts'
import { deepest } from '../limits.ts'

// The text form of protocol buffers: `name: value`, `name { ... }`, comments from `#` to the end of the line.

const STAGE = 'prototxt'
/** The deepest that messages lie within each other. */
const DEEPEST = deepest.prototxt

/** A value with its place: a number, a word, or a text without its quotes. */
export interface Scalar {
  readonly text: string
  readonly place: Span
  /** First byte of its name. */
  readonly start: number
}

/** A message: its fields by name, each as often as it stands there. */
export class PrototxtMessage {
  readonly scalars = new Map<string, Scalar[]>()
  readonly messages = new Map<string, PrototxtMessage[]>()
  readonly begin: number
  /** Behind its closing brace. */
  end = 0

  constructor(begin: number) {
    this.begin = begin
  }

  text(name: string): string | undefined {
    return this.scalars.get(name)?.[0].text
  }

  texts(name: string): string[] {
    return (this.scalars.get(name) ?? []).map(({ text }) => text)
  }

  number(name: string): number | undefined {
    return this.numbers(name)[0]
  }

  numbers(name: string): number[] {
    return this.texts(name).map(Number).filter(Number.isFinite)
  }

  message(name: string): PrototxtMessage | undefined {
    return this.messages.get(name)?.[0]
  }

  all(...names: readonly string[]): PrototxtMessage[] {
    return names.flatMap((name) => this.messages.get(name) ?? [])
  }
}

/** Words, texts in quotes, marks; spaces, comments and separators between them are passed by. */
const token = /[\s,;]+|#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}<>:[\]]|[^\s"'#{}<>:[\],;]+/gy

/**
 * Reads a message from its text. Places count characters, which are bytes in these files.
 *
 * @throws SamepadError where braces do not match, a value is missing, or messages lie more than 64 deep
 */
export function readPrototxt(text: string): PrototxtMessage {
  const root = new PrototxtMessage(0)
  const open = [root]
  let name: string | undefined
  let start = 0
  let isValue = false
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const word = token.exec(text)?.[0]
    if (word === undefined) throw fileError(STAGE, 'a text must be closed', new Verbatim('the end of the line'), at)
    const current = open[open.length - 1]
    if (/^[\s,;#]/.test(word)) continue
    if (word === ':') isValue = true
    else if (word === '{' || word === '<') {
      if (name === undefined) throw fileError(STAGE, 'a message must have a name', new Verbatim(word), at)
      if (open.length === DEEPEST) throw fileError(STAGE, `messages must lie at most ${DEEPEST} deep`, open.length, at)
      const inner = new PrototxtMessage(at)
      push(current.messages, name, inner)
      open.push(inner)
      ;[name, isValue] = [undefined, false]
    } else if (word === '}' || word === '>') {
      if (open.length === 1) throw fileError(STAGE, 'a brace must close a message', new Verbatim(word), at)
      current.end = at + 1
      open.pop()
    } else if (word === '[') isValue = true
    else if (word === ']') [name, isValue] = [undefined, false]
    else if (isValue && name !== undefined) {
      const isQuoted = word[0] === '"' || word[0] === "'"
      const place = { begin: at + Number(isQuoted), end: at + word.length - Number(isQuoted) }
      push(current.scalars, name, { text: text.slice(place.begin, place.end), place, start })
      isValue = isListed(text, token.lastIndex)
    } else [name, start] = [word, at]
  }
  if (open.length > 1) throw fileError(STAGE, 'a message must be closed', new Verbatim('the end'), text.length)
  root.end = text.length
  return root
}

/** Whether another value of a list follows. */
const isListed = (text: string, at: number): boolean =>
  text[at] === ',' && !/^,\s*\w+\s*:/.test(text.slice(at, at + 64))

function push<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name)
  if (list) list.push(value)
  else lists.set(name, [value])
}
