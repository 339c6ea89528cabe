import { fileError } from '../../bytes/file-error.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { Finding } from '../../geometry/error.ts'
import type { Model } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { modules, unknown } from './modules.ts'

/** The most bytes of a text, and the deepest that modules lie within each other. */
const [LARGEST, DEEPEST] = [2 ** 24, 256]

/** A line of `print(model)`: its depth, the module's name in its parent, how often it stands there, and what it is. */
const line = /^(\s*)(?:\(([^()\s]+)\): )?(?:(\d+) x )?([A-Za-z_][\w.]*)\((.*)$/

/**
 * Reads the text of `print(model)`. It has windows in the order of their definition, without sizes and wiring; only within
 * a Sequential one is known to feed the next.
 */
export async function readPrint(source: ByteSource): Promise<Model> {
  const { size, path } = source
  if (size > LARGEST) throw fileError('print', `a text must have at most ${LARGEST} bytes`, size)
  const text = new TextDecoder().decode(await source.read(0, size))
  const builder = new ModelBuilder()
  const reader = new PrintReader(builder)
  let at = 0
  for (const raw of text.split('\n')) {
    reader.line(raw, at)
    at += raw.length + 1
  }
  if (reader.found === 0) throw fileError('print', 'a text must have modules of torch.nn', new Finding('none'))
  return builder.model({ size, path, producerName: 'PyTorch print(model)', framework: 'pytorch' })
}

/** A module that has others within it. */
interface Container {
  readonly name: string
  /** Whether one module in it is known to feed the next: those of a Sequential have numbers for names. */
  readonly isChain: boolean
  /** The value that the last module in it made. */
  value: string
}

class PrintReader {
  readonly #builder: ModelBuilder
  readonly #open: Container[] = []
  found = 0

  constructor(builder: ModelBuilder) {
    this.#builder = builder
  }

  line(raw: string, at: number): void {
    const [, , name = '', , type = '', rest = ''] = line.exec(raw) ?? []
    if (type === '') {
      if (/^\s*\)\s*$/.test(raw)) this.#close()
      return
    }
    const parent = this.#open[this.#open.length - 1]
    const path = [parent?.name, name].filter((part) => part).join('.')
    if (rest.trim() === '') this.#enter(path, type, name)
    else
      this.#module(path, type, rest.slice(0, Math.max(0, rest.lastIndexOf(')'))), { begin: at, end: at + raw.length })
  }

  #enter(path: string, type: string, name: string): void {
    if (this.#open.length === DEEPEST) {
      throw fileError('print', `modules must lie at most ${DEEPEST} deep`, this.#open.length)
    }
    const parent = this.#open[this.#open.length - 1]
    const isList = type === 'ModuleList' || type === 'ModuleDict'
    // Only a Sequential hands on what flows into it; other modules may do anything first.
    const isChain = type === 'Sequential' || (!isList && /Sequential|NormActivation$/.test(type))
    const value = isChain && parent?.isChain && /^\d/.test(name) ? parent.value : ''
    this.#open.push({ name: path, isChain, value })
  }

  #close(): void {
    const closed = this.#open.pop()
    const parent = this.#open[this.#open.length - 1]
    if (parent) parent.value = closed?.isChain ? closed.value : ''
  }

  #module(name: string, type: string, text: string, place: { begin: number; end: number }): void {
    const parent = this.#open[this.#open.length - 1]
    const input = parent?.isChain ? parent.value : ''
    const output = `${name || type} at ${place.begin}`
    const module = {
      type,
      name,
      arguments: argumentsOf(text),
      input,
      output,
      inputs: [],
      place,
      builder: this.#builder,
    }
    ;(modules[type] ?? unknown)(module)
    if (modules[type]) this.found++
    if (parent) parent.value = output
  }
}

/** Arguments by their name; those without one by their number. Commas within brackets do not part them. */
export function argumentsOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let [depth, from, index] = [0, 0, 0]
  const take = (end: number): void => {
    const part = text.slice(from, end).trim()
    const [, name, value] = /^(\w+)\s*=\s*(.*)$/s.exec(part) ?? []
    if (name !== undefined) found.set(name, value)
    else if (part !== '') found.set(String(index), part)
    index++
    from = end + 1
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth--
    else if (char === ',' && depth === 0) take(at)
  }
  take(text.length)
  return found
}
