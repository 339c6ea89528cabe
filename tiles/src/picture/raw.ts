import { type FileHandle, open } from 'node:fs/promises'
import { SamepadError } from 'samepad/geometry'
import { type Box, cellsOf, type Picture, type PictureOptions, type Values } from './picture.ts'
import { stampOf } from './place.ts'

// Arrays that lie in a file from one place on, in row-major order, little-endian.

/** How one number is stored: its bytes, and how many of them become numbers. */
export interface Sample {
  readonly width: number
  readonly decode: (bytes: Uint8Array<ArrayBuffer>) => Values
}

const sampleOf = (kind: { new (buffer: ArrayBuffer): Values; readonly BYTES_PER_ELEMENT: number }): Sample => ({
  width: kind.BYTES_PER_ELEMENT,
  decode: ({ buffer }) => new kind(buffer),
})

const samples: Readonly<Record<string, Sample>> = {
  uint8: sampleOf(Uint8Array),
  int8: sampleOf(Int8Array),
  uint16: sampleOf(Uint16Array),
  int16: sampleOf(Int16Array),
  uint32: sampleOf(Uint32Array),
  int32: sampleOf(Int32Array),
  float32: sampleOf(Float32Array),
  float64: sampleOf(Float64Array),
}

/** An array in a file. */
export interface FileArray {
  readonly file: FileHandle
  readonly path: string
  /** The place of its first byte. */
  readonly offset: number
  readonly axes: string
  readonly shape: readonly number[]
  readonly sample: Sample
  /** The type of its values as they are read. */
  readonly type: string
}

/** An array of a file as a picture. */
export const pictureOfArray = (array: FileArray): Picture => ({
  axes: array.axes,
  shape: array.shape,
  type: array.type,
  held: 0,
  chunk: 0,
  stamp: stampOf(array.path),
  read: async (box) => array.sample.decode(await readBox(array, box)),
  close: () => array.file.close(),
})

/** The bytes of a box. Axes that are taken whole are read together with the one before them. */
async function readBox(
  { file, path, offset, shape, sample }: FileArray,
  { begin, size }: Box,
): Promise<Uint8Array<ArrayBuffer>> {
  let inner = shape.length - 1
  while (inner > 0 && size[inner] === shape[inner]) inner--
  const line = cellsOf(size.slice(inner)) * sample.width
  const steps = shape.map((_, axis) => cellsOf(shape.slice(axis + 1)) * sample.width)
  const bytes = new Uint8Array(cellsOf(size) * sample.width)
  const place = [...begin]
  for (let at = 0; at < bytes.length; at += line) {
    const from = place.reduce((sum, cell, axis) => sum + cell * steps[axis], offset)
    const { bytesRead } = await file.read(bytes, at, line, from)
    if (bytesRead < line) throw new SamepadError('input', `${path} must have its ${line} bytes at ${from}`, bytesRead)
    for (let axis = inner - 1; axis >= 0 && ++place[axis] === begin[axis] + size[axis]; axis--)
      place[axis] = begin[axis]
  }
  return bytes
}

/** A file of numbers alone, of which somebody says how they lie: `uint8:3x4000x6000`. */
export async function openRaw(path: string, raw: string, { axes }: PictureOptions): Promise<Picture> {
  const [, type, text] = /^(\w+):(\d+(?:x\d+)*)$/.exec(raw) ?? []
  const sample = Object.hasOwn(samples, type ?? '') ? samples[type] : undefined
  if (!sample) {
    throw new SamepadError(
      'input',
      `--raw must be TYPE:SHAPE, such as uint8:3x4000x6000, of ${Object.keys(samples).join(', ')}`,
      raw,
    )
  }
  const shape = text.split('x').map(Number)
  if (axes?.length !== shape.length || new Set(axes).size !== shape.length)
    throw new SamepadError(
      'input',
      `--axes must have ${shape.length} different letters, one for each axis of --raw ${raw}`,
      axes,
    )
  const file = await open(path)
  const { size } = await file.stat()
  const bytes = cellsOf(shape) * sample.width
  if (size === bytes) return pictureOfArray({ file, path, offset: 0, axes, shape, sample, type })
  await file.close()
  throw new SamepadError('input', `a file of --raw ${raw} must have ${bytes} bytes`, size)
}
