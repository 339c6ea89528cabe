import { readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { SamepadError, Verbatim } from '../geometry.ts'
import { readSafetensors, resize, type Safetensors, type Tensor } from '../index.ts'
import { inputsOf, type Model, type ValueInfo } from '../models.ts'
import type { CommandOption, Request } from './command.ts'
import { FileError, ofFile } from './file-error.ts'
import { reason } from './files-below.ts'
import { readNpy } from './npy.ts'
import { type Pixels, readPng } from './read-png.ts'

/** Options that say what inputs hold. */
export const fileOptions: Readonly<Record<string, CommandOption>> = {
  input: {
    value: 'NAME=SHAPE|FILE',
    about:
      'the shape of an input that the file leaves open: x=1x3x224x224, or 1x3x224x224 where there is one input; or a file of ' +
      'its values: x=values.npy, .safetensors or .png',
    many: true,
  },
  image: { value: 'PHOTO.png', about: 'the picture of the input that takes one, at the size of the model' },
  mean: { value: 'X', about: 'of pictures: X is taken from each value, 0 to 255; or three, 123,116,103' },
  scale: {
    value: 'X',
    about: 'of pictures: then multiplied by X, as 0.5, 1/127.5 or three; the default is 1/255, and 1 for integers',
  },
}

/** Whether the value of `--input` is a file of values, and no shape. */
export const isInputFile = (text: string): boolean => Object.hasOwn(readers, extname(text).toLowerCase())

type ValuesReader = (stage: string, path: string, input: ValueInfo, given: Given) => Tensor

/** What was typed beside the file. */
interface Given {
  /** The shape that the model has it in, or that was typed; sizes may be open. */
  readonly shape: readonly (number | string | undefined)[] | undefined
  readonly mean: readonly number[] | undefined
  readonly scale: readonly number[] | undefined
}

const readers: Readonly<Record<string, ValuesReader>> = {
  '.npy': (stage, path) => readNpy(stage, path, bytesOf(stage, path)),
  '.safetensors': (stage, path, { name }) => {
    const file = safetensorsIn(path)
    const [only, ...others] = file.names
    if (file.has(name)) return file.get(name)
    if (only !== undefined && others.length === 0) return file.get(only)
    throw new FileError(stage, `${path} must have a tensor ${name}`, file.names)
  },
  '.png': (stage, path, input, given) => {
    const pixels = readPng(stage, path, bytesOf(stage, path))
    if (!INTEGERS.includes(input.elementType)) return pictureOf(stage, pixels, given)
    const { data, shape } = pictureOf(stage, pixels, { ...given, scale: given.scale ?? [1] })
    return { data: data.map(Math.round), shape }
  },
}

/** ONNX's numbers for integers, in which a picture keeps its values from 0 to 255. */
const INTEGERS: readonly number[] = [2, 3, 4, 5, 6, 7, 12, 13]

/** Values of inputs by name, out of files: `--input NAME=FILE` and `--image FILE`. */
export function readInputFiles(
  stage: string,
  request: Request,
  model: Model,
  shapes: Readonly<Record<string, readonly number[]>>,
  cwd: string,
): ReadonlyMap<string, Tensor> {
  const inputs = inputsOf(model)
  const { input, image } = request.options
  const typed = typeof input === 'string' ? input.split(',').filter(isInputFile) : []
  const files = typed.map((part): [string | undefined, string] => {
    const at = part.indexOf('=')
    return at < 0 ? [undefined, part] : [part.slice(0, at), part.slice(at + 1)]
  })
  if (typeof image === 'string') {
    if (!isPicture(image)) throw new SamepadError(stage, '--image must be a PNG', image)
    files.push([inputs.find(({ shape }) => shape?.length === 4)?.name, image])
  }
  const [mean, scale] = [numbersOf(stage, request, 'mean'), numbersOf(stage, request, 'scale')]
  const unused = ['mean', 'scale'].find((name) => request.options[name] !== undefined)
  if (unused !== undefined && !files.some(([, path]) => isPicture(path))) {
    throw new SamepadError(stage, `--${unused} must be for a picture, by --image or --input`, new Verbatim('none'))
  }
  const taken = new Map(
    files.map(([name = inputs.length === 1 ? inputs[0].name : undefined, path]) => {
      const found = inputs.find((one) => one.name === name)
      const names = inputs.map((one) => one.name).join(', ')
      if (!found)
        throw new SamepadError(stage, `a file must be for one of the inputs ${names}`, name ?? new Verbatim(path))
      const given = { shape: shapes[found.name] ?? found.shape, mean, scale }
      return [found.name, readers[extname(path).toLowerCase()](stage, resolve(cwd, path), found, given)] as const
    }),
  )
  if (taken.size < files.length) {
    const paths = files.map(([, path]) => path)
    throw new SamepadError(stage, 'every input must be given by one file', paths)
  }
  return taken
}

const isPicture = (path: string): boolean => extname(path).toLowerCase() === '.png'

/** A picture as a tensor in the layout and at the sizes of an input. */
function pictureOf(stage: string, pixels: Pixels, { shape = [], mean = [0], scale = [1 / 255] }: Given): Tensor {
  const { width, height } = pixels
  const isLast = shape.length === 4 && isChannels(shape[3]) && !isChannels(shape[1])
  const channels = shape[isLast ? 3 : 1]
  if (shape.length !== 4 || !isChannels(channels)) {
    throw new SamepadError(stage, 'a picture must be for an input of 1, 3 or 4 channels', shape)
  }
  const data = new Float32Array(width * height * channels)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      const value = sampleOf(pixels, pixel, channel, channels)
      data[pixel * channels + channel] = (value - (mean[channel] ?? mean[0])) * (scale[channel] ?? scale[0])
    }
  }
  const own = { data, shape: [1, height, width, channels] }
  const sizes = (isLast ? shape.slice(1, 3) : shape.slice(2)).map((size, axis) =>
    typeof size === 'number' ? size : [height, width][axis],
  )
  const resized =
    String(sizes) === `${height},${width}`
      ? own
      : resize(own, { sizes, layout: 'nhwc', mode: 'linear', antialias: true })
  return isLast ? resized : channelsFirst(resized)
}

