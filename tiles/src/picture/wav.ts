import { type FileHandle, open } from 'node:fs/promises'
import { SamepadError, Verbatim } from 'samepad/geometry'
import type { Picture } from './picture.ts'
import { pictureOfArray, type Sample } from './raw.ts'

// Sound in a WAV file: RIFF, RF64 and BW64, of which parts are read. Numbers are between -1 and 1.

const PCM = 1
const FLOAT = 3
/** The format stands behind the others, in the first two bytes of a GUID. */
const EXTENSIBLE = 0xfffe
/** A length of 32 bits that stands for one of 64 in the chunk `ds64`, or for all that follows. */
const LONG = 0xffffffff
/** More chunks before the samples than this are no sound. */
const MOST_CHUNKS = 1_000

/** Numbers of so many bytes each, as floats. */
const sampleOf = (width: number, at: (view: DataView, place: number) => number): Sample => ({
  width,
  decode: ({ buffer }) => {
    const view = new DataView(buffer)
    return Float32Array.from({ length: buffer.byteLength / width }, (_, index) => at(view, index * width))
  },
})

/** By format and bits. */
const samples: Readonly<Record<string, Sample>> = {
  [`${PCM} 8`]: sampleOf(1, (view, at) => (view.getUint8(at) - 128) / 128),
  [`${PCM} 16`]: sampleOf(2, (view, at) => view.getInt16(at, true) / 2 ** 15),
  [`${PCM} 24`]: sampleOf(3, (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23),
  [`${PCM} 32`]: sampleOf(4, (view, at) => view.getInt32(at, true) / 2 ** 31),
  [`${FLOAT} 32`]: sampleOf(4, (view, at) => view.getFloat32(at, true)),
  [`${FLOAT} 64`]: sampleOf(8, (view, at) => view.getFloat64(at, true)),
}

/** A WAV: its axes are time (`x`) and channels. */
export async function openWav(path: string): Promise<Picture> {
  const file = await open(path)
  try {
    const { format, channels, offset, bytes } = await describe(file, path)
    const sample = samples[format]
    if (!sample || channels === 0) {
      const must = 'a WAV must hold samples of 8, 16, 24 or 32 bits, or floats of 32 or 64'
      throw new SamepadError('input', must, new Verbatim(`format and bits ${format}, ${channels} channels`))
    }
    const shape = [Math.floor(bytes / (channels * sample.width)), channels]
    return pictureOfArray({ file, path, offset, axes: 'xc', shape, sample, type: 'float32' })
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Goes through the chunks up to that of the samples. */
async function describe(
  file: FileHandle,
  path: string,
): Promise<{ format: string; channels: number; offset: number; bytes: number }> {
  const { size } = await file.stat()
  const bytesAt = async (at: number, count: number): Promise<DataView> => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, at)
    return new DataView(buffer.buffer, 0, bytesRead)
  }
  const nameAt = (view: DataView, at: number): string =>
    String.fromCharCode(...[0, 1, 2, 3].map((index) => (at + index < view.byteLength ? view.getUint8(at + index) : 0)))
  const head = await bytesAt(0, 12)
  let [at, format, channels, long] = [12, '', 0, 0]
  const isSound = ['RIFF', 'RF64', 'BW64'].includes(nameAt(head, 0)) && nameAt(head, 8) === 'WAVE'
  for (let chunk = 0; isSound && chunk < MOST_CHUNKS && at + 8 <= size; chunk++) {
    const view = await bytesAt(at, 8 + 26)
    const [name, length] = [nameAt(view, 0), view.getUint32(4, true)]
    if (name === 'data' && format !== '') {
      const known = length !== LONG ? length : long > 0 ? long : size
      const [there, needed] = [size - at - 8, length === LONG && long === 0 ? 0 : known]
      if (there < needed) {
        const must = `a WAV must be whole (${needed} bytes of samples); copy or write it again`
        throw new SamepadError('input', must, new Verbatim(`${path}: ${there} bytes`))
      }
      return { format, channels, offset: at + 8, bytes: Math.min(known, there) }
    }
    if (name === 'ds64' && view.byteLength >= 24) long = Number(view.getBigUint64(16, true))
    if (name === 'fmt ' && view.byteLength >= 24) {
      const kind = view.getUint16(8, true)
      const isOther = kind === EXTENSIBLE && view.byteLength >= 34
      format = `${isOther ? view.getUint16(32, true) : kind} ${view.getUint16(22, true)}`
      channels = view.getUint16(10, true)
    }
    at += 8 + length + (length % 2)
  }
  throw new SamepadError('input', 'a WAV must have its format and its samples; copy or write it again', path)
}
