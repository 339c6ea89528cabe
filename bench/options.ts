import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { CommandOption } from '../src/cli/command.ts'
import { readArguments } from '../src/cli/read-arguments.ts'
import type { TextStyle } from '../src/cli/style.ts'
import { definitions, wrap } from '../src/cli/table.ts'
import { SamepadError } from '../src/geometry/error.ts'
import { type Part, parts } from './parts.ts'

/** What the bench is asked to do. */
export interface Options {
  /** The file of layers. */
  readonly layers: string
  /** Where the results go as JSON, if anywhere. */
  readonly json: string | undefined
  /** A part of the names of the layers to run. */
  readonly only: string
  readonly parts: readonly Part[]
  readonly node24: boolean
  readonly quick: boolean
  readonly docs: boolean
  readonly built: boolean
  readonly help: boolean
}

const known = {
  layers: { value: 'FILE', about: 'time the layers of this file instead of bench/layers.json' },
  only: { value: 'NAME', about: 'only layers with this in their name' },
  parts: { value: 'A,B', about: 'measure these parts, listed below; by default all but growth' },
  json: { value: 'FILE', about: 'write the results as JSON: the limit, the machine, a row for each layer and engine' },
  quick: { about: 'shorter and rougher: under two minutes' },
  node24: { about: 'run under the Node 24 of bench/node_modules, which has relaxed SIMD' },
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
    parts: text('parts') === undefined ? usual : checkParts((text('parts') as string).split(',')),
    node24: given('node24'),
    quick: given('quick'),
    docs: given('docs'),
    built: given('built'),
    help: given('help'),
  }
}

const usual = (Object.keys(parts) as Part[]).filter((part) => part !== 'growth')

function checkParts(names: readonly string[]): Part[] {
  return names.map((name) => {
    if (Object.hasOwn(parts, name)) return name as Part
    throw new SamepadError(STAGE, `--parts must be of ${Object.keys(parts).join(', ')}`, name)
  })
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
export function help({ strong }: TextStyle): string[] {
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
    strong('Parts'),
    ...definitions(Object.entries(parts), '  '),
    '',
    strong('Examples'),
    '  npm run bench',
    '  npm run bench -- --node24 --json build/bench.json',
    '  npm run bench -- --quick --only "dw 5x5"',
    '  npm run bench -- --parts new-sizes,in-turns',
    '  npm run bench -- --layers my-layers.json',
    '',
    ...wrap(
      'Exit code: 0, 1 where samepad gives other values than its reference or Node 24 is not to be had, 2 if it is ' +
        'not understood.',
    ),
  ]
}
