import { inflateSync } from 'node:zlib'
import { Verbatim } from '../geometry.ts'
import { FileError } from './file-error.ts'

// PNG: W3C, Portable Network Graphics (third edition), sections 5 (chunks), 9 (filters) and 11 (IHDR, PLTE).

/** A picture: rows from the top, `channels` bytes for each pixel. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** 1 is grey, 3 red, green and blue; a second or fourth one is how opaque it is. */
  readonly channels: number
  readonly data: Uint8Array
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]
/** Samples of a pixel by the type of colour; 3 is a place in the palette. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const PALETTE = 3
/** No more than so many times its bytes come out of a compressed stream. */
const MOST_INFLATED = 1032

/** Reads a PNG of 8 bits a sample that is not interlaced. */
export function readPng(stage: string, name: string, bytes: Uint8Array): Pixels {
  const refuse = (must: string, got: unknown): never => {
    throw new FileError(stage, `${name} must ${must}`, got)
  }
  if (!SIGNATURE.every((byte, at) => bytes[at] === byte)) refuse('be a PNG', new Verbatim('another file'))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks = new Map<string, Uint8Array[]>()
  for (let at = SIGNATURE.length; at + 8 <= bytes.length; ) {
    const [length, kind] = [view.getUint32(at), String.fromCharCode(...bytes.subarray(at + 4, at + 8))]
    if (at + 12 + length > bytes.length) refuse(`have the ${length} bytes of its ${kind}`, bytes.length - at - 8)
    chunks.set(kind, [...(kind === 'IDAT' ? (chunks.get(kind) ?? []) : []), bytes.subarray(at + 8, at + 8 + length)])
    at += 12 + length
  }
  const [header] = chunks.get('IHDR') ?? []
  if (header?.length !== 13) return refuse('have a header', new Verbatim('none'))
  const of = new DataView(header.buffer, header.byteOffset)
  const [width, height, depth, colour, interlace] = [of.getUint32(0), of.getUint32(4), header[8], header[9], header[12]]
  const count = samples[colour]
  if (depth !== 8 || interlace !== 0 || !count)
    refuse('have 8 bits a sample and not be interlaced', [depth, colour, interlace])
  const packed = Buffer.concat(chunks.get('IDAT') ?? [])
  const size = height * (1 + width * count)
  if (size === 0 || size > MOST_INFLATED * packed.length) refuse(`have pixels for ${width} x ${height}`, packed.length)
  const rows = inflated(packed, size)
  if (rows?.length !== size) return refuse(`hold ${size} bytes`, rows?.length ?? new Verbatim('a damaged stream'))
  const data = unfiltered(rows, height, width * count, count)
  if (colour !== PALETTE) return { width, height, channels: count, data }
  const [palette = new Uint8Array()] = chunks.get('PLTE') ?? []
  const looked = new Uint8Array(3 * data.length)
  data.forEach((place, at) => void looked.set(palette.subarray(3 * place, 3 * place + 3), 3 * at))
  return { width, height, channels: 3, data: looked }
}

function inflated(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { maxOutputLength: size })
  } catch {
    return undefined
  }
}

/** Takes the filter of each row back: it says which neighbour was subtracted. */
function unfiltered(rows: Uint8Array, height: number, length: number, step: number): Uint8Array {
  const data = new Uint8Array(height * length)
  for (let row = 0; row < height; row++) {
    const filter = rows[row * (length + 1)]
    for (let at = 0; at < length; at++) {
      const here = row * length + at
      const left = at >= step ? data[here - step] : 0
      const above = row > 0 ? data[here - length] : 0
      const corner = row > 0 && at >= step ? data[here - length - step] : 0
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0
      data[here] = rows[row * (length + 1) + 1 + at] + guess
    }
  }
  return data
}

/** The one of three neighbours that is nearest to what they say together. */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [a, b, c] = [left, above, corner].map((one) => Math.abs(guess - one))
  return a <= b && a <= c ? left : b <= c ? above : corner
}
