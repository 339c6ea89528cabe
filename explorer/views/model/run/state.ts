import { SamepadError } from 'samepad/geometry'
import { choice, group, type Part } from '../../../state/part.ts'

/** Photos that come with the page; a reader's own takes their place. */
export const photos = { portrait: 'a portrait', cat: 'a cat' } as const
export type PhotoName = keyof typeof photos

/** How a photo's bytes become a network's numbers. */
export const scalings = {
  auto: 'guessed from the file',
  signed: '-1 to 1',
  unit: '0 to 1',
  bytes: '0 to 255',
  imagenet: 'as ImageNet’s',
} as const
export type ScalingName = keyof typeof scalings
export type Scaling = Exclude<ScalingName, 'auto'>

/** How a photo of another form comes to the size of the network. */
export const fits = { cut: 'the middle', letterbox: 'all of it, with grey bars' } as const
export type FitName = keyof typeof fits

/** The order of a pixel's colours. */
export const orders = { rgb: 'red, green, blue', bgr: 'blue, green, red' } as const
export type OrderName = keyof typeof orders

/** What the second run pads like. */
export const paddings = {
  auto: 'not as in the file',
  symmetric: 'as PyTorch: both sides alike',
  'tf-same': 'as TensorFlow SAME',
} as const
export type PaddingName = keyof typeof paddings
export type Padding = Exclude<PaddingName, 'auto'>

/** Rows and columns of pixels. */
export type PhotoSize = readonly [height: number, width: number]

export const MOST_SIDE = 2048 // pixels, so that a typed number takes no more memory than a page has

const size: Part<PhotoSize | undefined> = {
  initial: undefined,
  read: (text) => {
    if (text.trim() === '') return undefined
    const [, down, across = down] = /^\s*(\d+)(?:\s*[x×,]\s*(\d+))?\s*$/.exec(text) ?? []
    const [height, width] = [Number(down), Number(across)]
    if ([height, width].every((side) => side >= 1 && side <= MOST_SIDE)) return [height, width]
    throw new SamepadError('explorer', `a size must be HEIGHTxWIDTH, of 1 to ${MOST_SIDE} pixels each`, text)
  },
  write: (value) => value?.join('x') ?? '',
}

const keysOf = <T extends string>(words: Readonly<Record<T, string>>): T[] => Object.keys(words) as T[]

/** How a model is run on a photo. */
export const run = group({
  run: choice('the run', ['no', 'yes']),
  photo: choice('the photo', keysOf(photos)),
  scaling: choice('the scaling', keysOf(scalings)),
  fit: choice('the part of the photo', keysOf(fits)),
  colours: choice('the order of colours', keysOf(orders)),
  versus: choice('the other padding', keysOf(paddings)),
  pixels: size,
})
