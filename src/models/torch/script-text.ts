import { fileError } from '../../bytes/file-error.ts'
import { Verbatim } from '../../geometry/error.ts'
import { deepest } from '../limits.ts'

// The Python that TorchScript writes: classes with attributes and methods, functions, and straight lines of assignments.

const STAGE = 'torchscript'
/** The deepest that expressions lie within each other. */
const DEEPEST = deepest.scriptText

/** An expression. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly entries: readonly Expression[] }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly of: Expression; readonly arguments: readonly Expression[] }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression }

/** A line of a body with what is indented below it. */
export interface ScriptLine {
  readonly text: string
  readonly below: ScriptLine[]
}

/** A method or function. */
export interface ScriptFunction {
  readonly parameters: readonly string[]
  readonly body: readonly ScriptLine[]
}

/** A class: the types and constants of its attributes, and its methods. */
export interface ScriptClass {
  readonly types: ReadonlyMap<string, string>
  readonly constants: ReadonlyMap<string, Expression>
  readonly methods: ReadonlyMap<string, ScriptFunction>
}

/** What a file of code defines, by name. */
export interface ScriptFile {
  readonly classes: ReadonlyMap<string, ScriptClass>
  readonly functions: ReadonlyMap<string, ScriptFunction>
}

/** Everything that a model's code defines, by its whole name. */
export interface ScriptCode {
  readonly classes: ReadonlyMap<string, ScriptClass>
  readonly functions: ReadonlyMap<string, ScriptFunction>
}

export function readScript(source: string): ScriptFile {
  const [classes, functions] = [new Map<string, ScriptClass>(), new Map<string, ScriptFunction>()]
  for (const line of linesOf(source)) {
    const [, className] = /^class (\w+)/.exec(line.text) ?? []
    if (className !== undefined) classes.set(className, classOf(line.below))
    else addFunction(line, functions)
  }
  return { classes, functions }
}

/** Lines by their indentation; a line that ends within brackets goes on in the next. */
function linesOf(source: string): ScriptLine[] {
  const root: ScriptLine[] = []
  const open: { readonly indent: number; readonly lines: ScriptLine[] }[] = [{ indent: -1, lines: root }]
  let pending = ''
  for (const raw of source.split('\n')) {
    const joined = pending === '' ? raw : `${pending} ${raw.trim()}`
    if (joined.trim() === '' || /^\s*#/.test(joined)) continue
    const brackets = (joined.match(/[([]/g)?.length ?? 0) - (joined.match(/[)\]]/g)?.length ?? 0)
    pending = brackets > 0 && /^\s*def /.test(joined) ? joined : ''
    if (pending !== '') continue
    const indent = joined.search(/\S/)
    while (open[open.length - 1].indent >= indent) open.pop()
    const line: ScriptLine = { text: joined.trim(), below: [] }
    open[open.length - 1].lines.push(line)
    open.push({ indent, lines: line.below })
  }
  return root
}

function addFunction({ text, below }: ScriptLine, into: Map<string, ScriptFunction>): void {
  const [, name, inside] = /^def (\w+)\((.*)\)[^)]*:$/.exec(text) ?? []
  if (name === undefined) return
  const parameters = partsOf(inside).map((part) => part.trim().split(/[:=\s]/)[0])
  into.set(name, { parameters, body: below })
}

/** Parts of a text between commas, but for those within brackets. */
function partsOf(text: string): string[] {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  for (let at = 0; at <= text.length; at++) {
    const char = text[at]
    if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth--
    else if (char === undefined || (char === ',' && depth === 0)) {
      if (text.slice(from, at).trim() !== '') parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return parts
}

function classOf(lines: readonly ScriptLine[]): ScriptClass {
  const [types, constants, methods] = [
    new Map<string, string>(),
    new Map<string, Expression>(),
    new Map<string, ScriptFunction>(),
  ]
  for (const line of lines) {
    const [, name, type, value] = /^(\w+) : ([^=]+?)(?: = (.*))?$/.exec(line.text) ?? []
    if (name === undefined) addFunction(line, methods)
    else if (value === undefined) types.set(name, type.trim())
    else constants.set(name, readExpression(value))
  }
  return { types, constants, methods }
}

const token = /\s*(?:(-?\d+(?:\.\d*)?(?:e[+-]?\d+)?)|([A-Za-z_]\w*)|("(?:[^"\\]|\\.)*")|(.))/y

/** Reads an expression. What follows it on the line does not count. */
export function readExpression(text: string): Expression {
  return new ExpressionReader(text).expression(0)
}

class ExpressionReader {
  readonly #tokens: string[]
  #at = 0

  constructor(text: string) {
    this.#tokens = []
    token.lastIndex = 0
    for (let found = token.exec(text); found; found = token.exec(text)) this.#tokens.push(found[0].trim())
  }

  expression(depth: number): Expression {
    if (depth > DEEPEST) throw fileError(STAGE, `expressions must lie at most ${DEEPEST} deep`, depth)
    let value = this.#primary(depth)
    for (;;) {
      const next = this.#tokens[this.#at]
      if (next === '.') {
        value = { kind: 'attribute', of: value, name: this.#tokens[this.#at + 1] ?? '' }
        this.#at += 2
      } else if (next === '(') value = { kind: 'call', of: value, arguments: this.#list(')', depth) }
      else if (next === '[') value = { kind: 'index', of: value, at: { kind: 'list', entries: this.#list(']', depth) } }
      else return value
    }
  }

  #primary(depth: number): Expression {
    const word = this.#tokens[this.#at] ?? ''
    if (word === '(') {
      const entries = this.#list(')', depth)
      return entries.length === 1 ? entries[0] : { kind: 'list', entries }
    }
    if (word === '[') return { kind: 'list', entries: this.#list(']', depth) }
    this.#at++
    if (/^-?\d/.test(word)) return { kind: 'number', value: Number(word) }
    if (word.startsWith('"')) return { kind: 'text', value: word.slice(1, -1) }
    if (/^\w/.test(word)) return { kind: 'name', name: word }
    throw fileError(
      STAGE,
      'an expression must be one of names, numbers, texts, lists and calls',
      new Verbatim(word || 'the end'),
    )
  }

  /** Entries within brackets; `name=value` counts as its value. */
  #list(close: string, depth: number): Expression[] {
    const entries: Expression[] = []
    this.#at++
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== close) {
      if (this.#tokens[this.#at] === ',') this.#at++
      else {
        if (this.#tokens[this.#at + 1] === '=') this.#at += 2
        entries.push(this.expression(depth + 1))
      }
    }
    this.#at++
    return entries
  }
}
