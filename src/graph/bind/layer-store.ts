import type { Filter } from '../../reference/problem.ts'
import { Holdings } from '../../run/programs/holdings.ts'
import type { Schedule } from '../../run/programs/schedule.ts'

/** A layer's weights, and what program memory holds of them. */
export interface StoredLayer {
  readonly filter: Filter
  readonly holdings: Holdings
}

/** The layers of a network, which serve inputs of all sizes: their weights are packed once. */
export class LayerStore {
  readonly #layers = new Map<string, StoredLayer & { readonly parts: readonly unknown[] }>()
  /** The schedules of the sizes that are remembered, by layers. */
  #used = new Map<Holdings, Schedule[]>()

  /**
   * A layer by its name, made where it is not there, or where it is made of other constants.
   *
   * @param parts what it is made of: the same objects each time
   */
  get(name: string, parts: readonly unknown[], filter: () => Filter): StoredLayer {
    const known = this.#layers.get(name)
    if (known?.parts.every((part, index) => part === parts[index])) return known
    known?.holdings.release()
    const made = filter()
    const layer = { filter: made, holdings: new Holdings(made), parts }
    this.#layers.set(name, layer)
    return layer
  }

  /** Notes that a layer runs by a schedule. */
  uses(holdings: Holdings, schedule: Schedule): void {
    this.#used.set(holdings, [...(this.#used.get(holdings) ?? []), schedule])
  }

  /** Lets go of what only forgotten sizes needed. Those that are remembered are bound anew. */
  forget(): void {
    this.#used = new Map()
  }

  /** Keeps what the noted schedules need, and nothing else. */
  tidy(): void {
    for (const { holdings } of this.#layers.values()) {
      holdings.keep(new Set((this.#used.get(holdings) ?? []).flatMap(({ plans }) => [...plans])))
    }
  }

  /** Frees all program memory of the layers. A later run takes it again. */
  release(): void {
    for (const { holdings } of this.#layers.values()) holdings.release()
  }
}
