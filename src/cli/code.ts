import {
  type Axis,
  type Framework,
  Geometry,
  isRejected,
  outputSize,
  SamepadError,
  type Setting,
  type Solved,
  solve,
  spell,
  spelledFrameworks,
} from '../geometry.ts'
import type { Command } from './command.ts'
import { nearest } from './nearest.ts'
import { missing, sizes } from './read-numbers.ts'
import { readSettings } from './read-settings.ts'
import { counted } from './table.ts'

/** The frameworks' other names, as settings have them. */
const aliases: Readonly<Record<string, Framework>> = {
  torch: 'pytorch',
  tf: 'tensorflow',
  ort: 'onnx',
  onnxruntime: 'onnx',
}

/** `samepad code`: a layer of one framework, written for another. */
export const code: Command = {
  summary: 'a layer of one framework as code of another that reads the same cells',
  usage: 'SETTING --input N --to FRAMEWORK',
  about:
    'Solves the setting on an input of one to three axes (the setting holds for each of them) and writes code that ' +
    'computes the same in another framework. SAME depends on the size, so the code holds for this one.',
  options: {
    input: { value: 'N', about: 'cells of the input: 224, 224x225 or 16x224x224' },
    to: { value: 'FRAMEWORK', about: `one of ${spelledFrameworks.join(', ')}` },
  },
  examples: [
    'code tf k3 s2 same --input 224x224 --to pytorch',
    'code tf averagepool k3 s2 same --input 10 --to onnx',
    'code tf transposed k3 s2 same --input 28x28 --to torch',
  ],
  settings: true,
  answer: (request) => {
    const [{ setting }] = readSettings('code', request.words, 1)
    const input = sizes('code', request, 'input')
    const framework = frameworkNamed(String(request.options.to ?? missing('code', 'to')))
    const solved = input.map((cells, axis) => solvedAxis(setting, cells, axis))
    const geometry = geometryOf(setting, solved)
    const text = spell(geometry, framework, optionsOf(setting, solved))
    return { data: { setting, framework, geometry, code: text }, lines: () => text.trimEnd().split('\n'), exitCode: 0 }
  },
}

function frameworkNamed(word: string): Framework {
  const name = word.toLowerCase()
  const known =
    spelledFrameworks.find((one) => one === name) ?? (Object.hasOwn(aliases, name) ? aliases[name] : undefined)
  if (known) return known
  const meant = nearest(name, [...spelledFrameworks, ...Object.keys(aliases)])
  throw new SamepadError(
    'code',
    meant ? `the framework is called ${meant}` : `--to must be one of ${spelledFrameworks.join(', ')}`,
    word,
  )
}

/** One axis, which code must be able to write: nothing negative but the crop at the end, no padding but zeros. */
function solvedAxis(setting: Setting, cells: number, index: number): Solved {
  const outcome = solve(setting, cells)
  if (isRejected(outcome))
    throw new SamepadError('code', `the setting must take the input of axis ${index} (${outcome.rejected})`, cells)
  const { padBegin, padEnd } = outcome.axis
  const transposed = setting.op === 'convTranspose'
  if (padBegin < 0 || (padEnd < 0 && !transposed)) {
    const what = transposed ? 'crop' : 'padding'
    throw new SamepadError('code', `the ${what} of axis ${index} must not be negative`, [padBegin, padEnd])
  }
  if (setting.fill && setting.fill !== 'constant') {
    throw new SamepadError('code', 'the padding must be zeros', setting.fill)
  }
  return outcome
}

/** What was solved, as `spell` takes it: zeros that a transposed convolution appends are output beyond its crops. */
function geometryOf({ op }: Setting, solved: readonly Solved[]): Geometry {
  solved.forEach(({ axis }, index) => {
    if (op === 'convTranspose') checkAppended(axis, index)
    else checkWindows(axis, index)
  })
  return new Geometry(
    op,
    solved.map(({ axis }) => ({ ...axis, padEnd: Math.max(0, axis.padEnd) })),
  )
}

/** Frameworks append fewer zeros than the stride or the dilation has cells. */
function checkAppended({ padEnd, stride, dilation }: Axis, index: number): void {
  const most = Math.max(stride, dilation) - 1
  if (-padEnd <= most) return
  throw new SamepadError('code', `axis ${index} must append at most ${most} zeros`, -padEnd)
}

/** Where windows are left out that fit without any padding at the end, cells would have to be cut off. */
function checkWindows(axis: Axis, index: number): void {
  const fitting = outputSize(axis, axis.padBegin, 0)
  if (fitting <= axis.output) return
  throw new SamepadError(
    'code',
    `the padding of axis ${index} must give the ${counted(fitting, 'output')} that fit`,
    axis.output,
  )
}

/** Whether an average counts the padding; code can count all of it or none. */
function optionsOf({ op, convention }: Setting, solved: readonly Solved[]): { countIncludePad?: boolean } {
  const counts = solved.some(({ zeros }) => zeros.some((width) => width !== 0))
  const all = solved.every(({ axis, zeros }) => zeros[0] === axis.padBegin && zeros[1] === axis.padEnd)
  if (op === 'averagePool') {
    if (!counts || all) return { countIncludePad: counts }
    throw new SamepadError('code', 'an average must count all of its padding or none', convention)
  }
  if (op === 'maxPool' && counts) {
    throw new SamepadError('code', 'a maximum must not see padding as zeros', convention)
  }
  return {}
}
