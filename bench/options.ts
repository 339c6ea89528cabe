import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { CommandOption } from '../src/cli/command.ts'
import { readArguments } from '../src/cli/read-arguments.ts'
import type { TextStyle } from '../src/cli/style.ts'
import { definitions, wrap } from '../src/cli/table.ts'
import { SamepadError } from '../src/geometry/error.ts'
import { type Peer, peers, usualPeers } from './engines/peers.ts'
import { type Host, hosts } from './hosts.ts'
import { type Part, parts, usualParts } from './parts.ts'

/** What the bench is asked to do. */
export interface Options {
  /** The file of layers. */
  readonly layers: string
  /** Where the results go as JSON, if anywhere. */
  readonly json: string | undefined
  /** A part of the names of the layers to run. */
  readonly only: string
  readonly parts: readonly Part[]
  /** Where to run; this process where none is named. */
  readonly on: readonly Host[]
  readonly peers: readonly Peer[]
  readonly quick: boolean
  /** Whole models instead of layers. */
  readonly models: boolean
  /** Gradients of layers, and a step of training. */
  readonly gradients: boolean
  /** Models of TensorFlow.js, with its kernels and with samepad's. */
  readonly tfjs: boolean
  readonly docs: boolean
  readonly built: boolean
  readonly help: boolean
}

const known = {
  layers: { value: 'FILE', about: 'time the layers of this file instead of bench/layers.json' },
  only: { value: 'NAME', about: 'only layers or models with this in their name' },
  parts: { value: 'A,B', about: 'measure these parts, listed below, or all; by default all but large and growth' },
  peers: {
    value: 'A,B',
    about: `time these engines too, or all, or none: ${Object.keys(peers).join(', ')}; by default all but jax`,
  },
  on: {
    value: 'A,B',
    about: `run on these, one after the other, or all: ${hosts.join(', ')}; by default the Node that runs it`,
  },
  json: {
    value: 'FILE',
    about: 'write the results as JSON: the limit, the machine, a row for each layer and engine; a list with --on',
  },
  quick: { about: 'shorter and rougher' },
  models: { about: 'time whole models instead, with one thread and two, and the first result of a process' },
  gradients: { about: 'time gradients of layers and a step of training instead, beside TensorFlow.js (three minutes)' },
  tfjs: { about: 'time models of TensorFlow.js instead, with its own kernels and with those of samepad/tfjs' },
  docs: {
    about:
      'do all of it everywhere, and write docs/bench.md and docs/bench-growth.svg; with --models, --gradients or --tfjs that section alone',
  },
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
    parts: chosen('parts', text('parts'), Object.keys(parts) as Part[], usualParts),
    peers: chosen('peers', text('peers'), Object.keys(peers) as Peer[], usualPeers),
    on: chosen('on', text('on'), hosts, []),
    quick: given('quick'),
    models: given('models'),
    gradients: given('gradients'),
    tfjs: given('tfjs'),
    docs: given('docs'),
    built: given('built'),
    help: given('help'),
  }
}

/** The names of a list with commas, in the order of all that there are. */
function chosen<T extends string>(
  option: string,
  list: string | undefined,
  all: readonly T[],
  usual: readonly T[],
): readonly T[] {
  if (list === undefined) return usual
  if (list === 'all') return all
  const names = list === 'none' ? [] : list.split(',')
  const strange = names.find((name) => !all.some((one) => one === name))
  if (strange === undefined) return all.filter((one) => names.includes(one))
  throw new SamepadError(STAGE, `--${option} must be of ${all.join(', ')}`, strange)
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
      'npm run bench times samepad beside TensorFlow.js, onnxruntime-web, LiteRT.js, tfjs-tflite and onnxruntime-node, ' +
        'one thread each, in turns, on layers of networks that people run. It takes some six minutes on each host.',
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
    '  npm run bench -- --on node24,chromium --json build/bench.json',
    '  npm run bench -- --quick --only "dw 5x5" --peers litert,tflite --parts layers',
    '  npm run bench -- --parts new-sizes,in-turns --on node26',
    '  npm run bench -- --layers my-layers.json',
    '  npm run bench -- --models --on node24 --only "PP-OCR"',
    '  npm run bench -- --tfjs --docs',
    '',
    ...wrap(
      'Exit code: 0, 1 where samepad gives other values than its reference, or a part or a host cannot be measured, 2 ' +
        'if it is not understood.',
    ),
  ]
}
