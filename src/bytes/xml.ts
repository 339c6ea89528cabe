import { Verbatim } from '../geometry/error.ts'
import type { Span } from './bytes.ts'
import { fileError } from './file-error.ts'
import { isSpace, pastSpace } from './space.ts'

// XML 1.0 without document types: elements and attributes with the places of their bytes. Texts between are passed by
// unless asked for.

const STAGE = 'xml'
/** The deepest that elements lie within each other, and the longest name. */
const [DEEPEST, LONGEST_NAME] = [256, 256]

/** An attribute of an element. */
export interface XmlAttribute {
  readonly value: string
  /** Its value between the quotes. */
  readonly place: Span
  /** Its name, value and the space before it. */
  readonly whole: Span
}

/** An element with its attributes and the elements in it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, XmlAttribute>
  readonly children: readonly XmlElement[]
  /** What stands between its tags, without elements; entities as they are written. */
  readonly text: string
  /** From its first tag to behind its last one. */
  readonly place: Span
}

interface Open {
  readonly name: string
  readonly attributes: Map<string, XmlAttribute>
  readonly children: XmlElement[]
  text: string
  readonly begin: number
}

const decoder = new TextDecoder()
const [LT, GT, SLASH, EQUALS, BANG, QUESTION] = [0x3c, 0x3e, 0x2f, 0x3d, 0x21, 0x3f]

/**
 * The root element of a document.
 *
 * @throws SamepadError on what is no well-formed element, on document types (which can expand without bound), and on
 * elements more than 256 deep
 */
export function readXml(bytes: Uint8Array): XmlElement {
  const top: Open = { name: '', attributes: new Map(), children: [], text: '', begin: 0 }
  const open = [top]
  let at = 0
  while (at < bytes.length) {
    const current = open[open.length - 1]
    const next = bytes.indexOf(LT, at)
    const end = next < 0 ? bytes.length : next
    if (end > at && open.length > 1) current.text += decoder.decode(bytes.subarray(at, end))
    if (next < 0) break
    const second = bytes[next + 1]
    if (second === QUESTION) at = passed(bytes, next, '?>')
    else if (second === BANG) at = passMarked(bytes, next)
    else if (second === SLASH) at = close(bytes, next, open)
    else at = element(bytes, next, open)
  }
  if (open.length > 1)
    throw fileError(STAGE, `<${open[open.length - 1].name}> must be closed`, new Verbatim('the end'), at)
  if (top.children.length !== 1) throw fileError(STAGE, 'a document must have one element', top.children.length)
  return top.children[0]
}

/** Behind the first mark after a place. */
function passed(bytes: Uint8Array, from: number, mark: string): number {
  const codes = [...mark].map((char) => char.charCodeAt(0))
  for (let at = bytes.indexOf(codes[0], from); at >= 0; at = bytes.indexOf(codes[0], at + 1)) {
    if (codes.every((code, index) => bytes[at + index] === code)) return at + codes.length
  }
  throw fileError(STAGE, `${mark} must follow`, new Verbatim('the end'), from)
}

/** Comments and character data are passed by; a document type is refused. */
function passMarked(bytes: Uint8Array, at: number): number {
  const head = decoder.decode(bytes.subarray(at, at + 9))
  if (head.startsWith('<!--')) return passed(bytes, at + 4, '-->')
  if (head === '<![CDATA[') return passed(bytes, at + 9, ']]>')
  throw fileError(STAGE, 'a document must have no document type', new Verbatim(head), at)
}

function close(bytes: Uint8Array, from: number, open: Open[]): number {
  const [name, after] = nameAt(bytes, from + 2)
  const at = pastSpace(bytes, after)
  const current = open.pop() as Open
  if (bytes[at] !== GT || open.length === 0 || current.name !== name) {
    throw fileError(STAGE, `</${current.name}> must come next`, new Verbatim(`</${name}>`), from)
  }
  finish(current, open, at + 1)
  return at + 1
}

function finish({ begin, ...rest }: Open, open: readonly Open[], end: number): void {
  open[open.length - 1].children.push({ ...rest, place: { begin, end } })
}

/** An opening tag; one that ends with `/>` is a whole element. */
function element(bytes: Uint8Array, begin: number, open: Open[]): number {
  const [name, after] = nameAt(bytes, begin + 1)
  const attributes = new Map<string, XmlAttribute>()
  const opened: Open = { name, attributes, children: [], text: '', begin }
  let at = after
  for (;;) {
    const from = at
    at = pastSpace(bytes, at)
    if (bytes[at] === SLASH && bytes[at + 1] === GT) {
      finish(opened, open, at + 2)
      return at + 2
    }
    if (bytes[at] === GT) break
    if (at >= bytes.length || at === from)
      throw fileError(STAGE, `<${name}> must be closed`, new Verbatim('other bytes'), at)
    at = attribute(bytes, at, from, attributes)
  }
  if (open.length > DEEPEST) throw fileError(STAGE, `elements must lie at most ${DEEPEST} deep`, open.length, begin)
  open.push(opened)
  return at + 1
}

function attribute(bytes: Uint8Array, at: number, from: number, attributes: Map<string, XmlAttribute>): number {
  const [name, after] = nameAt(bytes, at)
  const equals = pastSpace(bytes, after)
  const quote = pastSpace(bytes, equals + 1)
  const isQuoted = bytes[equals] === EQUALS && (bytes[quote] === 0x22 || bytes[quote] === 0x27)
  const end = isQuoted ? bytes.indexOf(bytes[quote], quote + 1) : -1
  if (end < 0) throw fileError(STAGE, `attribute ${name} must have a value in quotes`, new Verbatim('none'), at)
  if (attributes.has(name))
    throw fileError(STAGE, `attribute ${name} must stand once`, new Verbatim('a second one'), at)
  const place = { begin: quote + 1, end }
  // White space counts as a blank each, and the end of a line of two characters as one.
  const text = decoder.decode(bytes.subarray(place.begin, end)).replace(/\r\n|[\t\n\r]/g, ' ')
  const value = unescaped(text, at)
  attributes.set(name, { value, place, whole: { begin: from, end: end + 1 } })
  return end + 1
}

function nameAt(bytes: Uint8Array, at: number): [name: string, after: number] {
  let end = at
  while (end < bytes.length && !isSpace(bytes[end]) && ![GT, SLASH, EQUALS, LT].includes(bytes[end])) end++
  if (end === at || end - at > LONGEST_NAME)
    throw fileError(STAGE, `a name must have 1 to ${LONGEST_NAME} bytes`, end - at, at)
  return [decoder.decode(bytes.subarray(at, end)), end]
}

/** The five names that XML knows without a document type. */
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function unescaped(text: string, at: number): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const code = /^#x[0-9a-f]{1,6}$/i.test(name)
      ? Number.parseInt(name.slice(2), 16)
      : /^#\d{1,7}$/.test(name)
        ? Number(name.slice(1))
        : -1
    if (code > 0 && code <= 0x10ffff && whole.endsWith(';')) return String.fromCodePoint(code)
    if (Object.hasOwn(entities, name) && whole.endsWith(';')) return entities[name]
    throw fileError(STAGE, 'an entity must be one of lt, gt, amp, quot, apos or a number', new Verbatim(whole), at)
  })
}
