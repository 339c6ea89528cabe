import { SamepadError, Verbatim } from '../geometry.ts'
import type { Command, Request } from './command.ts'
import { compareRuns, type OutputDifference } from './compare-outputs.ts'
import { engineOf } from './engine.ts'
import { feedsFor, inputNames, renamed } from './feeds.ts'
import { FileError } from './file-error.ts'
import { fileOptions } from './input-files.ts'
import { type ModelFile, modelIn, twoModelFiles } from './model-files.ts'
import { type Feeds, type Optimization, type Outputs, optimizations, type Runtime } from './onnxruntime.ts'
import type { TextStyle } from './style.ts'
import { fromEnd, table, wrap } from './table.ts'

/** `samepad verify`: both models run on the same inputs. */
export const verify: Command = {
  summary: 'two ONNX files, run on the same inputs by samepad or your onnxruntime-node: how far their outputs differ',
  usage: 'FILE FILE [--input NAME=SHAPE|FILE] [--data FILE] [--value NAME=NUMBER] [--engine NAME]',
  about:
    'Runs both models on random numbers from -1 to 1 and once more from -1 to 0, or on given ones, and prints the largest ' +
    'difference of each output beside its largest value. samepad runs them itself; with --engine onnxruntime, ' +
    'your own onnxruntime-node runs them (npm install onnxruntime-node where you are). By default it runs them as they are ' +
    'written, because onnxruntime can rewrite graphs before it runs them, and some of its rewrites change what a model ' +
    'computes. A sentence says where that is so.',
  options: {
    ...fileOptions,
    data: { value: 'FILE', about: 'safetensors with values for inputs, by their names' },
    value: { value: 'NAME=NUMBER', about: 'fill an input with one number, such as sr=16000', many: true },
    seed: { value: 'N', about: 'another seed for the random numbers' },
    tolerance: { value: 'X', about: 'equal up to X of the largest value; the default is 0.0001' },
    engine: { value: 'NAME', about: 'what runs the models: samepad, which is the default, or onnxruntime' },
    optimization: {
      value: 'LEVEL',
      about: `how far onnxruntime may rewrite the models: ${optimizations.join(', ')}; the default is disabled`,
    },
  },
  examples: [
    'verify before.onnx after.onnx --input 1x3x224x224',
    'verify before.onnx after.onnx --input 1x3x224x224 --seed 7',
    'verify before.onnx after.onnx --input 1x3x224x224 --value x=0.5 --json',
  ],
  no: 'an output differs by more',
  settings: false,
  answer: async (request, surroundings) => {
    const { cwd, progress } = surroundings
    const [tolerance, level] = [toleranceOf(request), optimizationOf(request)]
    const files = await twoModelFiles('verify', request.words, surroundings)
    const models = [await modelIn(files[0]), await modelIn(files[1])]
    for (const [index, { framework, format }] of models.entries()) {
      if (framework === undefined) continue
      const got = new Verbatim(`${format}, ${files[index].name}`)
      throw new FileError(
        'verify',
        'both files must be ONNX (samepad diff compares the padding of files of any formats)',
        got,
      )
    }
    const runtime = await engineOf('verify', request, cwd)
    const feeds = feedsFor('verify', request, models[0], runtime, cwd)
    const runs: Run[] = []
    for (const [index, file] of files.entries()) {
      progress(`running ${file.name}`)
      const own = feeds.map((one) => renamed(one, inputNames(models[0]), inputNames(models[index])))
      runs.push(await runAtLevels(runtime, file, own, level, tolerance))
    }
    const differences = compareRuns(runs[0].outputs, runs[1].outputs, tolerance)
    const equal = differences.every((one) => one.equal)
    const notes = runs.flatMap(({ note }) => note ?? [])
    const optimization = runtime.levels.length > 0 ? level : undefined
    const facts = { runtime: runtime.name, optimization, tolerance, equal, outputs: differences, notes }
    return {
      data: { a: files[0].name, b: files[1].name, ...facts },
      lines: (style) => lines(facts, style),
      exitCode: equal ? 0 : 1,
    }
  },
}

/** A model at the level that was asked for, and what another level would make of it. */
interface Run {
  /** Of each input. */
  readonly outputs: readonly Outputs[]
  /** A sentence where the levels differ. */
  readonly note: string | undefined
}

/** Runs a model, and once more at the other end where there are levels: as it is written, or rewritten as when nobody says. */
async function runAtLevels(
  runtime: Runtime,
  file: ModelFile,
  feeds: readonly Feeds[],
  level: Optimization,
  tolerance: number,
): Promise<Run> {
  const outputs = await runtime.run(file, feeds, level)
  if (runtime.levels.length === 0) return { outputs, note: undefined }
  const other: Optimization = level === 'disabled' ? 'all' : 'disabled'
  try {
    const found = compareRuns(outputs, await runtime.run(file, feeds, other), tolerance)
    const differing = found.filter((one) => !one.equal).map((one) => one.name)
    if (differing.length === 0) return { outputs, note: undefined }
    const what = `onnxruntime's optimiser changes what ${file.name} computes`
    return { outputs, note: `${what}: ${differing.join(', ')} differs between the levels ${level} and ${other}` }
  } catch (error) {
    if (!(error instanceof SamepadError)) throw error
    return { outputs, note: `${file.name} does not run at the level ${other}` }
  }
}

function optimizationOf({ options }: Request): Optimization {
  const given = options.optimization ?? 'disabled'
  const found = optimizations.find((one) => one === given)
  if (found) return found
  throw new SamepadError('verify', `--optimization must be one of ${optimizations.join(', ')}`, given)
}

function toleranceOf({ options }: Request): number {
  const given = options.tolerance ?? '0.0001'
  const value = Number(given)
  if (given !== '' && value >= 0 && value < Number.POSITIVE_INFINITY) return value
  throw new SamepadError('verify', '--tolerance must be a number of at least 0', given)
}

/** What `verify` found. */
interface Facts {
  readonly runtime: string
  /** How far the models were rewritten; undefined where that cannot be told. */
  readonly optimization: Optimization | undefined
  readonly equal: boolean
  readonly outputs: readonly OutputDifference[]
  readonly notes: readonly string[]
}

function lines({ runtime, optimization, equal, outputs, notes }: Facts, { strong, alert }: TextStyle): string[] {
  const rows = outputs.map(({ name, dims, equal, largest, scale, only }) => [
    equal ? 'equal' : 'differs',
    fromEnd(name, 30),
    dims.join('x'),
    only ? `only in the ${only}` : largest === undefined ? 'other shape' : largest.toPrecision(3),
    only ? '' : scale.toPrecision(3),
  ])
  const head = ['', 'output', 'shape', 'largest difference', 'largest value']
  const [first, ...others] = table([head, ...rows], '<<<>>')
  const level = optimization === 'disabled' ? ' without graph optimisation' : ` with graph optimisation ${optimization}`
  const by = `run by ${runtime}${optimization ? level : ''}`
  return [
    ...wrap(equal ? `${strong('Equal')} up to rounding, ${by}.` : `${alert('Different')}, ${by}.`),
    '',
    ...[strong(first), ...others],
    ...notes.flatMap((note) => ['', ...wrap(`${note}.`)]),
  ]
}
