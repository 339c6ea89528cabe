import type { Compression } from '../output/codecs.ts'
import { copyBox } from '../picture/boxes.ts'
import { cellsOf } from '../picture/picture.ts'
import type { PieceTensor } from './engine.ts'

// What is written of a network's numbers.

/** How numbers are stored: value * scale + offset, as a type. Integers are rounded, and kept within their range. */
export interface Storing {
  readonly type: StoredType
  readonly scale: number
  readonly offset: number
  /** How chunks of a Zarr are compressed; `none` in a file. */
  readonly compression: Compression
}

export const storedTypes = ['float32', 'uint8', 'uint16'] as const

export type StoredType = (typeof storedTypes)[number]

export type Stored = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>

const arrays: Readonly<Record<StoredType, new (length: number) => Stored>> = {
  float32: Float32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
}

/** The greatest number of each type of integers. */
const most: Readonly<Record<StoredType, number>> = { float32: Number.POSITIVE_INFINITY, uint8: 255, uint16: 65_535 }

/** Bytes of memory that a value takes while it is written: where chunks are compressed they are there twice. */
export const bytesOf = ({ type, compression }: Pick<Storing, 'type' | 'compression'>): number =>
  new arrays[type](0).BYTES_PER_ELEMENT * (compression === 'none' ? 1 : 2)

/** An array of zeros. */
export const allocate = (type: StoredType, length: number): Stored => new arrays[type](length)

/** Cuts a box out of a tensor and stores it. */
export function store(
  tensor: PieceTensor,
  from: readonly number[],
  size: readonly number[],
  { type, scale, offset }: Pick<Storing, 'type' | 'scale' | 'offset'>,
): Stored {
  const box = new Float32Array(cellsOf(size))
  copyBox(
    tensor,
    from,
    { data: box, shape: size },
    size.map(() => 0),
    size,
  )
  if (type === 'float32' && scale === 1 && offset === 0) return box
  const out = allocate(type, box.length)
  const isFloat = type === 'float32'
  for (let index = 0; index < box.length; index++) {
    const value = box[index] * scale + offset
    out[index] = isFloat ? value : Math.min(most[type], Math.max(0, Math.round(value)))
  }
  return out
}
