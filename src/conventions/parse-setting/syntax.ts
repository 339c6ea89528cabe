import { fault } from './fault.ts'
import { type Token, tokensOf } from './tokens.ts'

/** A value in a call or after a name, with its text for messages. */
export type SyntaxValue = { readonly text: string } & (
  | { readonly kind: 'number'; readonly value: number }
  /** A text in quotes, or a bare word such as `True` or `lax.max`. */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'list'; readonly items: readonly SyntaxValue[] }
  /** `{ a: 1 }`, or `Config { a: 1 }`. */
  | { readonly kind: 'fields'; readonly fields: readonly CallArgument[] }
  /** A call, `PaddingConfig2d::Explicit(1, 1)`. */
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly CallArgument[] }
  /** An expression, which has a value only when a program runs. */
  | { readonly kind: 'expression' }
)

/** A value with the name that it is given by, if any. */
export interface CallArgument {
  /** Begins with a dot where it is a method behind the call: `.with_stride([2, 2])`. */
  readonly name?: string
  readonly value: SyntaxValue
}

/** What a text consists of, outside of brackets. */
export type Item = { readonly text: string } & (
  | { readonly kind: 'word' }
  | { readonly kind: 'named'; readonly name: string; readonly value: SyntaxValue }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly CallArgument[] }
  | { readonly kind: 'comma' }
)

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }
const DEEPEST = 24 // brackets within brackets

/** Operators of the ONNX specification, whose attributes may follow without brackets: `Conv strides=[2, 2]`. */
const ONNX_OPERATOR = /^(?:onnx::)?(?:Conv|ConvTranspose|QLinearConv|ConvInteger|MaxPool|AveragePool)$/

/** What stands before a call in a program and says nothing of it. */
const DECLARATION = /^(?:const|let|var|mut|return|await|auto)$/

/** The items of a text, in order. */
export function itemsOf(text: string): Item[] {
  return new TokenReader(text).items()
}

/** Reads tokens from left to right; every method leaves the place after what it read. */
class TokenReader {
  private readonly text: string
  private readonly tokens: readonly Token[]
  private at = 0

  constructor(text: string) {
    this.text = text
    this.tokens = tokensOf(text)
  }

  items(): Item[] {
    const items: Item[] = []
    while (this.at < this.tokens.length) {
      const item = this.item()
      if (item) items.push(item)
    }
    return items
  }

  private item(): Item | undefined {
    const { kind, text, start } = this.tokens[this.at]
    if (kind === 'mark' && text === '(' && this.isLabel()) {
      this.at += 4 // (conv1): before a layer that was printed
      return undefined
    }
    if (kind === 'mark') {
      this.at++
      if (text === ',') return { kind: 'comma', text }
      if (text === ';' || text === '?' || text === '&') return undefined
      throw fault('brackets and signs must belong to a call or a name', text)
    }
    this.at++
    if (DECLARATION.test(text) && this.peek(1) !== undefined) return undefined
    if (kind === 'quoted') return { kind: 'word', text }
    const next = this.peek()
    const hasAttributes = (next === '<' || next === '[') && ONNX_OPERATOR.test(text)
    if (next === '(' || next === '{' || hasAttributes) {
      const call = this.call(text, start)
      if (this.peek() !== '=') return call
      this.at++ // %4 : Float(1, 64) = onnx::Conv[...](...): the type of what is called
      return undefined
    }
    if (ONNX_OPERATOR.test(text) && this.peek(1) === '=') return this.attributes(text, start)
    if (next !== '=' && next !== ':') return { kind: 'word', text }
    this.at++
    if (this.beginsCall()) return undefined // conv1 = nn.Conv2d(...)
    const value = this.value(0, true)
    return { kind: 'named', name: text, value, text: this.since(start) }
  }

  private peek(ahead = 0): string | undefined {
    const token = this.tokens[this.at + ahead]
    return token?.kind === 'quoted' ? '' : token?.text
  }

  private since(start: number): string {
    return this.text.slice(start, this.tokens[this.at - 1].end)
  }

  private isLabel(): boolean {
    return this.peek(2) === ')' && this.peek(3) === ':'
  }

  /** Whether a call follows whose value is kept under the name before it. */
  private beginsCall(): boolean {
    const [word, open] = [this.peek() ?? '', this.peek(1)]
    if (/^PaddingConfig/.test(word)) return false
    return (
      ((open === '(' || open === '{') && /^[A-Za-z_]/.test(word)) || (ONNX_OPERATOR.test(word) && open !== undefined)
    )
  }

