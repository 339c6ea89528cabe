import { SamepadError } from 'samepad/geometry'
import { choice, group, number, numeral, type Part } from '../../state/part.ts'
import { type Filter, linesOf, MOST_TAPS, presetNames, type Weights } from './filters.ts'

/** The longest side on which pictures are computed, in pixels: what a click of the mouse should take. */
export const LONGEST_SIDE = 512
const SHORTEST_SIDE = 8

/** How much differences are amplified: `auto` makes the largest one as bright as can be. */
export const gains = ['auto', '1', '2', '4', '8', '16'] as const
export type Gain = (typeof gains)[number]

/** At first the sizes of three layers are even, so that each of them moves the picture. */
const FIRST_SIDE = 400

const side = number(FIRST_SIDE, (value) => {
  if (Number.isSafeInteger(value) && value >= SHORTEST_SIDE && value <= LONGEST_SIDE) return
  const must = `the longer side must be an integer from ${SHORTEST_SIDE} to ${LONGEST_SIDE}`
  throw new SamepadError('explorer', must, value)
})

/** Rows on lines or between semicolons, numbers between spaces or commas. */
function readWeights(text: string): Weights {
  const rows = text
    .trim()
    .split(/\s*[;\n]\s*/)
    .map((row) => row.split(/[\s,]+/).map(readWeight))
  const columns = rows[0].length
  const odd = rows.find((row) => row.length !== columns)
  if (odd) throw new SamepadError('explorer', `every row must have ${columns} weights like the first`, odd.length)
  const most = Math.max(rows.length, columns)
  if (most > MOST_TAPS) throw new SamepadError('explorer', `a picture's kernel must be at most ${MOST_TAPS}`, most)
  return { rows: rows.length, columns, data: rows.flat() }
}

function readWeight(text: string): number {
  const value = numeral(text)
  if (typeof value === 'number' && Math.abs(value) <= 1e6) return value
  throw new SamepadError('explorer', 'every weight must be a number of at most a million', text)
}

const filter: Part<Filter> = {
  initial: 'blur', // what was blurred several times is still known again
  read: (text) => presetNames.find((name) => name === text.trim()) ?? readWeights(text),
  write: (value) => (typeof value === 'string' ? value : linesOf(value).join(';')),
}

const MOST_LAYERS = 6

const depth = number(3, (value) => {
  if (Number.isSafeInteger(value) && value >= 1 && value <= MOST_LAYERS) return
  throw new SamepadError('explorer', `there must be 1 to ${MOST_LAYERS} layers`, value)
})

/** What slides over the picture, how often and on which size, and how differences are shown. The layer says all the rest. */
export const picture = group({ filter, depth, side, gain: choice<Gain>('the gain', gains, '4') })
