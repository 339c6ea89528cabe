import { fileError } from '../../bytes/file-error.ts'
import { linesOf } from '../../bytes/lines.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { latin1, readWhole } from '../../bytes/whole.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model, Shape, Span } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { type ArgumentText, callIn } from '../call-text.ts'
import { addBy } from '../file-operator.ts'
import { type MilConstant, operations } from './mil.ts'
import { type MilPadding, type MilValue, respellMil } from './respell-mil.ts'

// The text form of MIL, as compiled models have it (`model.mil` of a .mlmodelc): a function is a row of operations,
// `type name = operation(argument = name, ...)[name = ..., val = ...];`.

/** The most bytes of a text; weights are other files. */
const LARGEST = 2 ** 26
const STAGE = 'mil'

/** Reads a program as text (`model.mil`): the function main, or the first. */
export async function readMil(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, STAGE, 'a text', LARGEST)
  const builder = new ModelBuilder(bytes)
  const reader = new MilReader(latin1(bytes), bytes, builder)
  reader.read()
  const respell = respellMil((place) => reader.paddingAt(place))
  return builder.model(source, { producerName: 'Core ML', framework: 'coreml', respell })
}

/** Brackets; those of types lie within each other like the others. */
const BRACKETS = { open: '([{<', close: ')]}>' }

class MilReader {
  readonly #text: string
  readonly #builder: ModelBuilder
  readonly #lineOf: (place: number) => number
  readonly #shapes = new Map<string, Shape | undefined>()
  readonly #constants = new Map<string, MilConstant>()
  /** The values of constants in the text, how often each is named, and the arguments of each operation by its place. */
  readonly #values = new Map<string, Span>()
  readonly #users = new Map<string, number>()
  readonly #arguments = new Map<number, ReadonlyMap<string, Span>>()

  constructor(text: string, bytes: Uint8Array, builder: ModelBuilder) {
    this.#text = text
    this.#builder = builder
    this.#lineOf = linesOf(bytes)
  }

