import { parseArgs } from 'node:util'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { engineNames } from '../engine/engine.ts'
import { storedTypes } from '../engine/values.ts'
import { compressionNames } from '../output/codecs.ts'

// Options of the command line: what they are called, what follows them, what they do.

/** An option: the name of its value (none for a switch), and a line of help. */
export interface OptionRow {
  readonly value?: string
  readonly about: string
}

/** Options that say how a picture is run. */
export const runOptions = {
  memory: { value: 'SIZE', about: 'memory for everything, such as 1GB (default: 2GB)' },
  workers: { value: 'N', about: 'threads that compute (default: one for each core)' },
  tile: {
    value: 'N[,N]',
    about: 'the most cells that a piece reads along each axis (default: what is fastest within --memory)',
  },
  halo: { value: 'N', about: 'cells around each piece, for a model of which no piece can be exact' },
  engine: { value: 'NAME', about: `what runs the model: ${engineNames.join(' or ')} (default: samepad)` },
  deterministic: { about: 'the same bits on every machine and with every tile, with samepad; slower' },
  layout: { value: 'nchw', about: "the order of the model's input (default: the one that fits)" },
  channels: { value: '0,1,2', about: 'channels of the picture, in the order of the model' },
  mean: { value: 'N[,N]', about: 'the model is given (value - mean) * scale' },
  scale: { value: 'N[,N]', about: 'such as 0.00392157, which is 1/255' },
  axes: { value: 'tczyx', about: 'letters of the axes of a Zarr array that does not name them' },
  raw: {
    value: 'TYPE:SHAPE',
    about: 'the picture is numbers alone, little-endian, as uint8:3x4000x6000; --axes names its axes',
  },
  level: { value: 'N', about: 'the level of an OME-Zarr pyramid, or the image of a TIFF (default: 0)' },
  at: { value: 't=0', about: 'the place on an axis that the model does not have, such as time' },
  type: {
    value: 'TYPE',
    about: `how outputs are stored: ${storedTypes.join(', ')} (default: float32; uint8 in a PNG)`,
  },
  'out-scale': { value: 'N', about: 'outputs are stored as value * out-scale + out-offset' },
  'out-offset': { value: 'N', about: 'see out-scale' },
  compress: {
    value: 'NAME',
    about: `how chunks of a Zarr are compressed: ${compressionNames.join(', ')} (default: none)`,
  },
  overwrite: { about: 'write over a PNG or TIFF that is there' },
  preview: { value: 'FILE', about: 'a small PNG of the output, written anew as pieces come' },
} satisfies Readonly<Record<string, OptionRow>>

/** Options that say where the queue is. */
export const queueOptions = {
  redis: {
    value: 'URL',
    about: 'redis://host:port, or rediss:// for TLS; a password only in SAMEPAD_TILES_REDIS or a file',
  },
  'redis-file': { value: 'FILE', about: 'a file that holds the address' },
  queue: { value: 'NAME', about: 'the name of the queue (default: samepad-tiles)' },
} satisfies Readonly<Record<string, OptionRow>>

/** What was typed. */
export interface Typed {
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

/** Takes arguments apart. */
export function typed(stage: string, args: readonly string[], rows: Readonly<Record<string, OptionRow>>): Typed {
  const options = Object.fromEntries(
    Object.entries(rows).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { words: positionals, options: values as Typed['options'] }
  } catch (error) {
    throw new SamepadError(
      stage,
      'options must be those of --help',
      new Verbatim((error as Error).message.split(/\.(?: |$)|\n/)[0]),
    )
  }
}

/** An option as a text. */
export const textOf = ({ options }: Typed, name: string): string | undefined => options[name] as string | undefined

/** An option as numbers with commas between them. */
export function numbersOf(stage: string, given: Typed, name: string, isWhole = false): number[] | undefined {
  const text = textOf(given, name)
  if (text === undefined) return undefined
  const list = text.split(',').map((one) => (one.trim() === '' ? Number.NaN : Number(one)))
  if (list.every((one) => (isWhole ? Number.isSafeInteger(one) && one >= 0 : Number.isFinite(one)))) return list
  throw new SamepadError(
    stage,
    `--${name} must be ${isWhole ? 'whole numbers' : 'numbers'}, with commas between them`,
    text,
  )
}

/** An option as one whole number. */
export function numberOf(stage: string, given: Typed, name: string, least = 0): number | undefined {
  const list = numbersOf(stage, given, name, true)
  if (list === undefined || (list.length === 1 && list[0] >= least)) return list?.[0]
  throw new SamepadError(stage, `--${name} must be one whole number of at least ${least}`, textOf(given, name))
}

/** An option as one of some names. */
export function nameOf<T extends string>(
  stage: string,
  given: Typed,
  name: string,
  known: readonly T[],
): T | undefined {
  const text = textOf(given, name)
  const found = known.find((one) => one === text)
  if (text === undefined || found) return found
  throw new SamepadError(stage, `--${name} must be one of ${known.join(', ')}`, text)
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }

/** An option as bytes: `1GB`, `500MB`. */
export function bytesIn(stage: string, given: Typed, name: string): number | undefined {
  const text = textOf(given, name)
  if (text === undefined) return undefined
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)b?$/i.exec(text) ?? []
  if (number !== undefined) return Math.floor(Number(number) * units[unit.toLowerCase()])
  throw new SamepadError(stage, `--${name} must be a number of bytes, such as 2GB or 500MB`, text)
}

/** `t=0,z=4` as places by letters. */
export function placesOf(stage: string, given: Typed, name: string): Record<string, number> | undefined {
  const text = textOf(given, name)
  if (text === undefined) return undefined
  const pairs = text.split(',').map((pair) => /^([a-z])=(\d+)$/.exec(pair))
  if (pairs.every((pair) => pair !== null))
    return Object.fromEntries(pairs.map(([, letter, place]) => [letter, Number(place)]))
  throw new SamepadError(stage, `--${name} must be places of axes, such as t=0`, text)
}
