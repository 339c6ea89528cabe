import type { Fill, Op } from '../../geometry/index.ts'
import { nearest } from '../../words/nearest.ts'
import { frameworks } from '../rows/frameworks.ts'
import { callNames, callsIn, type FoundCall, findCalls, isFunction, modulesOf } from './calls/index.ts'
import { fault, misspelt, plainly } from './fault.ts'
import type { Meaning } from './library.ts'
import type { Said } from './said.ts'
import type { CallArgument, SyntaxValue } from './syntax.ts'
import { checkUsual, groupsOf, hasEveryDimension, isNothing, padsIn, sizesIn, spatial } from './values.ts'

/**
 * What a call says of a layer: the first of the functions of that name that takes these arguments.
 *
 * @param framework key of the framework that the text names before the call, if any
 */
export function readCall(name: string, given: readonly CallArgument[], framework?: string): Said {
  const [path, called] = named(name, given)
  const parameters = called.flatMap(asParameter)
  const takesFields = given.some(({ value }) => value.kind === 'fields')
  const all = findCalls(path, framework)
  const found = takesFields ? all.filter(({ library }) => library.takesFields || all.length === 1) : all
  if (found.length === 0) throw unknownCall(path, framework)
  let first: unknown
  for (const one of found) {
    try {
      return interpret(one, parameters)
    } catch (error) {
      first ??= error
    }
  }
  throw first
}

/** Methods behind a call that set what it is given (`.with_stride`) as arguments; others, such as `.to(device)`, say nothing. */
function asParameter(argument: CallArgument): CallArgument[] {
  const { name, value } = argument
  if (!name?.startsWith('.')) return [argument]
  const method = name.slice(1)
  if (isFunction(method)) throw fault('a setting must be one layer', method)
  return /^(?:with|set)_/.test(method) ? [{ name: method, value }] : []
}

/** Whether a function of that name, in whatever module, can be read. */
export const isCall = (name: string): boolean => isFunction(named(name, [])[0].at(-1) ?? '')

/** The function that is meant: `make_node('Conv', ...)` is one of `Conv`, `Conv2dConfig::new(...)` of `Conv2dConfig`. */
function named(name: string, given: readonly CallArgument[]): [path: string[], given: readonly CallArgument[]] {
  const path = name
    .split(/::|\./)
    .filter(Boolean)
    .filter((part, at) => at > 0 || !/^(?:self|this)$/.test(part))
  const [first, ...rest] = given
  if (path.at(-1) === 'make_node' && first?.value.kind === 'word') {
    return [[...path.slice(0, -1), first.value.word], rest.filter((one) => one.name !== undefined)]
  }
  if (path.length > 1 && (path.at(-1) === 'new' || path.at(-1) === 'default')) return [path.slice(0, -1), given]
  return [path, given]
}

function unknownCall(path: readonly string[], framework: string | undefined): Error {
  const name = path[path.length - 1]
  const module = path.slice(0, -1).join('.')
  const inModule = callsIn(module)
  const others = findCalls([name], framework)
  const meant = inModule.length > 0 ? nearest(name, inModule) : nearest(module, modulesOf(others))
  if (meant !== undefined)
    return fault(`the ${inModule.length > 0 ? 'function' : 'module'} is called ${meant}`, path.join('.'))
  if (others.length === 0) {
    if (/pad/i.test(name)) return fault('padding before a layer must be a word behind its call, such as pad0,1', name)
    return misspelt('the function', name, callNames(), 'a call must be a convolution or a pooling that is known')
  }
  const known = [...new Set(others.map(({ library }) => library.modules[0]))].join(', ')
  return fault(`${name} must be of ${known}, or stand behind the name of its framework`, path.join('.'))
}

/** Arguments under the names of a call's parameters. Objects among them are taken apart. */
function assign({ library, call, name }: FoundCall, given: readonly CallArgument[]): Map<string, SyntaxValue> {
  const [positional, byName = ''] = call.order.split('*')
  const order = positional.split(' ').filter(Boolean)
  const known = [...order, ...byName.split(' ').filter(Boolean)]
  const values = new Map<string, SyntaxValue>()
  const put = (parameter: string, value: SyntaxValue): void => {
    if (values.has(parameter)) throw fault(`${name} must be given ${parameter} once`, value.text)
    values.set(parameter, value)
  }
  let place = 0
  for (const { name: key, value } of given) {
    if (key !== undefined) {
      put(parameterNamed(key, known, name), value)
    } else if (value.kind === 'fields') {
      if (!library.takesFields)
        throw fault(`${name} of ${frameworks[library.framework]?.name} takes no object`, value.text)
      for (const { name: field, value: inner } of value.fields) {
        if (field !== undefined) put(parameterNamed(field, known, name), inner)
      }
      place++
    } else if (place < order.length) {
      put(order[place++], value)
    } else if (value.kind !== 'expression') {
      throw fault(`${name} must be given at most ${order.length} arguments without a name`, value.text)
    }
  }
  if (call.takesAll && place < order.length) {
    throw fault(
      `${name} of ${frameworks[library.framework]?.name} must be given ${order.join(', ')}`,
      plainly(`${place} arguments`),
    )
  }
  return values
}

