import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { CommandOption } from '../src/cli/command.ts'
import { readArguments } from '../src/cli/read-arguments.ts'
import type { Style } from '../src/cli/style.ts'
import { definitions, wrap } from '../src/cli/table.ts'
import { SamepadError } from '../src/geometry/error.ts'

/** What the bench is asked to do. */
export interface Options {
  /** The file of layers. */
  readonly layers: string
  /** Where the results go as JSON, if anywhere. */
  readonly json: string | undefined
  /** A part of the names of the layers to run. */
  readonly only: string
  readonly node24: boolean
  readonly quick: boolean
  readonly growth: boolean
  readonly docs: boolean
  readonly built: boolean
  readonly help: boolean
}

const known = {
  layers: { value: 'FILE', about: 'time the layers of this file instead of bench/layers.json' },
  only: { value: 'NAME', about: 'only layers with this in their name' },
  json: { value: 'FILE', about: 'write the results as JSON: the limit, the machine, a row for each layer and engine' },
  quick: { about: 'shorter and rougher: under two minutes' },
  node24: { about: 'run under the Node 24 of bench/node_modules, which has relaxed SIMD' },
  growth: { about: 'measure too how times grow with the area, the channels and the batch of the input' },
  docs: { about: 'do all of it on this Node and on Node 24, and write docs/bench.md and docs/bench-growth.svg' },
  built: { about: 'take samepad as it was built last' },
  help: { about: 'print this' },
} as const satisfies Readonly<Record<string, CommandOption>>

const STAGE = 'bench'

/**
 * Reads the command line.
 *
 * @throws SamepadError on misuse
 */
export function readOptions(argv: readonly string[], defaultLayers: string): Options {
  const { words, options } = readArguments(STAGE, argv, known, false)
  if (words.length > 0) throw new SamepadError(STAGE, 'there must be options only', words[0])
  const text = (name: keyof typeof known): string | undefined => {
    const value = options[name]
    return typeof value === 'string' ? value : undefined
  }
  const given = (name: keyof typeof known): boolean => options[name] === true
  return {
    layers: text('layers') ?? defaultLayers,
    json: text('json'),
    only: text('only') ?? '',
    node24: given('node24'),
    quick: given('quick'),
    growth: given('growth'),
    docs: given('docs'),
    built: given('built'),
    help: given('help'),
  }
}

/** The content of a JSON file. */
export function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new SamepadError(STAGE, '--layers must name a file that can be read', path)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new SamepadError(STAGE, '--layers must name a file of JSON', path)
  }
}

/** Checks that a file can be written, minutes before it is. */
export function checkWritable(path: string): void {
  try {
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK)
  } catch {
    throw new SamepadError(STAGE, '--json must name a file that can be written', path)
  }
}

/** What `--help` prints. */
export function help({ strong }: Style): string[] {
  const written = Object.entries<CommandOption>(known).map(([name, { value, about }]): [string, string] => {
    return [`--${name}${value ? ` ${value}` : ''}`, about]
  })
  return [
    ...wrap(
      'npm run bench times samepad beside TensorFlow.js, onnxruntime-web, onnxruntime-node and jax-js, one thread each, ' +
        'in turns, on layers of networks that people run. It takes about five minutes.',
    ),
    '',
    strong('Options'),
    ...definitions(written, '  '),
    '',
    strong('Examples'),
    '  npm run bench',
    '  npm run bench -- --node24 --json build/bench.json',
    '  npm run bench -- --quick --only "dw 5x5"',
    '  npm run bench -- --layers my-layers.json',
    '',
    ...wrap(
      'Exit code: 0, 1 where samepad gives other values than its reference or Node 24 is not to be had, 2 if it is ' +
        'not understood.',
    ),
  ]
}
