import { open } from 'node:fs/promises'
import { SamepadError } from 'samepad/geometry'
import type { Picture, PictureOptions } from './picture.ts'
import { checkThere, isFolder, isRemote } from './place.ts'

/**
 * Opens a picture by the ending of its name; folders are Zarr stores. What reads a format is loaded where it is needed.
 *
 * @param memory bytes that all may take: a picture that is decoded as a whole must leave half of them
 */
export async function openPicture(place: string, options: PictureOptions, memory: number): Promise<Picture> {
  checkThere(place)
  const kind = await kindOf(place, options)
  checkTaken(kind, options)
  if (kind === 'raw') return (await import('./raw.ts')).openRaw(place, options.raw as string, options)
  if (kind === 'zarr') return (await import('./zarr.ts')).openZarr(place, options)
  if (kind === 'tiff') return checkChunk(await (await import('./tiff.ts')).openTiff(place, options), memory)
  if (kind === 'png') return checkPng(place, memory)
  return (await import('./wav.ts')).openWav(place)
}

type Kind = 'raw' | 'zarr' | 'tiff' | 'png' | 'wav'

/** The kinds of pictures that each option is for. */
const takers: Readonly<Record<keyof PictureOptions, { readonly kinds: readonly Kind[]; readonly said: string }>> = {
  raw: { kinds: ['raw'], said: 'a file on this machine' },
  axes: { kinds: ['raw', 'zarr'], said: 'a Zarr or --raw' },
  level: { kinds: ['zarr', 'tiff'], said: 'an OME-Zarr or a TIFF' },
}

/** Refuses options that would have no effect. */
function checkTaken(kind: Kind, options: PictureOptions): void {
  for (const [name, { kinds, said }] of Object.entries(takers)) {
    if (options[name as keyof PictureOptions] !== undefined && !kinds.includes(kind))
      throw new SamepadError('input', `--${name} must go with ${said}`, kind)
  }
}

/** By the ending, or for a TIFF of another name, as slides have, by the first bytes. */
async function kindOf(place: string, { raw }: PictureOptions): Promise<Kind> {
  const ending = /\.(\w+)\/?$/.exec(place.split(/[?#]/)[0])?.[1].toLowerCase()
  if (raw !== undefined && !isRemote(place)) return 'raw'
  if (isFolder(place) || ending === 'zarr') return 'zarr'
  if (ending === 'tif' || ending === 'tiff') return 'tiff'
  if (ending === 'png' && !isRemote(place)) return 'png'
  if (ending === 'wav' && !isRemote(place)) return 'wav'
  if (!isRemote(place) && TIFF.test(await firstBytes(place))) return 'tiff'
  const must =
    'a picture must be a Zarr, a TIFF, a PNG, a WAV, or numbers alone with --raw; only Zarr and TIFF come over HTTP'
  throw new SamepadError('input', must, place)
}

/** A TIFF or a BigTIFF, of either byte order. */
const TIFF = /^(II[*+]\0|MM\0[*+])/

/** The first four bytes of a file as letters. */
async function firstBytes(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(4), 0, 4, 0)
    return String.fromCharCode(...buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

async function checkPng(path: string, memory: number): Promise<Picture> {
  const { openPng, sizeOfPng } = await import('./png.ts')
  const file = await open(path)
  const head = new Uint8Array(32)
  try {
    await file.read(head, 0, head.length, 0)
  } finally {
    await file.close()
  }
  const { width, height, bytes } = sizeOfPng(head)
  // The file itself, its rows and its pixels are there at once.
  if (2 * bytes > memory / 2) {
    const must = `a PNG, which is decoded as a whole, must fit into half of --memory: ${width}x${height} takes ${bytes} bytes; a Zarr or a tiled TIFF (COG) is read in pieces`
    throw new SamepadError('input', must, memory)
  }
  return openPng(path)
}

function checkChunk(picture: Picture, memory: number): Picture {
  if (picture.chunk <= memory / 4) return picture
  const must = `strips or tiles of a TIFF must fit into a quarter of --memory; a tiled one (COG) or a Zarr has smaller ones: these take ${picture.chunk} bytes`
  throw new SamepadError('input', must, memory)
}
