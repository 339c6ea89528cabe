import { dataView } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Span } from '../../network/model.ts'
import type { ModelBuilder } from '../builder.ts'

/** The number that a file begins with, as text or as a little-endian integer. */
export const MAGIC = 7_767_517
/** Keys of arrays are written as -23300 - key. */
const ARRAYS = -23_300
/** The end of a layer's parameters in a binary file. */
const LAST = -233
const STAGE = 'ncnn'
/** The most layers and blobs, of which large networks have some thousands. */
const MOST = 2 ** 20

/** A layer as the file has it. */
export interface NcnnLayer {
  readonly type: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Parameters by their number. Arrays are lists. pnnx has names instead of numbers, see `words`. */
  readonly numbers: ReadonlyMap<number, number | readonly number[]>
  readonly words: ReadonlyMap<string, string>
  readonly place: Span
  /** Line of a text file, from 1. */
  readonly line: number
}

/** As much of a file as its first two lines take. */
const frontOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 64))

/** Whether a file is a parameter file of ncnn or pnnx, by its first bytes. */
export function isParam(head: Uint8Array): boolean {
  if (/^\s*7767517\s/.test(frontOf(head))) return true
  return head.length >= 4 && dataView(head).getInt32(0, true) === MAGIC
}

/**
 * The layers of a text file: a line each, `Type name inputs outputs blob... key=value...`.
 *
 * @throws SamepadError where there are none
 */
export function readText(bytes: Uint8Array): NcnnLayer[] {
  const [, , ...lines] = linesOf(bytes)
  return some(lines.map(({ words, place, line }) => layerOf(words, place, line)))
}

/** Says of a text with fewer layers than its second line counts that it may have been cut off. */
export function remarkIfCut(bytes: Uint8Array, layers: readonly NcnnLayer[], builder: ModelBuilder): void {
  const [, counted] = /^\s*\d+\s+(\d+)/.exec(frontOf(bytes)) ?? []
  if (counted === undefined || layers.length >= Number(counted)) return
  const remark = `the file may have been cut off: it counts ${counted} layers, and ${layers.length} are there`
  const name = 'the end of the file'
  builder.node('Identity', [], [], { remark }, { name, span: layers[layers.length - 1]?.place })
}

function some(layers: NcnnLayer[]): NcnnLayer[] {
  if (layers.length === 0) throw fileError(STAGE, 'a network must have layers', new Verbatim('none'))
  return layers
}

/** A line: its words, of which there are some, and where it stands. */
interface WordedLine {
  readonly words: readonly string[]
  readonly place: Span
  readonly line: number
}

/** The first one is the number of the format, the second one counts layers and blobs. */
function linesOf(bytes: Uint8Array): WordedLine[] {
  const lines: WordedLine[] = []
  const decoder = new TextDecoder()
  let [at, line] = [0, 0]
  while (at < bytes.length) {
    const next = bytes.indexOf(10, at)
    const end = next < 0 ? bytes.length : next
    line++
    const words = decoder.decode(bytes.subarray(at, end)).trim().split(/\s+/)
    if (words[0] !== '') lines.push({ words, place: { begin: at, end }, line })
    at = end + 1
  }
  return lines
}

function layerOf(words: readonly string[], place: Span, line: number): NcnnLayer {
  const [type, name = ''] = words
  const [inputs, outputs] = [Number(words[2]), Number(words[3])]
  const isCount = (count: number): boolean => Number.isInteger(count) && count >= 0 && count <= words.length
  if (!isCount(inputs) || !isCount(outputs) || 4 + inputs + outputs > words.length) {
    const must = `line ${line} must name as many blobs as it counts`
    throw fileError(STAGE, must, new Verbatim(`${words.length - 4} words behind the counts`), place.begin)
  }
  const rest = words.slice(4 + inputs + outputs)
  const numbers = new Map<number, number | readonly number[]>()
  const named = new Map<string, string>()
  for (const word of rest) {
    const equals = word.indexOf('=')
    if (equals < 1) continue
    const [key, value] = [word.slice(0, equals), word.slice(equals + 1)]
    if (!/^-?\d+$/.test(key)) named.set(key, value)
    else if (Number(key) <= ARRAYS) numbers.set(ARRAYS - Number(key), value.split(',').slice(1).map(Number))
    else numbers.set(Number(key), Number(value))
  }
  return {
    ...{ type, name, numbers, words: named, place, line },
    inputs: words.slice(4, 4 + inputs),
    outputs: words.slice(4 + inputs, 4 + inputs + outputs),
  }
}

/** The layers of a binary file (`.param.bin`), whose types are numbers and whose blobs have no names. */
export function readBinary(bytes: Uint8Array, types: Readonly<Record<number, string>>): NcnnLayer[] {
  const view = dataView(bytes)
  let at = 4
  const next = (): number => {
    if (at + 4 > bytes.length) throw fileError(STAGE, 'a layer must end within the file', new Verbatim('its end'), at)
    at += 4
    return view.getInt32(at - 4, true)
  }
  const count = (what: string, most: number): number => {
    const value = next()
    if (value < 0 || value > most) throw fileError(STAGE, `${what} must be 0 to ${most}`, value, at - 4)
    return value
  }
  const [layers, blobs] = [count('the number of layers', MOST), count('the number of blobs', MOST)]
  const found: NcnnLayer[] = []
  for (let index = 0; index < layers; index++) {
    const begin = at
    const type = next()
    const [inputs, outputs] = [count('the number of inputs', blobs), count('the number of outputs', blobs)]
    const names = (length: number): string[] => Array.from({ length }, () => `blob ${next()}`)
    const [ins, outs] = [names(inputs), names(outputs)]
    const numbers = readNumbers(next, count, view, () => at)
    found.push({
      ...{ type: types[type] ?? `type ${type}`, name: `layer ${index}`, inputs: ins, outputs: outs, numbers },
      ...{ words: new Map(), place: { begin, end: at }, line: 0 },
    })
  }
  return some(found)
}

/** Parameters of a layer. Whether a value is an integer or a float does not stand in the file; small ones are integers. */
function readNumbers(
  next: () => number,
  count: (what: string, most: number) => number,
  view: DataView,
  place: () => number,
): ReadonlyMap<number, number | readonly number[]> {
  const numbers = new Map<number, number | readonly number[]>()
  const value = (): number => {
    const integer = next()
    return Math.abs(integer) < 2 ** 24 ? integer : view.getFloat32(place() - 4, true)
  }
  for (let key = next(); key !== LAST; key = next()) {
    if (key > ARRAYS) numbers.set(key, value())
    else numbers.set(ARRAYS - key, Array.from({ length: count('the length of an array', MOST) }, value))
  }
  return numbers
}
