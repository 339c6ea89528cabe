import { isPool, type Op, Verbatim } from '../../geometry/index.ts'
import { nearest } from '../../words/nearest.ts'
import { attributes, attributesOf, impliedFill } from '../attributes.ts'
import { type Convention, isTransposed } from '../convention.ts'
import { frameworks } from '../rows/frameworks.ts'
import { conventions, findConvention, frameworkOf } from '../rows/index.ts'
import { checkSetting, type Setting } from '../setting.ts'
import { versionsText } from '../versions.ts'
import { fault, plainly } from './fault.ts'
import { partNames, type Said } from './said.ts'
import { operationOfId } from './words.ts'

/** The most axes that a setting may name. */
const MOST_AXES = 3

/**
 * The settings that a text says: one for each axis, or one where they hold for any number of axes.
 *
 * @param text for messages
 */
export function settle(given: Said, text: string): readonly Setting[] {
  const { framework: first } = given
  if (first === undefined) throw fault('a setting must begin with a framework, such as tf, pytorch or onnx', text)
  if (given.kernel === undefined) {
    throw given.kernelOf === undefined
      ? fault('a setting must name a kernel, such as k3', text)
      : fault(`the kernel of ${given.kernelOf} is not in the call and must stand behind it, such as k3 or k3x5`, text)
  }
  const rank = rankOf(given, text)
  const op = given.op ?? operationOfId(first) ?? 'conv'
  const said = withPaddingWord(given, first, op)
  const convention = conventionFor(first, op, said)
  // No padding in numbers is no padding, also where the framework has a word for that alone.
  const isNone = said.padding === undefined && said.pads?.every(([begin, end]) => begin === 0 && end === 0)
  const pads = isNone && !attributesOf(convention, op).includes('pads') ? undefined : said.pads
  return Array.from({ length: rank ?? 1 }, (_, axis) => settingOf({ ...said, pads }, convention, op, axis))
}

/** `circular` says what stands in the padding; to Flax it is the padding itself. */
function withPaddingWord(said: Said, first: string, op: Op): Said {
  const { fill, padding } = said
  const framework = frameworkOf(first.split('@')[0])
  if (fill === undefined || padding !== undefined || framework === undefined) return said
  return findConvention(framework, op, fill) ? { ...said, padding: fill, fill: undefined } : said
}

/** What may differ from axis to axis. */
const perAxis = ['kernel', 'stride', 'dilation', 'pads', 'padded', 'outputPadding', 'outputShape'] as const

/** How many axes a text names; undefined where it holds for any number. */
function rankOf(said: Said, text: string): number | undefined {
  const lists = perAxis.flatMap((part) => ((said[part]?.length ?? 0) > 1 ? [{ part, list: said[part]! }] : []))
  const rank = said.rank ?? (lists.length > 0 ? Math.max(...lists.map(({ list }) => list.length)) : undefined)
  const wrong = lists.find(({ list }) => list.length !== rank)
  if (wrong) {
    const must = `the ${partNames[wrong.part]} must be one number, or one for each of ${rank} axes`
    throw fault(must, plainly(`${wrong.list.map(String).join(' x ')} in ${text}`))
  }
  if (rank === undefined || rank <= MOST_AXES) return rank
  throw fault(`there must be at most ${MOST_AXES} axes`, text)
}

const at = <T>(list: readonly T[] | undefined, axis: number): T | undefined =>
  list && (list.length > 1 ? list[axis] : list[0])

function settingOf(said: Said, convention: Convention, op: Op, axis: number): Setting {
  const kernel = at(said.kernel, axis) as number
  const given = at(said.pads, axis) ?? (convention.padding === 'explicit' ? ([0, 0] as const) : undefined)
  const [padded, outputPadding] = [at(said.padded, axis), at(said.outputPadding, axis)]
  const outputShape = at(said.outputShape, axis)
  const implied = impliedFill(convention)
  const fill = said.fill === implied ? undefined : said.fill
  const { ceilMode, countIncludePad, drop, cut, every, trim } = said
  const setting: Setting = {
    ...(fill !== undefined && { fill }),
    ...(ceilMode !== undefined && { ceilMode }),
    ...(countIncludePad !== undefined && { countIncludePad }),
    ...(drop !== undefined && { drop }),
    ...(cut !== undefined && { cut }),
    ...(every !== undefined && { every }),
    ...(trim !== undefined && { trim }),
    ...(padded && { padded }),
    ...(outputPadding !== undefined && { outputPadding }),
    ...(outputShape !== undefined && { outputShape }),
    ...(given && { pads: given }),
    ...{ convention: convention.id, op, kernel },
    stride: at(said.stride, axis) ?? (isPool(op) ? kernel : 1),
    dilation: at(said.dilation, axis) ?? 1,
  }
  checkSetting(setting)
  checkAttributes(convention, setting)
  return implied === undefined ? setting : { ...setting, fill: implied }
}

