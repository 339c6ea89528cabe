import { resolve } from 'node:path'
import { SamepadError, Verbatim } from '../geometry.ts'
import { type LoadedNetwork, loadNetwork, type NamedTensors, type StepTime, type TensorLike } from '../graph.ts'
import type { Model } from '../models.ts'
import { counted } from '../words/numbers.ts'
import type { Answer, Command, Request, Shell } from './command.ts'
import { floatTensor } from './engine.ts'
import { feedsFor } from './feeds.ts'
import { FileError, unwritable, withFile } from './file-error.ts'
import { fileOptions } from './input-files.ts'
import { type ModelFile, modelFile, modelIn } from './model-files.ts'
import { npyBytes } from './npy.ts'
import { writeWhole } from './partial-file.ts'
import { wholeNumber } from './read-numbers.ts'
import type { TextStyle } from './style.ts'
import { fromEnd, shortened, table, wrap } from './table.ts'

/** `samepad run`: a model, run by samepad itself. */
export const runModel: Command = {
  summary: 'an ONNX file, run by samepad: shapes and ranges of the outputs, largest values, time',
  usage: 'FILE [--input NAME=SHAPE|FILE] [--image PHOTO.png] [--output FILE.npy] [--profile] [--threads N]',
  about:
    'Runs a model on random numbers from -1 to 1 (whole ones where an input has integers), or on given ones, with nothing but samepad: ' +
    'of a file of NumPy (.npy), of safetensors, or of a picture (.png). Nodes that samepad does not run are named before anything is computed.',
  options: {
    ...fileOptions,
    data: { value: 'FILE', about: 'safetensors with values for inputs, by their names' },
    value: { value: 'NAME=NUMBER', about: 'fill an input with one number', many: true },
    output: { value: '[NAME=]FILE.npy', about: 'write an output to a file of NumPy', many: true },
    threads: { value: 'N', about: 'at most so many threads compute a step' },
    seed: { value: 'N', about: 'another seed for the random numbers' },
    deterministic: { about: 'convolutions that give the same bits on every machine' },
    profile: { about: 'how long each step takes, as medians of several runs' },
  },
  examples: [
    'run model.onnx --input 1x3x224x224',
    'run model.onnx --image photo.png --mean 127.5 --scale 1/127.5 --output y.npy',
    'run model.onnx --input 1x3x224x224 --threads 2 --json',
  ],
  settings: false,
  answer: async (request, surroundings) => {
    const [word, ...rest] = request.words
    if (word === undefined || rest.length > 0) {
      throw new SamepadError('run', 'there must be one model file', new Verbatim(`${request.words.length}`))
    }
    const file = await modelFile('run', word, surroundings)
    const { name, source } = file
    const model = await onnxModel(file)
    const deterministic = request.options.deterministic === true
    const threads = wholeNumber('run', request, 'threads')
    // What does not run is told before anybody is asked for sizes.
    const network = await withFile(name, () => loadNetwork(source, { deterministic, threads }))
    const inputs = feedsOf(model, request, surroundings)
    const goals = outputFiles(request, network, surroundings.cwd)
    surroundings.progress(`running ${name}`)
    const [found, outputs] = ranWith(name, network, inputs, request.options.profile === true)
    for (const [output, path] of goals) writeOutput(path, outputs[output])
    return { data: found, lines: (style) => lines(found, style), exitCode: 0 } satisfies Answer
  },
}

async function onnxModel(file: ModelFile): Promise<Model> {
  const model = await modelIn(file)
  if (model.framework === undefined) return model
  throw new FileError('run', 'the file must be ONNX', new Verbatim(`${model.format}, ${file.name}`))
}

function feedsOf(model: Model, request: Request, { cwd }: Shell): Record<string, TensorLike> {
  const [feeds] = feedsFor('run', request, model, { tensor: floatTensor }, cwd)
  return Object.fromEntries(
    Object.entries(feeds).map(([input, { dims, data }]) => [input, { dims, data: Float32Array.from(data, Number) }]),
  )
}

/** Where outputs are to be written, by their names. */
function outputFiles(
  { options }: Request,
  { outputs }: LoadedNetwork,
  cwd: string,
): readonly (readonly [name: string, path: string])[] {
  if (typeof options.output !== 'string') return []
  const names = outputs.map(({ name }) => name)
  const goals = options.output.split(',').map((text) => {
    const at = text.indexOf('=')
    const [name, path] =
      at < 0 ? [names.length === 1 ? names[0] : undefined, text] : [text.slice(0, at), text.slice(at + 1)]
    if (!path.endsWith('.npy')) throw new SamepadError('run', '--output must be a file of NumPy, .npy', path)
    if (name !== undefined && names.includes(name)) return [name, resolve(cwd, path)] as const
    throw new SamepadError('run', `--output must be NAME=FILE.npy with one of the outputs ${names.join(', ')}`, text)
  })
  const paths = goals.map(([, path]) => path)
  const lost = paths.find((path, index) => paths.indexOf(path) < index)
  if (lost !== undefined) throw new SamepadError('run', 'every --output must be a file of its own', lost)
  return goals
}

