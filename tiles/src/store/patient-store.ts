import type { ByteRange, ChunkStore } from './folder-store.ts'
import { retry } from './retry.ts'

/** A store that is asked again where it was busy. */
export class PatientStore implements ChunkStore {
  readonly #store: ChunkStore

  constructor(store: ChunkStore) {
    this.#store = store
  }

  get(key: `/${string}`): Promise<Uint8Array | undefined> {
    return retry(() => this.#store.get(key))
  }

  getRange(key: `/${string}`, range: ByteRange): Promise<Uint8Array | undefined> {
    return retry(() => this.#store.getRange(key, range))
  }

  has(key: `/${string}`): Promise<boolean> {
    return retry(() => this.#store.has(key))
  }

  set(key: `/${string}`, bytes: Uint8Array): Promise<void> {
    return retry(() => this.#store.set(key, bytes))
  }
}
