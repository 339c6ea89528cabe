import { type Fill, Finding, type Op, type Pads, SamepadError } from '../geometry/index.ts'
import { attributes, attributesOf } from './attributes.ts'
import { type Convention, isTransposed } from './convention.ts'
import { frameworks } from './rows/frameworks.ts'
import { conventions, findConvention, frameworkOf } from './rows/index.ts'
import { checkSetting, type Setting } from './setting.ts'
import { versionsText } from './versions.ts'

/** The words for operations. */
const opWords: Readonly<Record<string, Op>> = {
  ...{ conv: 'conv', conv1d: 'conv', conv2d: 'conv', conv3d: 'conv' },
  ...{ convtranspose: 'convTranspose', transposed: 'convTranspose', deconv: 'convTranspose', convt: 'convTranspose' },
  ...{ maxpool: 'maxPool', max: 'maxPool', averagepool: 'averagePool', avgpool: 'averagePool', average: 'averagePool' },
}

type Parts = { -readonly [Name in keyof Setting]?: Setting[Name] }
const pair = (text: string): Pads => {
  const [begin, end = begin] = text.split(',').map(Number)
  return [begin, end]
}
const WHOLE = '(\\d+)'
const PAIR = '(-?\\d+(?:,-?\\d+)?)'

/** What each word of a setting says: a pattern, an example, and the parts that it fills. */
const words: readonly {
  readonly pattern: RegExp
  readonly example: string
  readonly parts: (text: string) => Parts
}[] = [
  { pattern: word(`k${WHOLE}`), example: 'k3', parts: (text) => ({ kernel: Number(text) }) },
  { pattern: word(`s${WHOLE}`), example: 's2', parts: (text) => ({ stride: Number(text) }) },
  { pattern: word(`d${WHOLE}`), example: 'd2', parts: (text) => ({ dilation: Number(text) }) },
  { pattern: word(`p${PAIR}`), example: 'p1 or p0,1', parts: (text) => ({ pads: pair(text) }) },
  { pattern: word(`pad${PAIR}`), example: 'pad0,1', parts: (text) => ({ padded: pair(text) }) },
  { pattern: word(`op${WHOLE}`), example: 'op1', parts: (text) => ({ outputPadding: Number(text) }) },
  { pattern: word(`out${WHOLE}`), example: 'out7', parts: (text) => ({ outputShape: Number(text) }) },
  { pattern: word(`drop${WHOLE}`), example: 'drop1', parts: (text) => ({ drop: Number(text) }) },
  { pattern: word('(trim)'), example: 'trim', parts: () => ({ trim: true }) },
  { pattern: word('(ceil)'), example: 'ceil', parts: () => ({ ceilMode: true }) },
  {
    pattern: word('(include|exclude)'),
    example: 'include or exclude',
    parts: (text) => ({ countIncludePad: text === 'include' }),
  },
  {
    pattern: word('(reflect|replicate|circular)'),
    example: 'reflect, replicate or circular',
    parts: (text) => ({ fill: text as Fill }),
  },
]

