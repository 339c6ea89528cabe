import type { Op } from '../../geometry/index.ts'
import { frameworkOf } from '../rows/index.ts'
import { fault } from './fault.ts'
import { isCall, readCall } from './read-call.ts'
import { both, type Said } from './said.ts'
import { checkFirst, unknownFramework } from './settle.ts'
import type { Item, SyntaxValue } from './syntax.ts'
import { isFirst, isKnown, meaningOf, readNamed, readWord, unglued } from './words.ts'

/** What holds for a layer that does not say it. */
export interface Unsaid {
  readonly framework?: string
  readonly op?: Op
  readonly padding?: string
  readonly kernel?: number
  readonly stride?: number
  readonly dilation?: number
}

/** Words taken apart that were glued together, and names joined with the value behind them: `kernel 3`. */
export function prepared(items: readonly Item[]): Item[] {
  const list = items.flatMap(unwrapped).flatMap((item): Item[] => {
    return item.kind === 'word' ? unglued(item.text).map((text) => ({ kind: 'word', text })) : [item]
  })
  const out: Item[] = []
  for (let at = 0; at < list.length; at++) {
    const [item, next] = [list[at], list[at + 1]]
    const value = item.kind === 'word' && next?.kind === 'word' ? valueAfter(item.text, next.text) : undefined
    if (value === undefined) out.push(item)
    else {
      out.push({ kind: 'named', name: item.text, value, text: `${item.text} ${next.text}` })
      at++
    }
  }
  return out
}

/** The calls in an unknown one: `model.add(Conv2D(64, 3))` and `F.relu(F.max_pool2d(x, 2))` say what their argument does. */
function unwrapped(item: Item): Item[] {
  if (item.kind !== 'call' || isCall(item.name)) return [item]
  const inner = item.given.flatMap(({ name, value }) => (name === undefined && value.kind === 'call' ? [value] : []))
  if (!inner.some(({ name }) => isCall(name)) && (inner.length !== 1 || item.given.length !== 1)) return [item]
  return inner.flatMap(unwrapped)
}

/** A word as the value of the one before it, where that is a name: `kernel 3`, `padding same`. */
function valueAfter(name: string, word: string): SyntaxValue | undefined {
  const meaning = isFirst(name) ? undefined : meaningOf(name, undefined)
  if (meaning === undefined) return undefined
  const isValue =
    /^-?\d+(?:x-?\d+|,-?\d+)*$/.test(word) || (meaning === 'padding' && /^(?:same|valid|causal)/i.test(word))
  return isValue ? { kind: 'word', word, text: word } : undefined
}

/** What the items of one layer say. */
export function readLayer(items: readonly Item[], unsaid: Unsaid): Said {
  const own = items.filter(({ kind }) => kind !== 'comma')
  const [first] = own
  if (first === undefined) throw fault('a setting must begin with a framework, such as tf, pytorch or onnx', '')
  const begins = first.kind === 'word' && isFirst(first.text)
  if (begins) checkFirst(first.text)
  const calls = own.some(({ kind }) => kind === 'call')
  const word = begins ? first.text.toLowerCase() : calls ? undefined : unsaid.framework
  if (word === undefined && !calls) throw withoutFramework(own)
  const framework = word === undefined ? undefined : frameworkOf(word.split(/[@.]/)[0])
  let said: Said = word === undefined ? {} : { framework: word }
  for (const item of begins ? own.slice(1) : own) {
    const more = saysOf(item, framework)
    said = both(said, word === undefined ? more : { ...more, framework: undefined }, joined(own))
  }
  const { op, padding, kernel, stride, dilation } = unsaid
  const numbers = said.pads !== undefined || said.padding !== undefined
  const list = (size: number | undefined): readonly number[] | undefined => (size === undefined ? undefined : [size])
  return {
    ...said,
    op: said.op ?? op,
    padding: said.padding ?? (numbers ? undefined : padding),
    kernel: said.kernel ?? list(kernel),
    stride: said.stride ?? list(stride),
    dilation: said.dilation ?? list(dilation),
  }
}

function withoutFramework(items: readonly Item[]): Error {
  const [{ kind, text }] = items
  if (kind === 'word' && !isKnown(text)) return fault(unknownFramework(text.split('@')[0]), text)
  return fault('a setting must begin with a framework, such as tf, pytorch or onnx', joined(items))
}

function saysOf(item: Item, framework: string | undefined): Said {
  if (item.kind === 'call') return readCall(item.name, item.given, framework)
  if (item.kind === 'named') return readNamed(item.name, item.value, framework)
  if (item.kind === 'word' && isFirst(item.text)) throw fault('a setting must name one framework', item.text)
  return item.kind === 'word' ? readWord(item.text) : {}
}

/** Items as one line of text. */
export function joined(items: readonly Item[]): string {
  return items.map(({ text }) => text.trim().replaceAll(/\s+/g, ' ')).join(' ')
}
