import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SamepadError } from 'samepad/geometry'
import * as zarr from 'zarrita'
import { FolderStore } from '../store/folder-store.ts'
import type { Picture, PictureOptions, Values } from './picture.ts'
import { isRemote } from './place.ts'

/** Letters of axes where nothing names them, by their number. */
const usual: Readonly<Record<number, string>> = { 1: 'x', 2: 'yx', 3: 'cyx', 4: 'tcyx', 5: 'tczyx' }

type Multiscale = { axes?: { name: string }[]; datasets?: { path: string }[] }

/** A Zarr array of version 2 or 3, or a level of an OME-Zarr pyramid. */
export async function openZarr(place: string, { axes, level = 0 }: PictureOptions): Promise<Picture> {
  const store: zarr.AsyncReadable = isRemote(place) ? new zarr.FetchStore(place) : new FolderStore(place)
  const opened = await zarr.open(store).catch((error: Error) => {
    throw new SamepadError('input', `there must be a Zarr array or group (${error.message})`, place)
  })
  if (level > 0 && !(opened instanceof zarr.Group))
    throw new SamepadError('input', '--level must be one of an OME-Zarr image; this is one array', level)
  const { array, names } =
    opened instanceof zarr.Group ? await levelOf(opened, level) : { array: opened, names: undefined }
  if (!array.is('number'))
    throw new SamepadError('input', 'a Zarr array must hold numbers of at most 53 bits', array.dtype)
  const letters = axes ?? lettersOf(names ?? dimensionsOf(array), array.shape)
  return {
    axes: letters,
    shape: array.shape,
    type: array.dtype,
    held: 0,
    chunk: array.chunks.reduce(
      (product, size) => product * size,
      Number.parseInt(array.dtype.replace(/\D/g, ''), 10) / 8,
    ),
    stamp: stampOfZarr(place, array),
    read: async ({ begin, size }) => {
      const selection = begin.map((from, axis) => zarr.slice(from, from + size[axis]))
      const { data, stride } = await zarr.get(array, selection)
      if (stride.every((step, axis) => step === size.slice(axis + 1).reduce((a, b) => a * b, 1))) return data as Values
      return inOrder(data as Values, stride, size)
    },
    close: async () => {},
  }
}

/** One level of a pyramid, and the names of its axes. */
async function levelOf(
  group: zarr.Group<zarr.AsyncReadable>,
  level: number,
): Promise<{ array: zarr.Array<zarr.DataType, zarr.AsyncReadable>; names: string[] | undefined }> {
  const { ome, multiscales } = attributesOf(group) as {
    ome?: { multiscales?: Multiscale[] }
    multiscales?: Multiscale[]
  }
  const [first] = ome?.multiscales ?? multiscales ?? []
  const datasets = first?.datasets
  if (!datasets)
    throw new SamepadError('input', 'a Zarr group must be an OME-Zarr image; else name an array in it', group.path)
  if (level >= datasets.length) {
    throw new SamepadError('input', `--level must be below ${datasets.length}, the levels of the pyramid`, level)
  }
  const array = await zarr.open(group.resolve(datasets[level].path), { kind: 'array' })
  return { array, names: first.axes?.map(({ name }) => name) }
}

/** Attributes, which a file may leave out. */
const attributesOf = ({ attrs }: { readonly attrs: zarr.Attributes | undefined }): zarr.Attributes => attrs ?? {}

/** Names of axes in the array itself. */
function dimensionsOf(array: zarr.Array<zarr.DataType, zarr.AsyncReadable>): readonly string[] | undefined {
  return array.dimensionNames ?? (attributesOf(array)._ARRAY_DIMENSIONS as string[] | undefined)
}

const known: Readonly<Record<string, string>> = {
  channel: 'c',
  height: 'y',
  width: 'x',
  depth: 'z',
  time: 't',
  band: 'c',
}

function lettersOf(names: readonly (string | null)[] | undefined, shape: readonly number[]): string {
  const letters = names?.map((name) => known[name ?? ''] ?? (name?.length === 1 ? name : '?')).join('')
  if (letters && !letters.includes('?')) return letters
  // Channels behind the picture, as image files have them.
  if (shape.length === 3 && shape[2] <= 4 && shape[0] > 4) return 'yxc'
  const text = usual[shape.length]
  if (text) return text
  throw new SamepadError('input', '--axes must name the axes of the array, such as tczyx', [...shape])
}

/** What describes an array: its metadata, which changes with its shape, type and chunks. */
function stampOfZarr(place: string, array: zarr.Array<zarr.DataType, zarr.AsyncReadable>): string {
  const text = JSON.stringify([array.path, array.shape, array.dtype, array.chunks])
  const files = isRemote(place) ? [] : ['zarr.json', '.zarray'].map((name) => metadataAt(join(place, array.path, name)))
  return `description ${createHash('sha256')
    .update([text, ...files].join('\n'))
    .digest('hex')
    .slice(0, 16)}`
}

function metadataAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Values in row-major order, of an array that is stored in another. */
function inOrder(data: Values, stride: readonly number[], size: readonly number[]): Values {
  const out = data.slice()
  const place = size.map(() => 0)
  for (let index = 0; index < out.length; index++) {
    out[index] = data[place.reduce((sum, at, axis) => sum + at * stride[axis], 0)]
    for (let axis = size.length - 1; axis >= 0 && ++place[axis] === size[axis]; axis--) place[axis] = 0
  }
  return out
}
