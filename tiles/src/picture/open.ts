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
  const ending = /\.(\w+)\/?$/.exec(place.split(/[?#]/)[0])?.[1].toLowerCase()
  if (options.raw !== undefined && !isRemote(place))
    return (await import('./raw.ts')).openRaw(place, options.raw, options)
  if (isFolder(place) || ending === 'zarr') return (await import('./zarr.ts')).openZarr(place, options)
  if (ending === 'tif' || ending === 'tiff')
    return checkChunk(await (await import('./tiff.ts')).openTiff(place, options), memory)
  if (ending === 'png' && !isRemote(place)) return checkPng(place, memory)
  if (ending === 'wav' && !isRemote(place)) return (await import('./wav.ts')).openWav(place)
  const must =
    'a picture must be a Zarr, a TIFF, a PNG, a WAV, or numbers alone with --raw; only Zarr and TIFF come over HTTP'
  throw new SamepadError('input', must, place)
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
