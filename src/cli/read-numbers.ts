import { type Pads, SamepadError, Verbatim } from '../geometry.ts'
import type { Request } from './command.ts'

/** Answers that look at every tap of a window take their time on large ones. */
export const MOST_CELLS = 10_000

const MOST = Number.MAX_SAFE_INTEGER

/** An option that must be one integer; undefined where it was not given. */
export function wholeNumber(stage: string, { options }: Request, name: string, least = 1): number | undefined {
  const text = options[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(String(text)) && value >= least && value <= MOST) return value
  throw new SamepadError(stage, `--${name} must be an integer of at least ${least}`, text)
}

/** Says that an option must be there. */
export function missing(stage: string, name: string): never {
  throw new SamepadError(stage, `--${name} must be given`, new Verbatim('nothing'))
}

/** Sizes of one to three axes: `224` or `224x225`. */
export function sizes(stage: string, request: Request, name: string): number[] {
  const text = String(request.options[name] ?? missing(stage, name))
  const list = text.split('x').map(Number)
  const isSizes = /^\d+(x\d+){0,2}$/.test(text) && list.every((size) => size >= 1 && size <= MOST)
  if (isSizes) return list
  throw new SamepadError(stage, `--${name} must be one to three sizes such as 224 or 224x224`, text)
}

/** A size, or values: `6` is a size, `1,2,3` are three values and `1,` is one. */
export function sizeOrValues(stage: string, request: Request, name: string): number | number[] {
  const text = String(request.options[name] ?? missing(stage, name))
  const parts = text.replace(/^\[|\]$/g, '').split(/,\s*|\s+/)
  const isSize = parts.length === 1
  const values = parts.filter((part) => part !== '').map(readValue)
  const holds = isSize ? Number.isInteger(values[0]) && values[0] >= 0 : !values.some(Number.isNaN)
  if (holds && values.length > 0) return isSize ? values[0] : values
  throw new SamepadError(stage, `--${name} must be a size, or values separated by commas`, text)
}

/** Values by rows, `1,2,3;4,5,6`; undefined where an option has no rows. */
export function rowsOf(stage: string, request: Request, name: string): number[][] | undefined {
  const text = String(request.options[name] ?? missing(stage, name)).replace(/[[\]]/g, '')
  if (!/[;\n]/.test(text)) return undefined
  const rows = text
    .split(/[;\n]/)
    .filter((row) => row.trim() !== '')
    .map((row) => row.trim().split(/,\s*|\s+/).map(readValue)) // biome-ignore format: one line
  const holds = rows.length > 0 && rows.every((row) => row.length === rows[0].length && !row.some(Number.isNaN))
  if (holds && rows.length * rows[0].length <= MOST_CELLS) return rows
  throw new SamepadError(stage, `--${name} must be rows of values such as 1,2,3;4,5,6, as many in each`, text)
}

/** One or two numbers: `2` for both axes, or `2x1`; undefined where it was not given. */
export function twoNumbers(stage: string, { options }: Request, name: string): readonly [number, number] | undefined {
  const text = options[name]
  if (text === undefined) return undefined
  const [down, across = down] = String(text).split('x').map(Number)
  const holds = [down, across].every((value) => value >= 1 && value <= MOST_CELLS)
  if (/^\d+(x\d+)?$/.test(String(text)) && holds) return [down, across]
  throw new SamepadError(stage, `--${name} must be one number or two such as 2x1`, text)
}

/** A number as frameworks print it. */
function readValue(text: string): number {
  const infinite = /^([-+]?)inf(inity)?$/i.exec(text)
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /\d/.test(text) ? Number(text) : Number.NaN
}

/** Padding as `1` or `0,1`; undefined where it was not given. */
export function pads(stage: string, { options }: Request, name: string): Pads | undefined {
  const text = options[name]
  if (text === undefined) return undefined
  if (!/^-?\d+(,-?\d+)?$/.test(String(text))) {
    throw new SamepadError(stage, `--${name} must be one number for both sides or two such as 0,1`, text)
  }
  const [begin, end = begin] = String(text).split(',').map(Number)
  return [begin, end]
}
