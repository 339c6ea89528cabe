import {
  axesIn,
  type Framework,
  type Groups,
  groupsIn,
  SamepadError,
  type Setting,
  spell,
  spellAnySize,
  spellable,
  spelledFramework,
  spelledFrameworks,
} from '../geometry.ts'
import { nearest } from '../words/nearest.ts'
import { notesOfAnySize, notesOfSize } from './code-notes.ts'
import type { Answer, Command, Request } from './command.ts'
import { missing, sizes, wholeNumber } from './read-numbers.ts'
import { readLayers } from './read-settings.ts'

/** `samepad code`: a layer of one framework, written for another. */
export const code: Command = {
  summary: 'a layer of one framework as code of another that reads the same cells',
  usage: 'SETTING --to FRAMEWORK [--axes N | --input N]',
  about:
    'Writes code that computes the same in another framework: a module or function that works the padding out from ' +
    'the input that arrives, and so holds for every size. With --input it has the numbers of that size instead, and ' +
    'says on which sizes they hold.',
  options: {
    to: { value: 'FRAMEWORK', about: `one of ${spelledFrameworks.join(', ')}` },
    axes: { value: 'N', about: 'axes of the layer, 1 to 3, where its name does not tell; the default is 2' },
    input: { value: 'N', about: 'write the numbers of this size: 224, 224x225 or 16x224x224' },
  },
  examples: [
    'code tf k3 s2 same --to pytorch',
    'code tf k3x5 s2x1 same --to pytorch --input 80x100',
    'code "tf.keras.layers.Conv2D(64, 7, strides=2, padding=\'same\')" --to torch',
    'code tf averagepool k3 s2 same --input 10 --to onnx',
    'code tf transposed k3 s2 same --input 28x28 --to torch',
  ],
  settings: true,
  answer: (request) => {
    const [{ text, settings }] = readLayers('code', request.words, 1)
    const layer = {
      text,
      settings,
      axes: axesIn(text) ?? (settings.length > 1 ? settings.length : undefined),
      groups: groupsIn(text),
    }
    const framework = frameworkNamed(String(request.options.to ?? missing('code', 'to')))
    return request.options.input === undefined
      ? forAnySize(layer, framework, request)
      : forSize(layer, framework, request)
  },
}

/** A layer as it was written. */
interface WrittenText {
  readonly text: string
  /** One for each axis, or one that holds for all of them. */
  readonly settings: readonly Setting[]
  /** How many axes it has, where it tells. */
  readonly axes: number | undefined
  readonly groups: Groups | undefined
}

function forAnySize(written: WrittenText, framework: Framework, request: Request): Answer {
  const layer = onAxes(written, wholeNumber('code', request, 'axes') ?? written.axes ?? 2, 'axes')
  const text = spellAnySize(layer, framework, { groups: written.groups })
  const lines = [...notesOfAnySize(layer, framework, written.text), ...text.trimEnd().split('\n')]
  return { data: { settings: layer, framework, code: text }, lines: () => lines, exitCode: 0 }
}

function forSize(written: WrittenText, framework: Framework, request: Request): Answer {
  const given = sizes('code', request, 'input')
  const input = given.length === 1 ? new Array<number>(written.axes ?? 1).fill(given[0]) : given
  const layer = onAxes(written, input.length, 'input')
  const { geometry, options } = spellable(layer, input)
  const text = spell(
    geometry,
    framework,
    written.groups === undefined ? options : { ...options, groups: written.groups },
  )
  const lines = [...notesOfSize(layer, input, framework, written.text), ...text.trimEnd().split('\n')]
  return { data: { settings: layer, framework, geometry, code: text }, lines: () => lines, exitCode: 0 }
}

/** A setting for each axis; one holds for all of them. */
function onAxes({ settings, axes }: WrittenText, wanted: number, option: string): readonly Setting[] {
  if (wanted > 3) throw new SamepadError('code', '--axes must be 1 to 3', wanted)
  if (axes !== undefined && axes !== wanted) {
    throw new SamepadError('code', `--${option} must fit the setting's ${axes} ${axes === 1 ? 'axis' : 'axes'}`, wanted)
  }
  return settings.length === wanted ? settings : new Array<Setting>(wanted).fill(settings[0])
}

function frameworkNamed(word: string): Framework {
  const known = spelledFramework(word)
  if (known !== undefined) return known
  const meant = nearest(word, spelledFrameworks)
  throw new SamepadError(
    'code',
    meant ? `the framework is called ${meant}` : `--to must be one of ${spelledFrameworks.join(', ')}`,
    word,
  )
}
