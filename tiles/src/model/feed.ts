import { SamepadError, Verbatim } from 'samepad/geometry'
import { inputsOf, type Model } from 'samepad/models'
import { copyBox } from '../picture/boxes.ts'
import { type Box, cellsOf, type Picture } from '../picture/picture.ts'

// How the values of a picture become the input of a model.

/** Layouts of a model's input, as the letters of a picture's axes; `n` is the batch. */
const layouts: Readonly<Record<string, string>> = {
  nchw: 'ncyx',
  nhwc: 'nyxc',
  ncdhw: 'nczyx',
  ndhwc: 'nzyxc',
  ncw: 'ncx',
  nwc: 'nxc',
  chw: 'cyx',
  hwc: 'yxc',
  hw: 'yx',
  nw: 'nx',
}

/** What somebody says of the way from picture to model. */
export interface FeedOptions {
  readonly layout?: string | undefined
  /** Channels of the picture, in the order in which the model takes them. */
  readonly channels?: readonly number[] | undefined
  /** The model is given (value - mean) * scale; one number, or one for each channel. */
  readonly mean?: readonly number[] | undefined
  readonly scale?: readonly number[] | undefined
  /** Places on axes of the picture that the model does not have, such as a time. */
  readonly at?: Readonly<Record<string, number>> | undefined
}

/** The input of a model, fed from a picture. */
export interface Feed {
  /** The name of the input. */
  readonly input: string
  /** Its shape for the whole picture. */
  readonly shape: readonly number[]
  /** Which layout was taken, as `nchw`. */
  readonly layout: string
  /** Bytes that a picture's values take for each of the model's. */
  readonly bytesRead: number
  /** Reads a box of the input. */
  read(box: Box): Promise<Float32Array<ArrayBuffer>>
}

/** Finds out how a model takes a picture. */
export function feedOf(model: Model, picture: Picture, options: FeedOptions): Feed {
  const [input, ...others] = inputsOf(model)
  if (!input || others.length > 0) {
    throw new SamepadError(
      'model',
      'a model must have one input',
      new Verbatim(
        inputsOf(model)
          .map(({ name }) => name)
          .join(', ') || 'none',
      ),
    )
  }
  const sizeOf = (letter: string): number | undefined => {
    const place = picture.axes.indexOf(letter)
    return place < 0 ? undefined : picture.shape[place]
  }
  const channels = options.channels ?? Array.from({ length: sizeOf('c') ?? 1 }, (_, index) => index)
  checkChannels(channels, sizeOf('c') ?? 1)
  const shapeIn = (letters: string): (number | undefined)[] =>
    [...letters].map((letter) => (letter === 'n' ? 1 : letter === 'c' ? channels.length : sizeOf(letter)))
  const fits = (letters: string): boolean =>
    input.shape?.length === letters.length &&
    shapeIn(letters).every(
      (size, axis) => size !== undefined && (typeof input.shape?.[axis] !== 'number' || input.shape[axis] === size),
    )
  const found = Object.entries(layouts).find(([name, letters]) => (options.layout ?? name) === name && fits(letters))
  if (!found) throw unfit(input.shape, picture, channels.length, options.layout)
  const [layout, letters] = found
  const shape = shapeIn(letters) as number[]
  const rest = [...picture.axes].filter((letter) => !letters.includes(letter))
  const unknown = Object.keys(options.at ?? {}).find((letter) => !rest.includes(letter))
  if (unknown !== undefined) {
    const must = `--at must name an axis of the picture that the model does not have (${rest.join(', ') || 'none'})`
    throw new SamepadError('input', must, unknown)
  }
  for (const letter of rest) {
    const size = sizeOf(letter) as number
    const place = options.at?.[letter] ?? 0
    if (size > 1 && options.at?.[letter] === undefined) {
      throw new SamepadError('input', `--at must say which place of axis '${letter}' is taken, as ${letter}=0`, size)
    }
    if (place >= size) throw new SamepadError('input', `--at must be below ${size} on axis '${letter}'`, place)
  }
  const adapt = affineOf(options, letters.indexOf('c'), channels.length)
  const first = Math.min(...channels)
  const span = Math.max(...channels) - first + 1
  return {
    ...{ input: input.name, shape, layout },
    bytesRead: (Number.parseInt(picture.type.replace(/\D/g, ''), 10) / 8) * (span / channels.length),
    read: async (box) => {
      const own = [...picture.axes].map((letter) => {
        const axis = letters.indexOf(letter)
        if (letter === 'c') return axis < 0 ? [channels[0], 1] : [first, span]
        return axis < 0 ? [options.at?.[letter] ?? 0, 1] : [box.begin[axis], box.size[axis]]
      })
      const [begin, size] = [own.map(([from]) => from), own.map(([, count]) => count)]
      const values = await picture.read({ begin, size })
      if (values.length !== cellsOf(size))
        throw new SamepadError('input', `a box must have ${cellsOf(size)} values`, values.length)
      return adapt(
        arrange({ values, size, axes: picture.axes, letters, box, channels: channels.map((one) => one - first) }),
        box.size,
      )
    },
  }
}

