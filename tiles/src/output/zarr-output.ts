import * as zarr from 'zarrita'
import type { Stored, StoredType, Storing } from '../engine/values.ts'
import { chunksOf, type Kept, type RunOutput, type RunPiece, type RunPlan } from '../plan/run-plan.ts'
import type { ChunkStore } from '../store/folder-store.ts'
import { codecsOf } from './codecs.ts'
import type { Output } from './output.ts'

/** Axes of outputs that are named in the file, by how many are cut and how many there are; others have no names. */
const names: Readonly<Record<number, Readonly<Record<number, string[]>>>> = {
  1: { 3: ['batch', 'c', 'x'] },
  2: { 4: ['batch', 'c', 'y', 'x'] },
}

/**
 * Outputs as Zarr arrays of version 3: one output is the array itself, several are a group. A chunk is written whole, in one
 * step of the store, so a chunk that is there is finished.
 */
export class ZarrOutput implements Output {
  readonly #store: ChunkStore
  readonly #arrays: readonly zarr.Array<StoredType, ChunkStore>[]
  readonly #outputs: readonly RunOutput[]

  private constructor(
    store: ChunkStore,
    outputs: readonly RunOutput[],
    arrays: readonly zarr.Array<StoredType, ChunkStore>[],
  ) {
    this.#store = store
    this.#outputs = outputs
    this.#arrays = arrays
  }

  /** Opens the arrays in a store, and makes them where there are none. */
  static async open(
    store: ChunkStore,
    { outputs, tiles }: RunPlan,
    { type, compression }: Pick<Storing, 'type' | 'compression'>,
  ): Promise<ZarrOutput> {
    const root = zarr.root(store)
    const isGroup = outputs.length > 1
    if (isGroup && !(await store.has('/zarr.json'))) await zarr.create(root, {})
    const arrays: zarr.Array<StoredType, ChunkStore>[] = []
    for (const { name, shape, chunk } of outputs) {
      const place = isGroup ? root.resolve(encodeURIComponent(name)) : root
      if (await store.has(`${place.path === '/' ? '' : place.path}/zarr.json` as `/${string}`)) {
        arrays.push((await zarr.open.v3(place, { kind: 'array' })) as zarr.Array<StoredType, ChunkStore>)
        continue
      }
      const dimensionNames = names[tiles.axes.length]?.[shape.length]
      arrays.push(
        await zarr.create(place, {
          shape: [...shape],
          chunkShape: [...chunk],
          dtype: type,
          fillValue: 0,
          codecs: codecsOf(compression),
          attributes: { source: name },
          ...(dimensionNames && { dimensionNames }),
        }),
      )
    }
    return new ZarrOutput(store, outputs, arrays)
  }

  async isDone({ kept }: RunPiece): Promise<boolean> {
    for (const part of kept) {
      for (const chunk of chunksOf(part, this.#outputs[part.output])) {
        const { path } = this.#arrays[part.output].resolve(['c', ...chunk].join('/'))
        if (!(await this.#store.has(path))) return false
      }
    }
    return true
  }

  async put({ kept }: RunPiece, values: readonly Stored[]): Promise<void> {
    for (const [index, part] of kept.entries()) {
      const { size } = part
      const stride = size.map((_, axis) => size.slice(axis + 1).reduce((product, cells) => product * cells, 1))
      await zarr.set(this.#arrays[part.output], selectionOf(part), { data: values[index], shape: [...size], stride })
    }
  }

  async get({ kept }: RunPiece): Promise<readonly Stored[]> {
    const values: Stored[] = []
    for (const part of kept) {
      const { data } = await zarr.get(this.#arrays[part.output], selectionOf(part))
      values.push(data as Stored)
    }
    return values
  }

  async finish(): Promise<void> {}
}

const selectionOf = ({ at, size }: Kept): zarr.Slice[] => at.map((begin, axis) => zarr.slice(begin, begin + size[axis]))