function parameterNamed(key: string, known: readonly string[], name: string): string {
  const plain = key.replace(/^(?:with|set)_/, '')
  const same = (parameter: string): boolean => letters(parameter) === letters(plain)
  const parameter = known.find((one) => one === plain) ?? known.find(same)
  if (parameter !== undefined) return parameter
  const meant = synonyms.get(letters(plain))?.find((one) => known.includes(one)) ?? nearest(plain, known)
  throw fault(
    meant === undefined
      ? `${name} must be given what it takes: ${known.slice(0, 8).join(', ')}`
      : `in ${name} the argument is called ${meant}`,
    key,
  )
}

const letters = (text: string): string => text.toLowerCase().replaceAll('_', '')

/** Names of other libraries for the same thing, for messages alone. */
const alike: readonly (readonly string[])[] = [
  ['kernel_size', 'kernel_shape', 'kernelSize', 'pool_size', 'poolSize', 'window_shape', 'window_dimensions', 'windowDimensions', 'ksize', 'filterSize'], // biome-ignore format: a list
  ['stride', 'strides', 'window_strides'],
  ['dilation', 'dilations', 'dilation_rate', 'dilationRate', 'kernel_dilation', 'rhs_dilation', 'window_dilation', 'rate'], // biome-ignore format: a list
  ['padding', 'pads', 'pad', 'auto_pad'],
  ['groups', 'group', 'feature_group_count'],
  ['ceil_mode', 'roundingType', 'outputShapeRounding', 'dimRoundingMode'],
  ['bias', 'use_bias', 'useBias'],
]
const synonyms = new Map(alike.flatMap((list) => list.map((name) => [letters(name), list] as const)))

function interpret(found: FoundCall, given: readonly CallArgument[]): Said {
  const { library, call, rank, name } = found
  const values = new Map([...defaultsOf(found), ...assign(found, given)])
  const byMeaning = (meaning: Meaning): SyntaxValue[] =>
    [...values].flatMap(([parameter, value]) =>
      library.meanings[parameter] === meaning && !isNothing(value) ? [value] : [],
    )
  const layout = byMeaning('layout')[0]
  const channelsFirst = layout !== undefined && /^(?:nc|channels_?first)/i.test(wordOf(layout) ?? '')
  const sizes = (meaning: Meaning, what: string): readonly number[] | undefined => {
    const [value] = byMeaning(meaning)
    if (value === undefined) return undefined
    const list = sizesIn(value, `${what} of ${name}`)
    if (call.everyDimension === undefined) return list
    if (call.everyDimension === 'always') return spatial(list, list[list.length - 1] !== 1)
    return hasEveryDimension(list, rank, channelsFirst) ? spatial(list, channelsFirst) : list
  }
  for (const meaning of ['inputDilation', 'divisor'] as const) {
    for (const value of byMeaning(meaning)) checkUsual(meaning, value, name)
  }
  const said: Said = {
    op: opOf(byMeaning('op')[0], call.op, name),
    rank,
    kernel: sizes('kernel', 'kernel'),
    stride: sizes('stride', 'stride'),
    dilation: sizes('dilation', 'dilation'),
    outputPadding: sizes('outputPadding', 'output padding'),
    outputShape: outputShapeOf(byMeaning('outputShape')[0], rank, channelsFirst),
    ceilMode: flagOf(byMeaning('ceilMode')[0]) || undefined, // the usual rounding need not be said
    countIncludePad: flagOf(byMeaning('countIncludePad')[0]),
    groups: groupsOf(byMeaning('groups')[0]),
    isDepthwise: /^(?:depthwise|separable)/i.test(call.name) || undefined,
    fill: fillOf(byMeaning('paddingValues')[0], name),
  }
  const axes = rank ?? Math.max(...[said.kernel, said.stride, said.dilation].map((list) => list?.length ?? 0))
  const padding = paddingOf(found, byMeaning('padding'), axes > 1 || rank ? axes : undefined, channelsFirst)
  return {
    ...said,
    ...padding,
    framework: library.framework,
    kernelOf: said.kernel === undefined ? name : undefined,
  }
}