const isChannels = (size: number | string | undefined): size is 1 | 3 | 4 => size === 1 || size === 3 || size === 4

/** A channel of a pixel: grey of a coloured one is its luminance (Rec. 601), colours of a grey one are all the same. */
function sampleOf({ channels, data }: Pixels, pixel: number, channel: number, wanted: number): number {
  const at = pixel * channels
  if (channel === 3) return channels === 4 ? data[at + 3] : channels === 2 ? data[at + 1] : 255
  if (channels < 3) return data[at]
  return wanted === 1 ? 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2] : data[at + channel]
}

function channelsFirst({ data, shape: [batch, height, width, channels] }: Tensor): Tensor {
  const cells = height * width
  const turned = Float32Array.from(
    { length: data.length },
    (_, at) => data[(at % cells) * channels + Math.floor(at / cells)],
  )
  return { data: turned, shape: [batch, channels, height, width] }
}

/** One number or three, also as quotients. */
function numbersOf(stage: string, { options }: Request, name: string): readonly number[] | undefined {
  const text = options[name]
  if (typeof text !== 'string') return undefined
  const numbers = text.split(',').map((part) => {
    const [above, below = '1', ...others] = part.split('/')
    const isNumber = above.trim() !== '' && below.trim() !== '' && others.length === 0
    return isNumber ? Number(above) / Number(below) : Number.NaN
  })
  if ((numbers.length === 1 || numbers.length === 3) && numbers.every(Number.isFinite)) return numbers
  throw new SamepadError(stage, `--${name} must be one number or three, such as 127.5 or 1/255`, text)
}

/** Tensors of a file. */
export function safetensorsIn(path: string): Safetensors {
  try {
    return readSafetensors(path)
  } catch (error) {
    throw ofFile(path, error)
  }
}

/** The bytes of a file. */
function bytesOf(stage: string, path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new FileError(stage, `the file must be readable (${reason(error)})`, path)
  }
}
