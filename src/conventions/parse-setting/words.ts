import type { Fill, Op, Pads } from '../../geometry/index.ts'
import { nearest } from '../../words/nearest.ts'
import { conventions, frameworkOf } from '../rows/index.ts'
import { libraries } from './calls/index.ts'
import { fault, misspelt } from './fault.ts'
import type { Meaning } from './library.ts'
import type { Said } from './said.ts'
import type { SyntaxValue } from './syntax.ts'
import { checkUsual, groupsOf, isNothing, padsIn, padsInWord, sizesIn } from './values.ts'

/** The words for operations, without `-`, `_` and a number of axes: `max_pool2d` is `maxpool`. */
const opWords: Readonly<Record<string, Op>> = {
  ...{ conv: 'conv', convolution: 'conv' },
  ...{ convtranspose: 'convTranspose', convtransposed: 'convTranspose', transposed: 'convTranspose' },
  ...{ transposedconv: 'convTranspose', deconv: 'convTranspose', convt: 'convTranspose' },
  ...{ deconvolution: 'convTranspose' },
  ...{ maxpool: 'maxPool', maxpooling: 'maxPool', max: 'maxPool' },
  ...{ averagepool: 'averagePool', averagepooling: 'averagePool', avgpool: 'averagePool' },
  ...{ avgpooling: 'averagePool', average: 'averagePool', avg: 'averagePool' },
}

const SIZES = '(\\d+(?:x\\d+)*)'
const PADS = '(-?\\d+(?:,-?\\d+)?(?:x-?\\d+(?:,-?\\d+)?)*)'
const sizes = (text: string): number[] => text.split('x').map(Number)
const pads = (text: string): readonly Pads[] => padsInWord(text) ?? []

