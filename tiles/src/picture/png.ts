import { readFile } from 'node:fs/promises'
import { convertIndexedToRgb, decode } from 'fast-png'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { copyBox } from './boxes.ts'
import { cellsOf, type Picture, type Values } from './picture.ts'
import { stampOf } from './place.ts'

/** Width, height and bytes of a decoded PNG, from its header: before memory is taken for it. */
export function sizeOfPng(head: Uint8Array): { width: number; height: number; bytes: number } {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (head.length < 29 || view.getUint32(0) !== 0x89504e47)
    throw new SamepadError('input', 'a PNG must begin as PNGs do', head[0])
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const channels = [1, 0, 3, 3, 2, 0, 4][head[25]] ?? 4
  return { width, height, bytes: width * height * channels * Math.ceil(head[24] / 8) }
}

function decoded(bytes: Uint8Array, path: string): ReturnType<typeof decode> {
  try {
    return decode(bytes, { checkCrc: true }) // without it, bytes that a disk or a network changed are read as pixels
  } catch (error) {
    const must = 'a PNG must be whole and undamaged; copy or write it again'
    throw new SamepadError('input', must, new Verbatim(`${path}: ${(error as Error).message}`))
  }
}

/** A PNG, which is decoded as a whole: its format has no windows. */
export async function openPng(path: string): Promise<Picture> {
  const png = decoded(await readFile(path), path)
  const isPalette = png.palette !== undefined
  if (!isPalette && png.depth !== 8 && png.depth !== 16) {
    throw new SamepadError('input', 'a PNG must have 8 or 16 bits for each channel', png.depth)
  }
  const data: Values = isPalette ? convertIndexedToRgb(png) : png.data
  const channels = data.length / (png.width * png.height)
  const shape = [png.height, png.width, channels]
  return {
    axes: 'yxc',
    shape,
    type: data.BYTES_PER_ELEMENT === 2 ? 'uint16' : 'uint8',
    held: data.byteLength,
    chunk: 0,
    stamp: stampOf(path),
    read: async (box) => {
      const values = new (data.constructor as Uint8ArrayConstructor)(cellsOf(box.size))
      copyBox({ data, shape }, box.begin, { data: values, shape: box.size }, [0, 0, 0], box.size)
      return values
    },
    close: async () => {},
  }
}
