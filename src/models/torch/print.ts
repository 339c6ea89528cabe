import { fileError } from '../../bytes/file-error.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { latin1, readWhole } from '../../bytes/whole.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model } from '../../network/model.ts'
import { isWindowless } from '../../network/windowless.ts'
import { ModelBuilder } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { respellText } from '../respell-text.ts'
import { modules } from './modules.ts'
import { type PrintedModule, printedModules } from './print-lines.ts'
import { spellPrint, spellPrintPad } from './spell-print.ts'

/** The most bytes of a text, and the most modules that lines may stand for beside their own. */
const [LARGEST, MOST_REPEATED] = [2 ** 24, 2 ** 13]

/**
 * Reads the text of `print(model)`. It has windows in the order of their definition, without sizes and wiring; only within
 * a Sequential one is known to feed the next.
 */
export async function readPrint(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, 'print', 'a text', LARGEST)
  const builder = new ModelBuilder(bytes)
  const reader = new PrintReader(builder, MOST_REPEATED + Math.floor(bytes.length / SHORTEST))
  for (const module of printedModules(latin1(bytes))) reader.read(module, undefined)
  if (reader.found === 0) throw fileError('print', 'a text must have modules of torch.nn', new Verbatim('none'))
  return builder.model(source, {
    producerName: 'PyTorch print(model)',
    framework: 'pytorch',
    respell: respellText(bytes, spellPrint, 0, spellPrintPad),
  })
}

/** Bytes of the shortest line of a module. */
const SHORTEST = 8

/** A module that has others within it. */
interface Container {
  readonly name: string
  /** Whether one module in it is known to feed the next: those of a Sequential do. */
  readonly isChain: boolean
  /** The value that the last module in it made. */
  value: string
  /** The padding that stood last in it, with nothing behind. */
  pad?: string | undefined
}

class PrintReader {
  readonly #builder: ModelBuilder
  readonly #most: number
  #count = 0
  found = 0

  constructor(builder: ModelBuilder, most: number) {
    this.#builder = builder
    this.#most = most
  }

  /** A module, or several that are alike. */
  read(module: PrintedModule, parent: Container | undefined): void {
    for (const name of namesOf(module)) {
      if (++this.#count > this.#most)
        throw fileError('print', `a text must have at most ${this.#most} modules`, new Verbatim('more'))
      const path = [parent?.name, name].filter((part) => part).join('.')
      if (module.text === undefined) this.#container(module, path, parent)
      else this.#module(module, module.text, path, parent)
    }
  }

  #container({ type, children }: PrintedModule, name: string, parent: Container | undefined): void {
    // Only a Sequential hands on what flows into it; other modules may do anything first.
    const isChain = /Sequential$|NormActivation$/.test(type)
    const container: Container = { name, isChain, value: isChain && parent?.isChain ? parent.value : '' }
    for (const child of children) this.read(child, container)
    if (parent) [parent.value, parent.pad] = [isChain ? container.value : '', undefined]
  }

  #module({ type, place }: PrintedModule, text: string, name: string, parent: Container | undefined): void {
    const input = parent?.isChain ? parent.value : ''
    const output = `${name || type} at ${place.begin}`
    // Beside a Sequential, what stands before a module may feed it or not.
    const pad = parent?.isChain === false ? parent.pad : undefined
    const remark = pad && `${pad} stands before it in the text, which does not say whether it feeds it`
    addBy(modules, {
      ...{ type, domain: 'torch', name, place, inputs: [input], outputs: [output], builder: this.#builder },
      ...{ arguments: argumentsOf(text), remark },
    })
    if (Object.hasOwn(modules, type) || isWindowless(type)) this.found++
    if (parent) [parent.value, parent.pad] = [output, /Pad\dd$/.test(type) ? `${type}(${text})` : undefined]
  }
}

/** The names of a module: `(0-3): 4 x Block(` stands for four. */
function* namesOf({ name, count }: PrintedModule): Iterable<string> {
  const first = Number(/^(\d+)-\d+$/.exec(name)?.[1])
  for (let index = 0; index < count; index++) yield Number.isNaN(first) ? name : String(first + index)
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
