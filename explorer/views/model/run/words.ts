import { counted, listed } from '../../../../src/words/numbers.ts'
import type { Ran, Times } from './messages.ts'
import type { Entry, OutputReport } from './outputs.ts'
import { type Padding, type Scaling, scalings } from './state.ts'

// Two runs of a model in sentences.

const paddings: Readonly<Record<Padding, string>> = {
  symmetric: 'alike on both sides, as PyTorch does',
  'tf-same': 'as TensorFlow’s SAME',
}

/** What was run the second time. */
export const otherName: Readonly<Record<Padding, string>> = {
  symmetric: 'padded as PyTorch',
  'tf-same': 'padded as TensorFlow SAME',
}

/** A value with so many digits that two runs can be told apart. */
export const valueText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(4)))

/** By how much outputs differ, beside the range of the first. */
export function shareOfRange({ largest, least, most }: OutputReport): string {
  const range = most - least
  if (!(range > 0) || !Number.isFinite(largest)) return valueText(largest)
  const share = (100 * largest) / range
  return `${share < 0.1 ? 'less than 0.1' : valueText(Number(share.toPrecision(2)))} % of its range`
}

/** What came of both runs as a whole. */
export function verdict({ padding, changes, skipped, outputs }: Ran): {
  readonly alike: boolean
  readonly text: string
} {
  if (changes.length === 0) {
    const left = skipped.length > 0 ? `; ${counted(skipped.length, 'layer')} could not be written differently` : ''
    return { alike: true, text: `All layers are padded ${paddings[padding]} already${left}: it was run once.` }
  }
  const apart = outputs.filter(({ largest }) => largest > 0)
  const layers = `${counted(changes.length, 'layer')} padded ${paddings[padding]}`
  if (apart.length === 0) return { alike: true, text: `With ${layers}, all outputs are the same.` }
  const farthest = apart.reduce((one, other) => (relative(other) > relative(one) ? other : one))
  const many = outputs.length > 1 ? `${apart.length} of ${outputs.length} outputs change` : 'the output changes'
  return {
    alike: false,
    text: `With ${layers}, ${many}, ${outputs.length > 1 ? 'one of them ' : ''}by ${shareOfRange(farthest)}.`,
  }
}

const relative = ({ largest, least, most }: OutputReport): number => largest / (most - least || Number.MIN_VALUE)

/** How the photo became numbers. */
export function inputText({ photo, input, scaling, fit, colours, why, others }: Ran): string {
  const taken = `${input.name} takes ${input.shape.join(' x ')}`
  const size = `${fit === 'cut' ? 'the middle of the photo' : 'all of the photo between grey bars'}, scaled to ${photo.width} x ${photo.height} pixels${colours === 'bgr' ? ', blue before green and red' : ''}`
  const numbers = `its numbers ${scalingText(scaling)}${why === undefined ? '' : ` (guessed: ${why})`}`
  const rest = others.length > 0 ? ` ${listed([...others])} got 1 everywhere.` : ''
  return `${taken}: ${size}, ${numbers}.${rest}`
}

const scalingText = (scaling: Scaling): string =>
  scaling === 'imagenet' ? 'minus ImageNet’s mean, divided by its standard deviation' : `from ${scalings[scaling]}`

const milliseconds = (time: number): string => `${time < 10 ? time.toFixed(1) : time.toFixed(0)} ms`

/** How long both runs took. */
export function timesText([own, other]: Ran['times']): string {
  const one = ({ first, steady }: Times): string =>
    steady < first ? `${milliseconds(steady)} (the first time ${milliseconds(first)})` : milliseconds(first)
  return other ? `As it pads ${one(own)}, padded differently ${one(other)}.` : `${one(own)}.`
}

/** Where an entry lies: its number in a row, else its place on every axis that has several. */
export const placeText = ({ place }: Entry, shape: readonly number[]): string =>
  place.filter((_, axis) => shape[axis] > 1).join(', ') || '0'
