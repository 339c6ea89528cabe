import { listed } from '../../../src/words/numbers.ts'
import type { Beside, Made } from './model.ts'

// What is seen, in words.

/** A number of pixels, with a fraction where there is one. */
const pixels = (count: number): string => `${Number(count.toFixed(2))} ${count === 1 ? 'pixel' : 'pixels'}`

/** Where the second reads, and where its picture lies for that. */
export function shiftInWords({ rules: [first, second], earlier: [down, across], strides }: Beside): string {
  if (down === 0 && across === 0) return `${second} is not shifted: its windows begin at the same pixels.`
  const begin = [side(down, 'higher', 'lower'), side(across, 'further left', 'further right')]
  const lies = [side(down / strides[0], 'lower', 'higher'), side(across / strides[1], 'further right', 'further left')]
  return `${second} reads ${listed(begin.filter(Boolean))} than ${first}, so its picture has moved: ${listed(lies.filter(Boolean))}.`
}

/** A shift along one axis: how far, and whereto; nothing where there is none. */
const side = (by: number, forward: string, back: string): string =>
  by === 0 ? '' : `${pixels(Math.abs(by))} ${by > 0 ? forward : back}`

/** How much two pictures differ. */
export function differenceInWords({ share, mean, most, sameSize }: Beside): string {
  const common = sameSize ? 'the pixels' : 'the pixels that both have'
  if (most === 0) return `Equal at all ${common.replace('the ', '')}.`
  const [average, largest] = [levels(mean), levels(most)]
  return `${percent(share)} of ${common} differ, by ${average} levels on average and ${largest} at most; white is 255.`
}

/** A share; what is not all is not rounded to it. */
function percent(share: number): string {
  if (share === 1) return 'All'
  return share < 0.001 ? 'Less than 0.1 %' : `${Math.floor(share * 1000) / 10} %`
}

/** How long it took, and what computed. */
export function timeInWords({ engine, again, first, runs }: Made): string {
  const how = engine === 'program' ? 'a WebAssembly program' : 'the reference, plain loops'
  const details = [
    runs > 1 ? `median of ${runs}` : '',
    first !== again ? `the first run ${milliseconds(first)}` : '',
  ].filter(Boolean)
  return `${milliseconds(again)} by ${how}${details.length > 0 ? ` (${details.join('; ')})` : ''}`
}

const milliseconds = (time: number): string =>
  time < 0.05 ? 'less than 0.1 ms' : `${time.toFixed(time < 10 ? 1 : 0)} ms`

/** Padding on four sides. */
export const padsInWords = ({ pads: [down, across] }: Made): string =>
  `padding ${down[0]} above, ${down[1]} below, ${across[0]} left, ${across[1]} right`

/** Levels as they are read: not more places than matter. */
export const levels = (value: number): string =>
  value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)))