function word(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`)
}

const STAGE = 'parseSetting'

/**
 * Reads a layer along one axis as people write it: `pytorch k3 s2 p1`, `tf k3 s2 same`, `onnx k3 s2 SAME_LOWER`,
 * `ort@1.12 transposed k3 s2 same_upper`.
 *
 * The first word is a framework, perhaps with `@version`, or the id of a convention. Then, in any order: the operation
 * (`conv` unless said), `k` kernel, `s` stride (for pools the kernel unless said), `d` dilation, the framework's word for
 * the padding or `p` for numbers. `pad0,1` pads a copy beforehand, as `F.pad` does; `drop1` and `trim` cut outputs off
 * afterwards: the first one, and those beyond ceil(input / stride).
 *
 * @throws SamepadError on a word that says nothing, a missing kernel, and padding that the framework does not have
 */
export function parseSetting(text: string): Setting {
  if (typeof text !== 'string') throw new SamepadError(STAGE, 'a setting must be a text', text)
  const [first = '', ...rest] = text.trim().toLowerCase().split(/\s+/)
  checkFirst(first)
  const said: Parts & { padding?: string } = {}
  for (const token of rest) {
    for (const [name, value] of Object.entries(meaningOf(token))) {
      if (Object.hasOwn(said, name)) throw new SamepadError(STAGE, `a setting must say its ${name} once`, text)
      Object.assign(said, { [name]: value })
    }
  }
  const { padding, ...parts } = said
  const { kernel, dilation = 1 } = parts
  if (kernel === undefined) throw new SamepadError(STAGE, 'a setting must name a kernel, such as k3', text)
  const { op = operationOf(first) } = parts
  const stride = parts.stride ?? (op === 'maxPool' || op === 'averagePool' ? kernel : 1)
  const convention = conventionFor(first, op, padding, parts)
  const pads = parts.pads ?? (convention.padding === 'explicit' ? ([0, 0] as const) : undefined)
  const setting = { ...parts, ...(pads && { pads }), convention: convention.id, op, kernel, stride, dilation }
  checkSetting(setting)
  checkAttributes(convention, setting)
  return setting
}

/** Checks that a convention takes what a setting says: a word that means nothing there would answer another question. */
function checkAttributes(convention: Convention, setting: Setting): void {
  const taken = attributesOf(convention, setting.op)
  const around = isTransposed(convention.rule) ? (['padded', 'drop', 'trim'] as const) : []
  const strange = [...attributes.filter((name) => !taken.includes(name)), ...around].find(
    (name) => setting[name] !== undefined,
  )
  if (strange === undefined) return
  const list = taken.length > 0 ? `only ${taken.join(', ')}` : 'nothing else'
  throw new SamepadError(STAGE, `${convention.id} takes ${list} for ${setting.op}`, new Finding(strange))
}

/** What a word of a setting says. */
function meaningOf(token: string): Parts & { padding?: string } {
  const numbered = words.find(({ pattern }) => pattern.test(token))
  if (numbered) return numbered.parts(numbered.pattern.exec(token)?.[1] ?? '')
  const op = token.replaceAll(/[-_]/g, '')
  if (Object.hasOwn(opWords, op)) return { op: opWords[op] }
  const padding = token.replaceAll('_', '-')
  if (conventions.some((convention) => convention.padding === padding)) return { padding }
  throw new SamepadError(STAGE, `each word must be an operation, a padding, or one of ${examples()}`, token)
}

const examples = (): string => words.map(({ example }) => example).join(', ')

/** The operation that a convention's id implies. */
function operationOf(first: string): Op {
  return conventions.find(({ id }) => id === first)?.ops[0] ?? 'conv'
}

/** Checks that a setting begins with a framework, perhaps with a version, or with the id of a convention. */
function checkFirst(first: string): void {
  const [name, version] = first.split('@')
  if (version !== undefined && !/^\d+(\.\d+)*$/.test(version)) {
    throw new SamepadError(STAGE, 'a version must be numbers with dots, as in ort@1.12', version)
  }
  if (conventions.some(({ id }) => id === first) || frameworkOf(name)) return
  throw new SamepadError(
    STAGE,
    `the first word must be a convention or one of ${Object.keys(frameworks).join(', ')}`,
    first,
  )
}

/** The convention that a setting's first word, operation and padding name. */
function conventionFor(first: string, op: Op, padding: string | undefined, parts: Parts): Convention {
  const exact = conventions.find(({ id }) => id === first)
  if (exact) {
    if (exact.ops.includes(op)) return exact
    throw new SamepadError(STAGE, `${exact.id} is a rule for ${exact.ops.join(', ')}`, op)
  }
  const [name, version] = first.split('@')
  const framework = frameworkOf(name) as string
  const find = (word: string): Convention | undefined => findConvention(framework, op, word, version)
  // Without a word for it there is no padding, or the numbers that are given; pools have more to say about numbers.
  const { pads, ceilMode, countIncludePad } = parts
  const numbers = pads !== undefined || ceilMode !== undefined || countIncludePad !== undefined
  const convention = padding === undefined ? ((numbers ? undefined : find('valid')) ?? find('explicit')) : find(padding)
  if (convention) return convention

  const wanted = padding ?? (numbers ? 'explicit' : 'valid')
  const ofOp = conventions.filter((one) => one.framework === framework && one.ops.includes(op))
  const elsewhere = ofOp.filter((one) => one.padding === wanted && one.versions).map(versionsText)
  const { name: title } = frameworks[framework]
  if (elsewhere.length > 0) {
    const must = `this rule of ${title} is known for versions ${elsewhere.join(' or ')}, to be named as ${name}@version`
    throw new SamepadError(STAGE, must, version ?? new Finding('no version'))
  }
  const list = [...new Set(ofOp.map((one) => one.padding))].join(', ') || 'none'
  throw new SamepadError(STAGE, `the padding of ${title} for ${op} must be one of: ${list}`, wanted)
}

/** Writes a setting so that `parseSetting` reads it again. */
export function formatSetting(setting: Setting): string {
  const { convention, op, kernel, stride, dilation, pads, padded, fill, ceilMode, countIncludePad } = setting
  const { outputPadding, outputShape, drop, trim } = setting
  const sides = ([begin, end]: Pads): string => (begin === end ? `${begin}` : `${begin},${end}`)
  return [
    ...[convention, op, `k${kernel}`, `s${stride}`],
    dilation === 1 ? '' : `d${dilation}`,
    pads ? `p${sides(pads)}` : '',
    padded ? `pad${sides(padded)}` : '',
    fill && fill !== 'constant' ? fill : '',
    ceilMode ? 'ceil' : '',
    countIncludePad === undefined ? '' : countIncludePad ? 'include' : 'exclude',
    outputPadding === undefined ? '' : `op${outputPadding}`,
    outputShape === undefined ? '' : `out${outputShape}`,
    drop ? `drop${drop}` : '',
    trim ? 'trim' : '',
  ]
    .filter(Boolean)
    .join(' ')
}
