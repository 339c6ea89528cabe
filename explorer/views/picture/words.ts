import { listed } from '../../../src/words/numbers.ts'
import type { Beside, Made } from './model.ts'

// What is seen, in words.

/** A number of pixels, with a fraction where there is one. */
const pixels = (count: number): string => `${Number(count.toFixed(2))} ${count === 1 ? 'pixel' : 'pixels'}`

/** Where the second reads, and where its picture lies for that. */
export function shiftInWords({ rules: [first, second], earlier: [down, across], strides }: Beside): string {
  const [one, other] = strides
  const ofPhoto = one === other && one > 1 ? ` A pixel of the result is ${one} of the photo.` : ''
  if (down === 0 && across === 0) return `${second} is not shifted: its windows begin at the same pixels.`
  const begin = [side(down, 'higher', 'lower'), side(across, 'further left', 'further right')]
  const lies = [side(down / strides[0], 'lower', 'higher'), side(across / strides[1], 'further right', 'further left')]
  return `${second} reads ${listed(begin.filter(Boolean))} than ${first}, so its picture has moved: ${listed(lies.filter(Boolean))}.${ofPhoto}`
}

/** How a shift adds up over the layers, rows first; empty where there is none, or one layer alone. */
export function sumsInWords({ steps, earlier }: Beside): string[] {
  const shifted = steps.flat().filter((step) => step.earlier !== 0)
  if (shifted.length === 0) return []
  const still = steps.flat().filter((step) => step.earlier === 0)
  const byParity = shifted.every(({ input }) => input % 2 === 0) && still.every(({ input }) => input % 2 === 1)
  return [
    ...(byParity ? ['They pad differently where a layer gets an even number of rows or columns.'] : []),
    ...steps.map((list, axis) => {
      const name = axis === 0 ? 'rows' : 'columns'
      const sizes = list.map(({ input }) => input)
      const parts = list.map((step) => (step.earlier === 0 ? '0' : `${Math.abs(step.earlier)} x ${step.pixel}`))
      const layers = `${list.length === 1 ? 'the layer gets' : 'the layers get'} ${listed(sizes.map(String))} ${name}`
      return `${name === 'rows' ? 'Up and down' : 'Left and right'}: ${layers}, which moves it by ${parts.join(' + ')} = ${pixels(Math.abs(earlier[axis]))} of the photo.`
    }),
  ]
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

/** What is computed: `3 layers of a convolution: kernel 5 x 5, stride 2, dilation 1`. */
export function layersInWords(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { depth, stride, dilation }: { readonly depth: number; readonly stride: number; readonly dilation: number },
): string {
  const layers = depth === 1 ? 'Convolution' : `${depth} layers, each a convolution`
  return `${layers}: kernel ${rows} x ${columns}, stride ${stride}, dilation ${dilation}`
}

/** Padding on four sides. */
export const padsInWords = ({ pads: [down, across] }: Made, depth: number): string =>
  `${depth > 1 ? 'first layer: ' : ''}padding ${down[0]} above, ${down[1]} below, ${across[0]} left, ${across[1]} right`

/** Levels as they are read: not more places than matter. */
export const levels = (value: number): string =>
  value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)))
