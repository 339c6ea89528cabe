import { stat } from 'node:fs/promises'
import { fromFile, fromUrl, type GeoTIFF, type GeoTIFFImage } from 'geotiff'
import { SamepadError, Verbatim } from 'samepad/geometry'
import type { Picture, PictureOptions, Values } from './picture.ts'
import { isRemote, stampOf } from './place.ts'

/** Colours that are not stored as they are seen: a palette, CMYK, YCbCr, CIELAB. */
const converted: readonly number[] = [3, 5, 6, 8]

/** A TIFF, GeoTIFF or COG, of which windows are read. */
export async function openTiff(place: string, { level = 0 }: PictureOptions): Promise<Picture> {
  const { tiff, count } = await opened(place)
  if (level >= count) throw new SamepadError('input', `--level must be below ${count}, the images of the TIFF`, level)
  const image = await tiff.getImage(level)
  if (!isRemote(place)) await checkWhole(image, place)
  const [height, width] = [image.getHeight(), image.getWidth()]
  const isConverted = converted.includes(Number(image.fileDirectory.getValue('PhotometricInterpretation')))
  const channels = isConverted ? 3 : image.getSamplesPerPixel()
  const type = isConverted ? 'uint8' : typeOf(image.getSampleFormat(), image.getBitsPerSample())
  const tile = image.getTileWidth() * image.getTileHeight() * channels * Math.ceil(image.getBitsPerSample() / 8)
  return {
    axes: 'yxc',
    shape: [height, width, channels],
    type,
    held: 0,
    chunk: tile,
    stamp: isRemote(place) ? `${width}x${height}x${channels} ${type}` : stampOf(place),
    read: async ({ begin: [y, x, c], size: [rows, columns, samples] }) => {
      const window = [x, y, x + columns, y + rows]
      const list = Array.from({ length: samples }, (_, index) => c + index)
      const read = isConverted
        ? await image.readRGB({ window, interleave: true })
        : await image.readRasters({ window, interleave: true, samples: list })
      return read as unknown as Values
    },
    close: async () => {
      await tiff.close()
    },
  }
}

/** Refuses a file that ends before its strips or tiles do: what is missing would be read as zeros. */
async function checkWhole({ fileDirectory, isTiled }: GeoTIFFImage, place: string): Promise<void> {
  const kind = isTiled ? 'Tile' : 'Strip'
  const [offsets, counts] = await Promise.all([
    fileDirectory.loadValue(`${kind}Offsets`),
    fileDirectory.loadValue(`${kind}ByteCounts`),
  ])
  const { size } = await stat(place)
  let end = 0
  for (const [index, offset] of (offsets ?? []).entries()) end = Math.max(end, Number(offset) + Number(counts?.[index]))
  if (end > size)
    throw new SamepadError(
      'input',
      `a TIFF must be whole (${end} bytes); copy or write it again`,
      new Verbatim(`${place}: ${size} bytes`),
    )
}

async function opened(place: string): Promise<{ tiff: GeoTIFF; count: number }> {
  try {
    const tiff = await (isRemote(place) ? fromUrl(place) : fromFile(place))
    return { tiff, count: await tiff.getImageCount() }
  } catch (error) {
    const must = 'a TIFF must be there, whole and readable; copy or write it again'
    throw new SamepadError('input', must, new Verbatim(`${place}: ${(error as Error).message}`))
  }
}

/** The type of samples: format 1 is unsigned, 2 signed, 3 floating. */
const typeOf = (format: number, bits: number): string => `${['', 'uint', 'int', 'float'][format] ?? ''}${bits}`
