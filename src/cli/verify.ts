import { resolve } from 'node:path'
import { Finding, SamepadError } from '../geometry.ts'
import { readSafetensors, type Safetensors } from '../index.ts'
import { type Model, readModel } from '../onnx.ts'
import type { Command, Request } from './command.ts'
import { twoModelFiles } from './model-files.ts'
import { loadRuntime, type Runtime, type RuntimeTensor } from './onnxruntime.ts'
import { wholeNumber } from './read-numbers.ts'
import { inputOption, inputsOf, readShapes, shapesFor } from './read-shapes.ts'
import type { Style } from './style.ts'
import { fromEnd, table, wrap } from './table.ts'

/** `samepad verify`: both models run on one input. */
export const verify: Command = {
  summary: 'two ONNX files, run by your onnxruntime-node on one input: how far their outputs differ',
  usage: 'FILE FILE [--input NAME=SHAPE] [--data FILE] [--value NAME=NUMBER]',
  about:
    'Runs both models with the onnxruntime-node that is installed where you are (npm install onnxruntime-node; samepad ' +
    'itself depends on nothing), on random numbers or on given ones, and prints the largest difference of each output ' +
    'beside its largest value.',
  options: {
    input: inputOption,
    data: { value: 'FILE', about: 'safetensors with values for inputs, by their names' },
    value: { value: 'NAME=NUMBER', about: 'fill an input with one number, such as sr=16000', many: true },
    seed: { value: 'N', about: 'another seed for the random numbers' },
    tolerance: { value: 'X', about: 'equal up to X of the largest value; 0.0001 unless said' },
  },
  examples: ['verify before.onnx after.onnx', 'verify before.onnx after.onnx --input 1x3x224x224 --seed 7'],
  no: 'an output differs by more',
  settings: false,
  answer: async (request, surroundings) => {
    const { cwd, progress } = surroundings
    const tolerance = toleranceOf(request)
    const files = await twoModelFiles('verify', request.words, surroundings)
    const models = [await readModel(files[0].source), await readModel(files[1].source)]
    const runtime = await loadRuntime(cwd)
    const feeds = feedsFor(request, models[0], runtime, cwd)
    const outputs = []
    for (const [index, file] of files.entries()) {
      progress(`running ${file.name}`)
      outputs.push(await runtime.run(file, renamed(feeds, inputNames(models[0]), inputNames(models[index]))))
    }
    const differences = compareOutputs(outputs[0], outputs[1], tolerance)
    const equal = differences.every((one) => one.equal)
    return {
      data: { a: files[0].name, b: files[1].name, runtime: runtime.version, tolerance, equal, outputs: differences },
      lines: (style) => lines(differences, equal, runtime.version, style),
      exitCode: equal ? 0 : 1,
    }
  },
}

function toleranceOf({ options }: Request): number {
  const given = options.tolerance ?? '0.0001'
  const value = Number(given)
  if (given !== '' && value >= 0 && value < Number.POSITIVE_INFINITY) return value
  throw new SamepadError('verify', '--tolerance must be a number of at least 0', given)
}

const inputNames = (model: Model): string[] => inputsOf(model).map(({ name }) => name)

/** Another export's inputs have other names: those that it does not know are given in their order. */
function renamed(
  feeds: Readonly<Record<string, RuntimeTensor>>,
  names: readonly string[],
  others: readonly string[],
): Record<string, RuntimeTensor> {
  if (others.every((name) => Object.hasOwn(feeds, name)))
    return Object.fromEntries(others.map((name) => [name, feeds[name]]))
  if (names.length === others.length)
    return Object.fromEntries(others.map((name, index) => [name, feeds[names[index]]]))
  throw new SamepadError('verify', `the models must have the same inputs, ${names.join(', ')}`, others)
}