function defaultsOf({ call }: FoundCall): [string, SyntaxValue][] {
  return Object.entries(call.defaults ?? {}).map(([parameter, text]) => {
    return [
      parameter,
      /^\d+$/.test(text) ? { kind: 'number', value: Number(text), text } : { kind: 'word', word: text, text },
    ]
  })
}

const wordOf = (value: SyntaxValue): string | undefined =>
  value.kind === 'word' ? value.word : value.kind === 'call' ? value.name : undefined

/** The last part of a word with modules, as rows write it: `PaddingConfig2d::Same` is `same`. */
const plainWord = (word: string): string => (word.split(/::|\./).at(-1) ?? word).toLowerCase().replaceAll('_', '-')

/** Padding as a word of the framework or as numbers. A word that says "none" or "as the numbers say" says nothing. */
function paddingOf(
  found: FoundCall,
  values: readonly SyntaxValue[],
  rank: number | undefined,
  channelsFirst: boolean,
): Said {
  const { library, call, name } = found
  let said: Said = {}
  for (const value of values) {
    const word = wordOf(value)
    const numbers = value.kind === 'call' ? listOf(value) : value
    const pads = padsIn(numbers, library.pads, rank, channelsFirst)
    if (pads) said = { ...said, pads }
    else if (word === undefined || (value.kind === 'call' && value.given.length > 0)) {
      throw fault(`the padding of ${name} must be ${formsOf(found)}`, value.text)
    } else {
      const padding = plainWord(word)
      if (padding !== 'notset')
        said = { ...said, padding: call.words && Object.hasOwn(call.words, padding) ? call.words[padding] : padding }
    }
  }
  return said
}

const listOf = ({ given, text }: SyntaxValue & { kind: 'call' }): SyntaxValue => {
  const items = given.map(({ value }) => value)
  return items.length === 1 ? items[0] : { kind: 'list', items, text }
}

const forms: Readonly<Record<string, string>> = {
  'both sides': 'a number or one for each axis',
  pairs: 'pairs of begin and end for each axis',
  'every dimension': 'pairs for batch, axes and channels',
  interleaved: 'begin and end of each axis in turn',
  'begins then ends': 'all begins, then all ends',
  'two lists': 'a list of begins and one of ends',
}

function formsOf({ library }: FoundCall): string {
  const list = library.pads.map((form) => forms[form])
  return ['a word', ...list].join(', or ')
}

function opOf(value: SyntaxValue | undefined, op: Op, name: string): Op {
  if (value === undefined) return op
  const word = plainWord(wordOf(value) ?? value.text)
  if (word === 'max') return 'maxPool'
  if (word === 'avg' || word === 'average') return 'averagePool'
  throw fault(`${name} must take the maximum or the average`, value.text)
}

/** An output size that only the program knows is left out: what the framework makes of the input without one. */
function outputShapeOf(
  value: SyntaxValue | undefined,
  rank: number | undefined,
  channelsFirst: boolean,
): readonly number[] | undefined {
  if (value?.kind !== 'list') return undefined
  const everyDimension = rank !== undefined && value.items.length === rank + 2
  const items = everyDimension ? (channelsFirst ? value.items.slice(2) : value.items.slice(1, -1)) : value.items
  if (!items.every((item) => item.kind === 'number')) return undefined
  return items.map((item) => (item.kind === 'number' ? item.value : 0))
}

function flagOf(value: SyntaxValue | undefined): boolean | undefined {
  if (value === undefined) return undefined
  if (value.kind === 'number') return value.value !== 0
  const word = plainWord(wordOf(value) ?? '')
  return word === 'true' || word === 'ceil'
    ? true
    : word === 'false' || word === 'floor' || word === 'round'
      ? false
      : undefined
}

function fillOf(value: SyntaxValue | undefined, name: string): Fill | undefined {
  if (value === undefined) return undefined
  const word = plainWord(wordOf(value) ?? value.text)
  if (word === 'zeros' || word === 'constant') return undefined
  if (word === 'reflect' || word === 'replicate' || word === 'circular') return word
  throw misspelt(
    'the padding mode',
    value.text,
    ['zeros', 'reflect', 'replicate', 'circular'],
    `the padding mode of ${name} must be zeros, reflect, replicate or circular`,
  )
}