/** What each short word says: a pattern, an example, and the parts that it fills. */
const shortWords: readonly {
  readonly pattern: RegExp
  readonly example: string
  readonly says: (text: string) => Said
}[] = [
  { pattern: whole(`k${SIZES}`), example: 'k3', says: (text) => ({ kernel: sizes(text) }) },
  { pattern: whole('(\\d+(?:x\\d+)+)'), example: '3x3', says: (text) => ({ kernel: sizes(text) }) },
  { pattern: whole(`s${SIZES}`), example: 's2', says: (text) => ({ stride: sizes(text) }) },
  { pattern: whole(`d${SIZES}`), example: 'd2', says: (text) => ({ dilation: sizes(text) }) },
  { pattern: whole(`p${PADS}`), example: 'p1 or p0,1', says: (text) => ({ pads: pads(text) }) },
  { pattern: whole(`pad${PADS}`), example: 'pad0,1', says: (text) => ({ padded: pads(text) }) },
  { pattern: whole(`op${SIZES}`), example: 'op1', says: (text) => ({ outputPadding: sizes(text) }) },
  { pattern: whole(`out${SIZES}`), example: 'out7', says: (text) => ({ outputShape: sizes(text) }) },
  { pattern: whole('drop(\\d+)'), example: 'drop1', says: (text) => ({ drop: Number(text) }) },
  { pattern: whole('cut(\\d+)'), example: 'cut1', says: (text) => ({ cut: Number(text) }) },
  { pattern: whole('every(\\d+)'), example: 'every2', says: (text) => ({ every: Number(text) }) },
  { pattern: whole('g(\\d+)'), example: 'g32', says: (text) => ({ groups: Number(text) }) },
  {
    pattern: whole('(depthwise(?:[-_]?conv(?:[-_]?[123]d)?)?)'),
    example: 'depthwise',
    says: (text) => ({ op: text === 'depthwise' ? undefined : 'conv', isDepthwise: true }),
  },
  { pattern: whole('(trim)'), example: 'trim', says: () => ({ trim: true }) },
  { pattern: whole('(ceil|floor)'), example: 'ceil', says: (text) => ({ ceilMode: text === 'ceil' }) },
  {
    pattern: whole('(include|exclude)'),
    example: 'include',
    says: (text) => ({ countIncludePad: text === 'include' }),
  },
  {
    pattern: whole('(reflect|replicate|circular)'),
    example: 'reflect',
    says: (text) => ({ fill: text as Fill }),
  },
]

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`)
}

const paddingWords = new Set(conventions.map(({ padding }) => padding))
const ids = new Map(conventions.map(({ id, ops }) => [id, ops[0]]))

/** The operation that the id of a convention implies. */
export const operationOfId = (id: string): Op | undefined => ids.get(id)

/** Whether a word begins a setting: a framework, perhaps with a version, or the id of a convention. */
export function isFirst(word: string): boolean {
  const name = word.toLowerCase()
  return ids.has(name) || frameworkOf(name.split('@')[0]) !== undefined
}

/** Words that were glued together, such as k3s2p1. */
const GLUED = /^(?:[ksd]\d+(?:x\d+)*|p\d+){2,}$/i

/** The words in one: `k3s2p1` is three. */
export function unglued(word: string): string[] {
  return GLUED.test(word) ? (word.match(/[a-z]\d+(?:x\d+)*/gi) ?? []) : [word]
}

/** What one word says, of whatever framework. */
export function readWord(text: string): Said {
  const word = text.toLowerCase()
  for (const { pattern, says } of shortWords) {
    const found = pattern.exec(word)
    if (found) return says(found[1])
  }
  const op = word.replaceAll(/[-_]/g, '').replace(/[123]d(?=transpose|$)/, '')
  if (Object.hasOwn(opWords, op)) return { op: opWords[op] }
  const padding = word.replaceAll('_', '-')
  if (paddingWords.has(padding)) return { padding }
  throw unknownWord(text)
}

/** Whether a word says something, of whatever framework. */
export function isKnown(word: string): boolean {
  try {
    readWord(word)
    return true
  } catch {
    return false
  }
}

function unknownWord(word: string): Error {
  const known = [
    ...Object.keys(opWords),
    ...paddingWords,
    'include',
    'exclude',
    'reflect',
    'replicate',
    'circular',
    'ceil',
    'floor',
    'trim',
  ]
  const letters = word.replaceAll('_', '-')
  const meant = nearest(letters.replace(/[123]d$/i, ''), known)
  if (meant !== undefined) return fault(`the word is called ${meant}`, letters)
  const examples = shortWords.map(({ example }) => example).join(', ')
  return fault(`each word must be an operation, a padding, or one like ${examples}`, letters)
}

/** Names that people write before a value besides those of libraries' parameters. */
const names: Readonly<Record<string, Meaning | 'padded'>> = {
  ...({ k: 'kernel', kernel: 'kernel', size: 'kernel', s: 'stride', d: 'dilation', p: 'padding' } as const),
  ...({ op: 'outputPadding', out: 'outputShape', pad: 'padded', ceil: 'ceilMode' } as const),
}

/** What a name before a value means to a framework, whose own parameters come first; undefined if to nobody. */
export function meaningOf(name: string, framework: string | undefined): Meaning | 'padded' | undefined {
  const word = name.toLowerCase()
  if (Object.hasOwn(names, word)) return names[word]
  const own = libraries.filter((library) => library.framework === framework)
  for (const { meanings } of [...own, ...libraries]) {
    const key = Object.keys(meanings).find((one) => one.toLowerCase() === word)
    if (key !== undefined) return meanings[key]
  }
  return undefined
}

const NAMES = ['kernel', 'stride', 'dilation', 'padding', 'output_padding', 'output_shape', 'ceil_mode', 'count_include_pad', 'groups'] // biome-ignore format: a list

/** What a name with its value says: `kernel_size=3`, `pads=[1, 1, 1, 1]`, `stride 2`. */
export function readNamed(name: string, value: SyntaxValue, framework: string | undefined): Said {
  const meaning = meaningOf(name, framework)
  if (meaning === undefined) {
    throw misspelt('the name', name, NAMES, `a name must be one of ${NAMES.join(', ')}`)
  }
  if (isNothing(value)) return {}
  switch (meaning) {
    case 'padding':
    case 'padded':
      return readPadding(name, value, framework, meaning === 'padded')
    case 'ceilMode':
    case 'countIncludePad':
      return { [meaning]: /^(?:true|1|ceil)$/i.test(value.text) }
    case 'paddingValues':
      return /^zeros$/i.test(textOf(value)) ? {} : readWord(textOf(value))
    case 'op':
      return readWord(textOf(value))
    case 'inputDilation':
    case 'divisor':
      checkUsual(meaning, value, name)
      return {}
    case 'layout':
      return {}
    case 'groups':
      return { groups: groupsOf(value) }
    default:
      return { [meaning]: sizesIn(value, name) }
  }
}

const textOf = (value: SyntaxValue): string => (value.kind === 'word' ? value.word : value.text)

function readPadding(name: string, value: SyntaxValue, framework: string | undefined, before: boolean): Said {
  const own = libraries.filter((library) => library.framework === framework).flatMap((library) => library.pads)
  const numbers = padsIn(value, own.length > 0 ? own : ['both sides', 'pairs'])
  if (numbers) return before ? { padded: numbers } : { pads: numbers }
  if (value.kind === 'word' && !before) return /^notset$/i.test(value.word) ? {} : readWord(value.word)
  throw fault(`${name} must be a word or numbers, such as 1 or 0,1`, value.text)
}