function feedsFor(request: Request, model: Model, runtime: Runtime, cwd: string): Record<string, RuntimeTensor> {
  const shapes = shapesFor('verify', model, readShapes('verify', request), true)
  const random = randomNumbers(wholeNumber('verify', request, 'seed', 0) ?? 1)
  const { data } = request.options
  const file = typeof data === 'string' ? readSafetensors(resolve(cwd, data)) : undefined
  const names = inputNames(model)
  if (file && !names.some((name) => file.has(name))) {
    throw new SamepadError('verify', `--data must have a tensor of one of the inputs ${names.join(', ')}`, file.names)
  }
  const fills = readFills(request, names)
  return Object.fromEntries(
    inputsOf(model).map(({ name, shape, elementType }) => {
      const given = tensorOf(file, name)
      const dims = given?.shape ?? shapes[name] ?? shapeOf(name, shape)
      const count = dims.reduce((product, size) => product * size, 1)
      if (count > 2 ** 30) throw new SamepadError('verify', `the input ${name} must have at most 2^30 cells`, count)
      const fill = fills.get(name)
      const value = (index: number): number => given?.data[index] ?? fill ?? random()
      return [name, runtime.tensor(elementType, dims, value)]
    }),
  )
}

const tensorOf = (file: Safetensors | undefined, name: string) => (file?.has(name) ? file.get(name) : undefined)

/** What a file leaves open is one cell where it is the batch, and has to be given elsewhere. */
function shapeOf(name: string, shape: Model['graph']['inputs'][number]['shape']): number[] {
  const dims = shape?.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? 1 : undefined))
  if (dims?.every((size) => size !== undefined)) return dims
  const said = shape?.map((size) => size ?? '?').join('x') ?? '?'
  throw new SamepadError(
    'verify',
    `--input ${name}=SHAPE must say the size of what the file leaves open`,
    new Finding(said),
  )
}

function readFills({ options }: Request, names: readonly string[]): Map<string, number> {
  const { value } = options
  if (typeof value !== 'string') return new Map()
  return new Map(
    value.split(',').map((part) => {
      const at = part.lastIndexOf('=')
      const [name, number] = [part.slice(0, at), Number(part.slice(at + 1))]
      if (at > 0 && names.includes(name) && part.slice(at + 1) !== '' && Number.isFinite(number)) return [name, number]
      throw new SamepadError('verify', `--value must be NAME=NUMBER for one of the inputs ${names.join(', ')}`, part)
    }),
  )
}

/** Numbers from -1 to 1 that are the same for a seed on every machine (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1
  }
}

/** How far one output of the second model is from that of the first. */
interface OutputDifference {
  readonly name: string
  readonly dims: readonly number[]
  readonly equal: boolean
  /** Undefined where the shapes differ. */
  readonly largest: number | undefined
  /** The largest value of the first model's output, without its sign. */
  readonly scale: number
}

function compareOutputs(
  first: Readonly<Record<string, RuntimeTensor>>,
  second: Readonly<Record<string, RuntimeTensor>>,
  tolerance: number,
): OutputDifference[] {
  const others = Object.values(second)
  return Object.entries(first).map(([name, one], index) => {
    const other = Object.hasOwn(second, name) ? second[name] : others[index]
    let [largest, scale] = [0, 0]
    const isAlike = other && String(one.dims) === String(other.dims)
    for (let at = 0; isAlike && at < one.data.length; at++) {
      const [a, b] = [Number(one.data[at]), Number(other.data[at])]
      if (Number.isFinite(a)) scale = Math.max(scale, Math.abs(a))
      // What is no number, or has no end, is alike where both have it.
      if (!Object.is(a, b))
        largest = Math.max(largest, Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b))
    }
    const equal = Boolean(isAlike) && largest <= tolerance * scale
    return { name, dims: one.dims, equal, largest: isAlike ? largest : undefined, scale }
  })
}

function lines(
  differences: readonly OutputDifference[],
  equal: boolean,
  version: string,
  { strong, alert }: Style,
): string[] {
  const rows = differences.map(({ name, dims, equal, largest, scale }) => [
    equal ? 'equal' : 'differs',
    fromEnd(name, 30),
    dims.join('x'),
    largest === undefined ? 'other shape' : largest.toPrecision(3),
    scale.toPrecision(3),
  ])
  const head = ['', 'output', 'shape', 'largest difference', 'largest value']
  const [first, ...others] = table([head, ...rows], '<<<>>')
  const by = `onnxruntime-node ${version}`
  return [
    ...wrap(equal ? `${strong('Equal')} up to rounding, run by ${by}.` : `${alert('Different')}, run by ${by}.`),
    '',
    ...[strong(first), ...others],
  ]
}
