import { writeFile } from 'node:fs/promises'
import { encode } from 'fast-png'
import type { Stored } from '../engine/values.ts'
import { pictureOf } from '../output/picture-output.ts'
import { cellsOf } from '../picture/picture.ts'
import type { RunPiece, RunPlan } from '../plan/run-plan.ts'

/** The longest side of a preview, and how often it is written, in milliseconds. */
const SIDE = 512
const PAUSE = 5_000

/** A small picture of the output, of the cells in the middle of its own; it grows as pieces come. */
export class Preview {
  readonly #path: string
  readonly #axes: readonly [number, number, number]
  readonly #shape: readonly [number, number, number]
  readonly #size: readonly [height: number, width: number]
  readonly #values: Float32Array
  #last = performance.now()

  constructor(path: string, plan: RunPlan) {
    const { axes, shape } = pictureOf(plan)
    const shrink = Math.max(1, Math.max(shape[0], shape[1]) / SIDE)
    this.#path = path
    this.#axes = axes
    this.#shape = shape
    this.#size = [Math.ceil(shape[0] / shrink), Math.ceil(shape[1] / shrink)]
    this.#values = new Float32Array(cellsOf(this.#size) * this.#channels).fill(Number.NaN)
  }

  /** Colours are those of the first three channels, if there are so many. */
  get #channels(): number {
    return this.#shape[2] >= 3 ? 3 : 1
  }

  async add({ kept }: RunPiece, values: readonly Stored[]): Promise<void> {
    kept.forEach(({ at, size }, index) => {
      const [y, x, c] = this.#axes
      const step = (axis: number): number => (axis < 0 ? 0 : cellsOf(size.slice(axis + 1)))
      const [height, width] = this.#size
      const rows = within(height, this.#shape[0], at[y], size[y])
      const columns = within(width, this.#shape[1], at[x], size[x])
      for (const [row, cell] of rows) {
        for (const [column, own] of columns) {
          for (let channel = 0; channel < this.#channels; channel++) {
            const value = values[index][cell * step(y) + own * step(x) + channel * step(c)]
            this.#values[(row * width + column) * this.#channels + channel] = value
          }
        }
      }
    })
    if (performance.now() - this.#last > PAUSE) await this.write()
  }

  /** Writes it: numbers from the smallest to the largest as 0 to 255, what is not there as 0. */
  async write(): Promise<void> {
    this.#last = performance.now()
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const value of this.#values) {
      if (value < least) least = value
      if (value > most) most = value
    }
    const scale = 255 / (most - least || 1)
    const data = Uint8Array.from(this.#values, (value) => Math.round((value - least) * scale) || 0)
    const [height, width] = this.#size
    await writeFile(this.#path, encode({ width, height, channels: this.#channels, data }))
  }
}

/** The places of a preview whose cells lie in a part, each with its cell in the part. */
function within(count: number, cells: number, begin: number, size: number): [place: number, cell: number][] {
  const places: [number, number][] = []
  const first = Math.floor((begin * count) / cells) - 1
  for (let place = Math.max(0, first); place < count; place++) {
    const cell = Math.floor(((place + 0.5) * cells) / count) - begin
    if (cell >= size) break
    if (cell >= 0) places.push([place, cell])
  }
  return places
}
