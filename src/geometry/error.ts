/**
 * The one error that samepad throws on bad input. Its message is one line, `stage: what must hold, got value`,
 * for instance `resolve: strides of axis 1 must be an integer of at least 1, got 0`.
 */
export class SamepadError extends Error {
  override readonly name: string = 'SamepadError'

  /**
   * @param stage where it was noticed: `resolve`, `conv`, `pad`, `readSafetensors`, ...
   * @param must what must hold, as a sentence without its end
   * @param got the offending value, printed in short; or `Verbatim`
   */
  constructor(stage: string, must: string, got: unknown) {
    super(oneLine(`${stage}: ${must}, got ${got instanceof Verbatim ? got.text : show(got)}`))
  }
}

/** What was found, in words: it stands in a message as it is, where a text would be quoted like any value. */
export class Verbatim {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const LONGEST = 80 // characters of a value in a message
const DEEPEST = 2 // lists within lists; a list that holds itself would have no end

/** A value in short: strings quoted, typed arrays by type and length, lists in lists to the second level. */
export function show(value: unknown): string {
  return clip(write(value, DEEPEST))
}

/** A text of any length in short. */
export function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text
}

function write(value: unknown, depth: number): string {
  if (typeof value === 'string') return `'${value.slice(0, LONGEST)}'`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return depth > 0 ? writeList(value, depth - 1) : '[...]'
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (kind === 'Object') return `an object with ${writeKeys(Object.keys(value))}`
  const size = ArrayBuffer.isView(value) && 'length' in value ? ` of ${value.length} elements` : ''
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}${size}`
}

/** As many entries as can be shown: a list may have 2^32 - 1 of them. */
function writeList(list: readonly unknown[], depth: number): string {
  let text = ''
  for (let index = 0; index < list.length && text.length < LONGEST; index++) {
    text += (index ? ', ' : '') + write(list[index], depth)
  }
  return `[${text}]`
}

function writeKeys(keys: readonly string[]): string {
  return keys.length ? `keys ${keys.slice(0, LONGEST).join(', ')}` : 'no keys'
}

/** Control characters and line ends as escapes: names in a file may hold any. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`)
}
