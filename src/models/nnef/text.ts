import { fileError } from '../../bytes/file-error.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Span } from '../../network/model.ts'
import { deepest } from '../limits.ts'

// The flat syntax of NNEF 1.0: a graph is a row of assignments, each of which calls an operation.

/** An argument: a number, a text or a truth, the name of a value, several of them. */
export type NnefArgument = number | string | boolean | { readonly value: string } | readonly NnefArgument[]

/** `outputs = operation(arguments);` */
export interface Assignment {
  readonly outputs: readonly string[]
  readonly operation: string
  /** By position first, then by name. */
  readonly positional: readonly NnefArgument[]
  readonly named: ReadonlyMap<string, NnefArgument>
  readonly place: Span
}

export interface NnefGraph {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly assignments: readonly Assignment[]
}

/** The deepest that lists lie within each other. */
const DEEPEST = deepest.nnef
const TOKEN =
  /\s*(?:#[^\n]*\n\s*)*(->|'[^'\n]*'|"[^"\n]*"|[A-Za-z_]\w*|-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|[=<>()[\],;{}]|$)/y

/** Reads the graph of a text; fragments before it only define operations. */
export function readGraph(text: string): NnefGraph {
  const [found] = text.matchAll(/\bgraph\s+\w+\s*\(/g)
  if (!found) throw fileError('nnef', 'a text must have a graph', new Verbatim('none'))
  return new Parser(text, found.index).graph()
}

class Parser {
  readonly #text: string
  #at: number
  #begin = 0
  #token = ''

  constructor(text: string, at: number) {
    this.#text = text
    this.#at = at
    this.#next()
  }

  graph(): NnefGraph {
    this.#take('graph')
    this.#next()
    const inputs = this.#names('(', ')')
    this.#take('->')
    const outputs = this.#names('(', ')')
    this.#take('{')
    const assignments: Assignment[] = []
    while (this.#token !== '}') assignments.push(this.#assignment())
    return { inputs, outputs, assignments }
  }

  #next(): string {
    const token = this.#token
    TOKEN.lastIndex = this.#at
    const found = TOKEN.exec(this.#text)
    if (!found)
      throw fileError('nnef', 'a word must be one of NNEF', this.#text.slice(this.#at, this.#at + 20), this.#at)
    this.#token = found[1]
    this.#at = TOKEN.lastIndex
    this.#begin = this.#at - this.#token.length
    return token
  }

  #take(wanted: string): void {
    if (this.#token !== wanted) throw fileError('nnef', `the text must go on with ${wanted}`, this.#token, this.#begin)
    this.#next()
  }

  /** Names between brackets, or one without. */
  #names(open: string, close: string): string[] {
    if (this.#token !== open) return [this.#name()]
    this.#next()
    const names: string[] = []
    while (this.#token !== close) {
      names.push(this.#name())
      if (this.#token !== close) this.#take(',')
    }
    this.#next()
    return names
  }

  #name(): string {
    if (!/^[A-Za-z_]/.test(this.#token))
      throw fileError('nnef', 'a name must begin with a letter', this.#token, this.#begin)
    return this.#next()
  }

  #assignment(): Assignment {
    const begin = this.#begin
    const outputs =
      this.#token === '[' ? this.#names('[', ']') : this.#token === '(' ? this.#names('(', ')') : [this.#name()]
    while (this.#token === ',') {
      this.#next()
      outputs.push(this.#name())
    }
    this.#take('=')
    const operation = this.#name()
    if (this.#token === '<') {
      // The type of what comes out, such as <scalar>.
      this.#next()
      this.#name()
      this.#take('>')
    }
    this.#take('(')
    const [positional, named] = [[] as NnefArgument[], new Map<string, NnefArgument>()]
    while (this.#token !== ')') {
      const value = this.#argument(0)
      if (this.#token === '=' && typeof value === 'object' && 'value' in value) {
        this.#next()
        named.set(value.value, this.#argument(0))
      } else positional.push(value)
      if (this.#token !== ')') this.#take(',')
    }
    this.#next()
    const end = this.#at
    this.#take(';')
    return { outputs, operation, positional, named, place: { begin, end } }
  }

  #argument(depth: number): NnefArgument {
    if (depth > DEEPEST) throw fileError('nnef', `lists must lie at most ${DEEPEST} deep`, depth, this.#begin)
    const token = this.#token
    if (token === '[' || token === '(') return this.#list(token === '[' ? ']' : ')', depth)
    if (/^['"]/.test(token)) return this.#next().slice(1, -1)
    if (/^-?\d/.test(token)) return Number(this.#next())
    const value = this.#name()
    return value === 'true' || value === 'false' ? value === 'true' : { value }
  }

  #list(close: string, depth: number): NnefArgument[] {
    this.#next()
    const list: NnefArgument[] = []
    while (this.#token !== close) {
      list.push(this.#argument(depth + 1))
      if (this.#token !== close) this.#take(',')
    }
    this.#next()
    return list
  }
}