function writeOutput(path: string, output: NamedTensors[string]): void {
  try {
    writeWhole(path, npyBytes(output))
  } catch (error) {
    throw unwritable('run', path, error)
  }
}

/** What there is to say of an output. */
interface OutputSummary {
  readonly name: string
  readonly shape: readonly number[]
  readonly least: number
  readonly most: number
  readonly mean: number
  /** The places of the largest values, where an output is one row of them. */
  readonly largest: readonly (readonly [place: number, value: number])[]
}

/** What `run` found. */
interface RunSummary {
  readonly file: string
  readonly outputs: readonly OutputSummary[]
  /** The first run, which plans and compiles, and the median of some more, in milliseconds. */
  readonly first: number
  readonly steady: number
  readonly profile: Profile | undefined
}

/** Runs behind the first one: as many as there is time for, in milliseconds, since engines make faster what runs often. */
const [FEWEST, MOST, TIME] = [5, 500, 500]

function repeated<T>(run: () => T): T[] {
  const results: T[] = []
  const end = performance.now() + TIME
  while (results.length < FEWEST || (results.length < MOST && performance.now() < end)) results.push(run())
  return results
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]

/** How long each step takes: medians of so many runs. */
interface Profile {
  readonly runs: number
  readonly steps: readonly StepTime[]
}

function profiled(network: LoadedNetwork, inputs: Record<string, TensorLike>): Profile {
  const all = repeated(() => network.profile(inputs))
  const steps = all[0].map((step, index) => ({
    ...step,
    milliseconds: median(all.map((steps) => steps[index].milliseconds)),
  }))
  return { runs: all.length, steps }
}

/** Largest values that are shown. */
const SHOWN = 5

function ranWith(
  file: string,
  network: LoadedNetwork,
  inputs: Record<string, TensorLike>,
  profiles: boolean,
): readonly [RunSummary, NamedTensors] {
  let outputs: NamedTensors = {}
  const timed = (): number => {
    const begin = performance.now()
    outputs = network.run(inputs)
    return performance.now() - begin
  }
  const first = timed()
  const steady = median(repeated(timed))
  const profile = profiles ? profiled(network, inputs) : undefined
  return [{ file, outputs: Object.entries(outputs).map(summary), first, steady, profile }, outputs]
}

function summary([name, { data, shape }]: readonly [string, NamedTensors[string]]): OutputSummary {
  let [least, most, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const value of data) {
    least = Math.min(least, value)
    most = Math.max(most, value)
    sum += value
  }
  const isRow = data.length > 1 && shape.at(-1) === data.length
  const numbers = [...data.keys()].filter((place) => !Number.isNaN(data[place]))
  const places = isRow ? numbers.sort((a, b) => data[b] - data[a]).slice(0, SHOWN) : []
  const largest = places.map((place) => [place, data[place]] as const)
  return { name, shape, least, most, mean: sum / data.length, largest }
}

const number = (value: number): string => value.toPrecision(4)
const time = (milliseconds: number): string => `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`

function lines({ file, outputs, first, steady, profile }: RunSummary, { strong, faint }: TextStyle): string[] {
  const rows = outputs.map(({ name, shape, least, most, mean }) => {
    const figures = shape.includes(0) ? ['-', '-', '-'] : [least, most, mean].map(number)
    return [fromEnd(name, 28), shape.join('x'), ...figures]
  })
  const [head, ...others] = table([['output', 'shape', 'least', 'most', 'mean'], ...rows], '<<>>>')
  const largest = outputs.flatMap(({ name, largest }) => {
    const places = largest.map(([place, value]) => `${place} (${number(value)})`).join(', ')
    return largest.length > 0 ? wrap(`largest of ${shortened(name, 40)}: ${places}`) : []
  })
  return [
    ...wrap(`${strong(file)}: first run ${time(first)}, then ${time(steady)}`),
    '',
    ...[strong(head), ...others],
    ...(largest.length > 0 ? ['', ...largest] : []),
    ...(profile ? ['', ...stepLines(profile, { strong, faint })] : []),
  ]
}

/** The longest steps, and what is left. */
const LONGEST = 15

function stepLines({ runs, steps }: Profile, { strong, faint }: Pick<TextStyle, 'strong' | 'faint'>): string[] {
  const total = steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const sorted = steps.toSorted((a, b) => b.milliseconds - a.milliseconds)
  const share = (milliseconds: number): string => `${((100 * milliseconds) / (total || 1)).toFixed(1)} %`
  const rows = sorted.slice(0, LONGEST).map(({ node, operation, milliseconds }) => {
    return [time(milliseconds), share(milliseconds), shortened(operation, 14), fromEnd(node, 44)]
  })
  const rest = sorted.slice(LONGEST).reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const left = sorted.length - rows.length
  return [
    strong(`${counted(steps.length, 'step')}, ${time(total)} (medians of ${runs} runs)`),
    ...table(rows, '>><<'),
    ...(left > 0 ? [faint(`${counted(left, 'other step')}: ${time(rest)}`)] : []),
  ]
}
