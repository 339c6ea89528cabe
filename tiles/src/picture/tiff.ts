import { fromFile, fromUrl, type GeoTIFF } from 'geotiff'
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