  /** A call with what follows it: methods that set attributes, and what it is applied to. */
  private call(name: string, start: number): Item {
    const isObject = this.peek() === '{'
    const first = this.bracketed(0)
    const given: CallArgument[] = isObject
      ? [{ value: { kind: 'fields', fields: first, text: this.since(start) } }]
      : first
    while (this.at < this.tokens.length) {
      const next = this.peek() as string
      if (next === '(' && !this.isLabel()) {
        const applied = this.bracketed(0)
        if (ONNX_OPERATOR.test(name)) given.push(...applied.filter((one) => one.name !== undefined))
      } else if (next === '?') this.at++
      else if (/^\.\w/.test(next) && this.peek(1) === '(') {
        this.at++
        const [first] = this.bracketed(0)
        given.push({ name: next, value: first?.value ?? { kind: 'expression', text: '' } })
      } else if (/^\.\w+$/.test(next)) this.at++
      else break
    }
    return { kind: 'call', name, given, text: this.since(start) }
  }

  /** `Conv kernel_shape=[3, 3] strides=[2, 2]`: attributes without brackets around them. */
  private attributes(name: string, start: number): Item {
    const given: CallArgument[] = []
    while (this.peek(1) === '=' && this.tokens[this.at].kind === 'word') {
      const key = this.tokens[this.at].text
      this.at += 2
      given.push({ name: key, value: this.value(0, false) })
      if (this.peek() === ',' && this.peek(2) === '=') this.at++
    }
    return { kind: 'call', name, given, text: this.since(start) }
  }

  /** The arguments in brackets that begin here. */
  private bracketed(depth: number): CallArgument[] {
    const { text: open, start } = this.tokens[this.at]
    const close = CLOSING[open]
    if (depth > DEEPEST) throw fault(`brackets must be nested at most ${DEEPEST} deep`, this.text.slice(start))
    this.at++
    const given: CallArgument[] = []
    while (this.peek() !== close) {
      if (this.at >= this.tokens.length)
        throw fault(`the bracket ${open} must be closed by ${close}`, this.text.slice(start))
      given.push(this.argument(depth, close))
      if (this.peek() === ',' || this.peek() === ';') this.at++
    }
    this.at++
    return given
  }

  private argument(depth: number, close: string): CallArgument {
    const [token, sign] = [this.tokens[this.at], this.peek(1)]
    const isName = token.kind === 'quoted' ? sign === ':' : token.kind === 'word' && (sign === '=' || sign === ':')
    if (isName) this.at += 2
    const start = this.tokens[this.at]?.start ?? this.text.length
    const value = this.value(depth, false)
    const ends = (): boolean => [undefined, ',', ';', close].includes(this.peek())
    if (ends()) return isName ? { name: token.text, value } : { value }
    while (!ends()) this.skip(depth)
    const expression: SyntaxValue = { kind: 'expression', text: this.since(start) }
    return isName ? { name: token.text, value: expression } : { value: expression }
  }

  private skip(depth: number): void {
    const token = this.tokens[this.at]
    if (token.kind === 'mark' && token.text !== '<' && Object.hasOwn(CLOSING, token.text)) this.bracketed(depth + 1)
    else this.at++
  }

  /** A value; outside of brackets numbers with commas between are one (`p=0,1`). */
  private value(depth: number, bare: boolean): SyntaxValue {
    while (this.peek() === '&') this.at++
    const token = this.tokens[this.at]
    if (!token) throw fault('a name must be followed by its value', this.text.slice(-40))
    const { start, kind, text } = token
    if (kind === 'mark') {
      if (text !== '(' && text !== '[' && text !== '{') {
        this.at++
        return { kind: 'expression', text }
      }
      const given = this.bracketed(depth + 1)
      if (text === '{') return { kind: 'fields', fields: given, text: this.since(start) }
      const items = given.map(({ value }) => value)
      // (3) is a number in brackets, (3,) a list.
      const isGroup = text === '(' && items.length === 1 && this.tokens[this.at - 2].text !== ','
      return isGroup ? items[0] : { kind: 'list', items, text: this.since(start) }
    }
    this.at++
    if (kind === 'word') {
      if (/^[-+]?\d+$/.test(text) && !(bare && this.peek() === ','))
        return { kind: 'number', value: Number(text), text }
      if (/^[A-Za-z_.]/.test(text) && !bare) {
        if (this.peek() === '(') {
          return { kind: 'call', name: text, given: this.bracketed(depth + 1), text: this.since(start) }
        }
        if (this.peek() === '{') {
          return { kind: 'fields', fields: this.bracketed(depth + 1), text: this.since(start) }
        }
      }
      while (bare && this.peek() === ',' && /^-?\d+(?:x-?\d+)*$/.test(this.peek(1) ?? '')) this.at += 2
    }
    return {
      kind: 'word',
      word: kind === 'word' ? this.since(start).replaceAll(/\s/g, '') : text,
      text: this.since(start),
    }
  }
}
