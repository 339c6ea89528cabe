import { belongs, type SizeSet } from '../geometry.ts'
import { listed } from '../words/numbers.ts'

/** `1, 3 and 4`; `2, 5 to 9 and 30`: sizes that follow one another are a range. A long list is cut. */
export function listText(sizes: readonly number[], most = 6): string {
  const ranges = rangesOf(sizes).flatMap(([first, last]) => {
    if (last - first < 2) return first === last ? [`${first}`] : [`${first}`, `${last}`]
    return [`${first} to ${last}`]
  })
  if (ranges.length > most) return `${ranges.slice(0, most - 1).join(', ')} and more`
  return listed(ranges)
}

function rangesOf(sizes: readonly number[]): (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (const size of sizes) {
    const range = ranges.at(-1)
    if (range?.[1] === size - 1) range[1] = size
    else ranges.push([size, size])
  }
  return ranges
}

/** A set of sizes in words: `even sizes, and 3`; `32 k + 1 (33, 65, 97, ...)`; `any size from 8 on`. */
export function setText(set: SizeSet): string {
  const { from, below, residues, period } = set
  if (residues.length === 0) return below.length > 0 ? `only ${listText(below)}` : 'no size'
  const isInPattern = (size: number): boolean => residues.includes(size % period)
  const before = Array.from({ length: from - 1 }, (_, index) => index + 1)
  const missing = before.filter((size) => isInPattern(size) && !below.includes(size))
  const last = missing.at(-1) ?? 0
  const first = nextIn(set, last + 1)
  const others = below.filter((size) => size < first || !isInPattern(size))
  const pattern = `${patternText(set)}${missing.length > 0 ? ` from ${first} on` : ''}`
  return others.length > 0 ? `${pattern}, and ${listText(others)}` : pattern
}

function nextIn(set: SizeSet, size: number): number {
  let next = size
  while (!belongs(set, next)) next++
  return next
}

/** What repeats. */
function patternText({ period, residues }: SizeSet): string {
  if (period === 1) return 'any size'
  if (residues.length === 1) {
    const [rest] = residues
    if (period === 2) return rest === 0 ? 'even sizes' : 'odd sizes'
    return rest === 0 ? `multiples of ${period}` : `${period} k + ${rest}`
  }
  const run = runOf(period, residues)
  if (run?.[1] === 0) return `multiples of ${period} and up to ${-run[0]} less`
  if (run) return `${period} k${signed(run[0])} to ${period} k${signed(run[1])}`
  if (residues.length <= period / 2) return `sizes that leave ${orText(residues)} when divided by ${period}`
  const others = Array.from({ length: period }, (_, rest) => rest).filter((rest) => !residues.includes(rest))
  return `all sizes but those that leave ${orText(others)} when divided by ${period}`
}

const signed = (number: number): string => (number === 0 ? '' : ` ${number < 0 ? '-' : '+'} ${Math.abs(number)}`)

const orText = (numbers: readonly number[]): string => listText(numbers, 12).replace(' and ', ' or ')

/** The first and last residue of those that follow one another, the first perhaps below 0; undefined where they do not. */
function runOf(period: number, residues: readonly number[]): readonly [number, number] | undefined {
  const has = (rest: number): boolean => residues.includes((rest + period) % period)
  const starts = residues.filter((rest) => !has(rest - 1))
  if (starts.length !== 1) return undefined
  const last = starts[0] + residues.length - 1
  return last >= period ? [starts[0] - period, last - period] : [starts[0], last]
}