  read(): void {
    const text = this.#text
    const heads = [...text.matchAll(/\bfunc\s+(\w+)\s*(<[^>]{0,256}>)?\s*(?=\()/g)]
    const head = heads.find(([, name]) => name === 'main') ?? heads[0]
    if (!head) throw fileError(STAGE, 'a program must have a function', new Verbatim('none'))
    const open = head.index + head[0].length
    const inputs = callIn(text, open, BRACKETS)
    if (!inputs)
      throw fileError(STAGE, 'the inputs of a function must end with a bracket', new Verbatim('the end'), open)
    for (const { name, shape } of inputs.arguments.map((one) => this.#declared(one))) {
      this.#shapes.set(name, shape)
      this.#builder.input(name, shape)
    }
    this.#body(text.indexOf('{', inputs.close) + 1)
  }

  /** How the operation at a place says its padding. */
  paddingAt(place: number): MilPadding | undefined {
    const given = this.#arguments.get(place)
    const argument = (name: string): MilValue | undefined => {
      const own = given?.get(name)
      if (!own) return undefined
      const text = this.#text.slice(own.begin, own.end)
      const constant = this.#values.get(text)
      if (!constant) return { ...own, text, users: 1 }
      return { ...constant, text: this.#text.slice(constant.begin, constant.end), users: this.#users.get(text) ?? 0 }
    }
    return given && { word: argument('pad_type'), numbers: argument('pad') }
  }

  /** Statements up to `} -> (outputs)`. */
  #body(begin: number): void {
    const text = this.#text
    let at = begin
    for (;;) {
      at += (/^\s*/.exec(text.slice(at, at + 4096)) ?? [''])[0].length
      if (text[at] === '}' || at >= text.length) break
      const end = endOf(text, at)
      if (end === undefined) throw this.#broken(at, 'a statement must end with a semicolon')
      this.#statement({ begin: at, end })
      at = end + 1
    }
    const open = text.indexOf('(', at)
    const outputs = open < 0 ? undefined : callIn(text, open, BRACKETS)
    for (const { begin, end } of outputs?.arguments ?? []) this.#builder.output(text.slice(begin, end))
  }

  #broken(at: number, must: string): Error {
    return fileError(STAGE, must, new Verbatim(`line ${this.#lineOf(at)}`), at)
  }

  /** `tensor<fp16, [1, 10]> x`: a name and its shape. */
  #declared({ begin, end }: Span): { readonly name: string; readonly shape: Shape | undefined } {
    const whole = this.#text.slice(begin, end)
    const at = nameAtEnd(whole)
    const [type, name] = [whole.slice(0, at).trim(), whole.slice(at)]
    const [, dims] = /^tensor<\s*\w+\s*,\s*\[([^\]]*)\]\s*>$/.exec(type) ?? []
    const sizes = dims
      ?.split(',')
      .map((size) => size.trim())
      .filter((size) => size !== '')
    return { name, shape: sizes?.map((size) => (/^\d+$/.test(size) ? Number(size) : undefined)) }
  }

  #statement({ begin, end }: Span): void {
    const text = this.#text.slice(begin, end)
    const [head = '', left = '', type = ''] = /^(.*?)\s=\s*([A-Za-z_][\w.]*)\s*(?=\()/s.exec(text) ?? []
    const call = head === '' ? undefined : callIn(text, head.length, BRACKETS)
    if (!call) throw this.#broken(begin, 'a statement must be an operation')
    const outputs = (callIn(`(${left})`, 0, BRACKETS)?.arguments ?? []).map((one) =>
      this.#declared({ begin: begin + one.begin - 1, end: begin + one.end - 1 }),
    )
    for (const { name, shape } of outputs) {
      this.#shapes.set(name, shape)
      if (type !== 'const') this.#builder.value(name, shape)
    }
    const attributes = text.indexOf('[', call.close)
    const said = attributes < 0 ? undefined : callIn(text, attributes, BRACKETS)
    const valueText = ({ valueBegin, end }: ArgumentText): string => text.slice(valueBegin, end)
    const attribute = (name: string): string | undefined => {
      const found = said?.arguments.find((one) => one.name === name)
      return found && valueText(found)
    }
    if (type === 'const') {
      const constant = constantOf(attribute('val') ?? '')
      const value = said?.arguments.find((one) => one.name === 'val')
      for (const { name } of outputs) {
        if (constant) this.#constants.set(name, constant)
        if (value) this.#values.set(name, { begin: begin + value.valueBegin, end: begin + value.end })
      }
      return
    }
    this.#arguments.set(
      begin,
      new Map(
        call.arguments.map((one) => [one.name ?? '', { begin: begin + one.valueBegin, end: begin + one.end }] as const),
      ),
    )
    for (const one of call.arguments)
      for (const name of namesIn(valueText(one))) this.#users.set(name, (this.#users.get(name) ?? 0) + 1)
    const given = new Map(call.arguments.map((one) => [one.name ?? '', valueText(one)]))
    const parameters = new Map([...given].map(([name, value]) => [name, namesIn(value)]))
    const names = outputs.map(({ name }) => name)
    addBy(operations, {
      ...{ type, domain: 'coreml', place: { begin, end }, builder: this.#builder, parameters },
      ...{ inputs: [...parameters.values()].flat(), outputs: names },
      name: constantOf(attribute('name') ?? '')?.texts?.[0] ?? names[0] ?? type,
      constant: (argument) =>
        this.#constants.get(parameters.get(argument)?.[0] ?? '') ?? constantOf(given.get(argument) ?? ''),
      shapeOf: (argument) => this.#shapes.get(parameters.get(argument)?.[0] ?? ''),
    })
  }
}

/** Where the name begins that a text ends with. */
function nameAtEnd(text: string): number {
  let at = text.length
  while (at > 0 && /[\w.]/.test(text[at - 1])) at--
  return at
}

/** Where the statement that begins at a place ends, at a semicolon outside of texts. */
function endOf(text: string, begin: number): number | undefined {
  let isText = false
  for (let at = begin; at < text.length; at++) {
    if (text[at] === '\\' && isText) at++
    else if (text[at] === '"') isText = !isText
    else if (text[at] === ';' && !isText) return at
  }
  return undefined
}

/** The names of an argument: one, or several in brackets. */
function namesIn(value: string): string[] {
  const list = /^\((.*)\)$/s.exec(value)?.[1] ?? value
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^[A-Za-z_][\w.]*$/.test(name))
}

/** The value of `tensor<int32, [2]>([1, 2])`, `string("same")` or `bool(true)`; those in files of weights have none. */
function constantOf(value: string): MilConstant | undefined {
  const [, inside = ''] = /^[a-z]\w*(?:<.*?>)?\s*\((.*)\)$/s.exec(value) ?? []
  if (inside === '' || inside.startsWith('BLOBFILE')) return undefined
  const texts = [...inside.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text)
  if (texts.length > 0) return { texts }
  const numbers = inside
    .replace(/[[\]\s]/g, '')
    .split(',')
    .map((word) => (word === 'true' ? 1 : word === 'false' ? 0 : Number(word || Number.NaN)))
  return numbers.every(Number.isFinite) ? { numbers } : undefined
}