/** Checks that a convention takes what a setting says: a word that means nothing there would answer another question. */
function checkAttributes(convention: Convention, setting: Setting): void {
  const taken = attributesOf(convention, setting.op)
  const around = isTransposed(convention.rule) ? (['padded', 'drop', 'cut', 'every', 'trim'] as const) : []
  const strange = [...attributes.filter((name) => !taken.includes(name)), ...around].find(
    (name) => setting[name] !== undefined,
  )
  if (strange === undefined) return
  const list = taken.length > 0 ? `only ${taken.join(', ')}` : 'nothing else'
  throw fault(`${convention.id} takes ${list} for ${setting.op}`, new Verbatim(strange))
}

/** Checks that a setting begins with a framework, perhaps with a version, or with the id of a convention. */
export function checkFirst(first: string): void {
  const [name, version] = first.toLowerCase().split('@')
  if (version !== undefined && !/^\d+(\.\d+)*$/.test(version)) {
    throw fault('a version must be numbers with dots, as in ort@1.12', version)
  }
  if (conventions.some(({ id }) => id === first.toLowerCase()) || frameworkOf(name)) return
  throw fault(unknownFramework(name), first)
}

/** What a framework that is not known may be meant to be. */
export function unknownFramework(word: string): string {
  const names = Object.entries(frameworks).flatMap(([key, { aliases = [] }]) => [key, ...aliases])
  const meant = nearest(word, names)
  return meant === undefined
    ? 'a setting must begin with a framework, such as tf, pytorch or onnx'
    : `the framework is called ${meant}`
}

/** The convention that a setting's first word, operation and padding name. */
function conventionFor(first: string, op: Op, said: Said): Convention {
  const { padding, pads, ceilMode, countIncludePad } = said
  const exact = conventions.find(({ id }) => id === first)
  if (exact) {
    if (exact.ops.includes(op)) return exact
    throw fault(`${exact.id} is a rule for ${exact.ops.join(', ')}`, op)
  }
  const [name, version] = first.split('@')
  const framework = frameworkOf(name) as string
  const find = (word: string): Convention | undefined => findConvention(framework, op, word, version)
  // Without a word for it there is no padding, or the numbers that are given; pools have more to say about numbers.
  const numbers = pads !== undefined || ceilMode !== undefined || countIncludePad !== undefined
  const none = pads?.every(([begin, end]) => begin === 0 && end === 0)
  const without = (numbers ? undefined : find('valid')) ?? find('explicit') ?? (none ? find('valid') : undefined)
  const convention = padding === undefined ? without : find(padding)
  if (convention) return convention

  const wanted = padding ?? (numbers ? 'explicit' : 'valid')
  const ofOp = conventions.filter((one) => one.framework === framework && one.ops.includes(op))
  const elsewhere = ofOp.filter((one) => one.padding === wanted && one.versions).map(versionsText)
  const { name: title } = frameworks[framework]
  if (elsewhere.length > 0) {
    const must = `this rule of ${title} is known for versions ${elsewhere.join(' or ')}, to be named as ${name}@version`
    throw fault(must, version ?? new Verbatim('no version'))
  }
  const known = [...new Set(ofOp.map((one) => one.padding))]
  const meant = padding === undefined ? undefined : nearest(padding, known)
  if (meant !== undefined) throw fault(`the padding of ${title} is called ${meant}`, wanted)
  throw fault(`the padding of ${title} for ${op} must be one of: ${known.join(', ') || 'none'}`, wanted)
}