interface Arranged {
  readonly values: { [index: number]: number; readonly length: number }
  readonly size: readonly number[]
  readonly axes: string
  readonly letters: string
  readonly box: Box
  readonly channels: readonly number[]
}

/** Puts values in the model's order, channel by channel. */
function arrange({ values, size, axes, letters, box, channels }: Arranged): Float32Array<ArrayBuffer> {
  const data = new Float32Array(cellsOf(box.size))
  // Axes that the picture has not are one cell behind its own.
  const from = { data: values, shape: [...size, 1] }
  const order = [...letters].map((letter) => (axes.includes(letter) ? axes.indexOf(letter) : axes.length))
  const place = letters.indexOf('c')
  const isChannel = (axis: number): boolean => axis === place
  const count = box.size.map((cells, axis) => (isChannel(axis) ? 1 : cells))
  for (const [index, channel] of (place < 0 ? [0] : channels).entries()) {
    const begin = [...axes].map((letter) => (letter === 'c' && place >= 0 ? channel : 0))
    const at = count.map((_, axis) => (isChannel(axis) ? index : 0))
    copyBox(from, [...begin, 0], { data, shape: box.size }, at, count, order)
  }
  return data
}

function checkChannels(channels: readonly number[], count: number): void {
  const wrong = channels.find((one) => one >= count)
  if (wrong !== undefined)
    throw new SamepadError('input', `--channels must be below ${count}, the channels of the picture`, wrong)
}

/** (value - mean) * scale, for each channel. */
function affineOf(
  { mean = [0], scale = [1] }: FeedOptions,
  axis: number,
  channels: number,
): (data: Float32Array<ArrayBuffer>, shape: readonly number[]) => Float32Array<ArrayBuffer> {
  for (const [name, list] of Object.entries({ mean, scale })) {
    if (list.length === 1 || list.length === channels) continue
    throw new SamepadError('input', `--${name} must be one number, or ${channels}`, [...list])
  }
  if (mean.every((one) => one === 0) && scale.every((one) => one === 1)) return (data) => data
  return (data, shape) => {
    const inner = axis < 0 ? data.length : cellsOf(shape.slice(axis + 1))
    for (let index = 0; index < data.length; index++) {
      const channel = Math.floor(index / inner) % channels
      data[index] = (data[index] - mean[channel % mean.length]) * scale[channel % scale.length]
    }
    return data
  }
}

/** How many channels a model takes, where all else of the picture fits it. */
function channelsOf(declared: Model['graph']['inputs'][number]['shape'], { axes, shape }: Picture): number | undefined {
  const found = Object.values(layouts).filter(
    (letters) =>
      letters.length === declared?.length &&
      letters.includes('c') &&
      [...letters].every((letter, axis) => {
        const size = letter === 'n' ? 1 : shape[axes.indexOf(letter)]
        return letter === 'c' || (size !== undefined && (typeof declared[axis] !== 'number' || declared[axis] === size))
      }),
  )
  const counts = found.map((letters) => declared?.[letters.indexOf('c')]).filter((size) => typeof size === 'number')
  return counts[0]
}

function unfit(
  declared: Model['graph']['inputs'][number]['shape'],
  picture: Picture,
  channels: number,
  layout?: string,
): SamepadError {
  const seen = [...picture.axes].map((letter, axis) => `${letter}=${letter === 'c' ? channels : picture.shape[axis]}`)
  const hasFixed = declared?.filter((size) => typeof size === 'number').length === declared?.length
  const wanted = channelsOf(declared, picture)
  const count = picture.axes.includes('c') ? picture.shape[picture.axes.indexOf('c')] : 1
  const hints = [
    ...(wanted !== undefined && wanted < count
      ? [`--channels ${Array.from({ length: wanted }, (_, index) => index)} takes ${wanted} of its ${count} channels`]
      : []),
    ...(wanted !== undefined && wanted > count && count === 1
      ? [`--channels ${new Array(wanted).fill(0)} gives its one channel ${wanted} times`]
      : []),
    '--layout, --axes and --channels say how it is taken',
    ...(hasFixed ? ['`samepad fix MODEL --open-sizes` opens the sizes of a model that was written for one'] : []),
  ]
  const must = `the model's input [${declared?.map(String) ?? 'of unknown rank'}] must take the picture${layout ? ` as ${layout}` : ''} (${hints.join('; ')})`
  return new SamepadError('model', must, new Verbatim(seen.join(' ')))
}
