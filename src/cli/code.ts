import { nearest } from '../geometry/nearest.ts'
import { type Framework, SamepadError, spell, spellable, spelledFrameworks } from '../geometry.ts'
import type { Command } from './command.ts'
import { missing, sizes } from './read-numbers.ts'
import { readLayers } from './read-settings.ts'

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
    const [{ settings }] = readLayers('code', request.words, 1)
    const input = sizes('code', request, 'input')
    const framework = frameworkNamed(String(request.options.to ?? missing('code', 'to')))
    const rank = Math.max(settings.length, input.length)
    if (settings.length > 1 && input.length > 1 && settings.length !== input.length) {
      throw new SamepadError(
        'code',
        `--input must have a size for each of the ${settings.length} axes`,
        request.options.input,
      )
    }
    const each = <T>(list: readonly T[]): T[] => Array.from({ length: rank }, (_, axis) => list[axis] ?? list[0])
    const { geometry, options } = spellable(each(settings), each(input))
    const text = spell(geometry, framework, options)
    return { data: { settings, framework, geometry, code: text }, lines: () => text.trimEnd().split('\n'), exitCode: 0 }
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
