import { rename, rm, writeFile } from 'node:fs/promises'
import { encode } from 'fast-png'
import { writeArrayBuffer } from 'geotiff'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { allocate, type Stored, type StoredType } from '../engine/values.ts'
import { copyBox } from '../picture/boxes.ts'
import { cellsOf } from '../picture/picture.ts'
import type { RunPiece, RunPlan } from '../plan/run-plan.ts'
import type { Output } from './output.ts'
import { isPng, unfinishedOf } from './output-place.ts'

/** A picture in height, width and channels, which the whole output becomes. */
interface Canvas {
  readonly data: Stored
  readonly shape: readonly [height: number, width: number, channels: number]
  /** Axes of the output that are height, width and channels; -1 where it has no channels. */
  readonly axes: readonly [number, number, number]
}

/** A PNG or TIFF, which is made in memory and written whole at the end. */
export class PictureOutput implements Output {
  readonly #path: string
  readonly #canvas: Canvas

  private constructor(path: string, canvas: Canvas) {
    this.#path = path
    this.#canvas = canvas
  }

  static open(path: string, plan: RunPlan, type: StoredType): PictureOutput {
    const { axes, shape } = pictureOf(plan)
    if (isPng(path)) checkPng(shape[2], type)
    return new PictureOutput(path, { data: allocate(type, cellsOf(shape)), shape, axes })
  }

  async isDone(): Promise<boolean> {
    return false
  }

  async put({ kept }: RunPiece, values: readonly Stored[]): Promise<void> {
    const { data, shape, axes } = this.#canvas
    kept.forEach(({ at, size }, index) => {
      // Axes that the output has not are one cell behind its own.
      const order = axes.map((axis) => (axis < 0 ? size.length : axis))
      const from = { data: values[index], shape: [...size, 1] }
      const [place, count] = [axes.map((axis) => at[axis] ?? 0), axes.map((axis) => size[axis] ?? 1)]
      copyBox(from, [...size.map(() => 0), 0], { data, shape }, place, count, order)
    })
  }

  async get(): Promise<readonly Stored[]> {
    return []
  }

  async finish(): Promise<void> {
    const { data, shape } = this.#canvas
    const [height, width, channels] = shape
    const bytes = isPng(this.#path)
      ? encode({ width, height, channels, data: data as Uint8Array, depth: data.BYTES_PER_ELEMENT === 2 ? 16 : 8 })
      : new Uint8Array(writeArrayBuffer(data as never, tiffOf(data, shape)))
    const unfinished = unfinishedOf(this.#path)
    try {
      await writeFile(unfinished, bytes)
      await rename(unfinished, this.#path)
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
  }
}

/** Which axes of the only output are height, width and channels. */
export function pictureOf({ outputs, tiles }: RunPlan): Pick<Canvas, 'axes' | 'shape'> {
  const [output] = outputs
  const cut = tiles.axes.map(({ pieces }) => pieces[0].keep.find(({ output: name }) => name === output.name)?.axis)
  if (outputs.length !== 1 || cut.length !== 2 || cut.includes(undefined)) {
    throw new SamepadError(
      'output',
      'a picture is made of one output with height and width; write OUTPUT.zarr instead',
      new Verbatim(outputs.map(({ name, shape }) => `${name} [${shape}]`).join(', ')),
    )
  }
  const others = output.shape.flatMap((size, axis) => (cut.includes(axis) || size === 1 ? [] : [axis]))
  if (others.length > 1) {
    throw new SamepadError('output', 'a picture has one axis of channels; write OUTPUT.zarr instead', [...output.shape])
  }
  const [y, x] = cut as number[]
  const c = others[0] ?? -1
  return { axes: [y, x, c], shape: [output.shape[y], output.shape[x], output.shape[c] ?? 1] }
}

function checkPng(channels: number, type: StoredType): void {
  if (channels > 4) throw new SamepadError('output', 'a PNG has 1 to 4 channels; write OUTPUT.zarr instead', channels)
  if (type === 'float32')
    throw new SamepadError('output', 'a PNG holds --type uint8 or uint16; float32 is written as TIFF or Zarr', type)
}

const tiffOf = (data: Stored, [height, width, channels]: Canvas['shape']): object => ({
  ...{ height, width },
  SamplesPerPixel: channels,
  BitsPerSample: new Array(channels).fill(8 * data.BYTES_PER_ELEMENT),
  SampleFormat: new Array(channels).fill(data instanceof Float32Array ? 3 : 1),
  PhotometricInterpretation: channels >= 3 ? 2 : 1,
})
