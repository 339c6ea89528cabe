import { Remembered } from '../analysis/remembered.ts'
import type { Filter } from '../reference/problem.ts'
import { Holdings } from '../run/holdings.ts'
import type { Schedule } from '../run/schedule.ts'

/** What is held for some weights. */
interface KeptLayer {
  readonly holdings: Holdings
  schedule: Schedule
  readonly bytes: number
}

/** The tensors of a question. */
type Sights = Map<string, readonly object[]>

/**
 * Packed weights, by the tensors that they were packed of. What is seen once is packed for that once, since a filter in training
 * changes with each step; from the second sight on it stays, until a tensor of it is disposed of or others take its room.
 */
export class KeptLayers {
  readonly #numbers = new WeakMap<object, number>()
  #last = 0
  /** What was asked with a tensor. */
  readonly #sights = new WeakMap<object, Sights>()
  readonly #kept: Remembered<KeptLayer>

  /** @param most bytes of program memory that are kept */
  constructor(most: number) {
    this.#kept = new Remembered<KeptLayer>({
      ...{ weigh: ({ bytes }) => bytes, most },
      dropped: ({ holdings }) => holdings.release(),
    })
  }

  /**
   * Runs something with what is held for weights.
   *
   * @param kind tells apart what else packed weights depend on
   * @param dataIds of the tensors of which they are packed; none where there are no weights
   */
  use(
    kind: string,
    dataIds: readonly object[],
    filter: Filter,
    schedule: Schedule,
    body: (holdings: Holdings) => void,
  ): void {
    const question = [kind, ...dataIds.map((dataId) => this.#numberOf(dataId))].join(' ')
    if (!this.#isSeen(question, dataIds)) {
      runOnce(filter, body)
      return
    }
    const hold = this.#kept.hold(question, () => {
      return { holdings: new Holdings(filter), schedule, bytes: bytesOf(schedule) }
    })
    try {
      const layer = hold.answer as KeptLayer
      if (layer.schedule !== schedule) layer.holdings.keep(schedule.plans)
      layer.schedule = schedule
      body(layer.holdings)
    } finally {
      this.#kept.release(hold)
    }
  }

  /** Lets go of all that was packed of a tensor. */
  dispose(dataId: object): void {
    for (const [question, dataIds] of this.#sights.get(dataId) ?? []) {
      for (const each of dataIds) if (each !== dataId) this.#sights.get(each)?.delete(question)
      if (!this.#kept.has(question)) continue
      const hold = this.#kept.hold(question, nothing)
      hold.answer?.holdings.release()
      this.#kept.forget(hold)
    }
    this.#sights.delete(dataId)
  }

  /** Lets go of everything. */
  release(): void {
    for (const { holdings } of this.#kept.answers()) holdings.release()
    this.#kept.clear()
  }

  #numberOf(dataId: object): number {
    const number = this.#numbers.get(dataId) ?? ++this.#last
    this.#numbers.set(dataId, number)
    return number
  }

  /** Whether this was asked before; from now on it was. What needs no tensors always was. */
  #isSeen(question: string, dataIds: readonly object[]): boolean {
    if (dataIds.length === 0 || this.#sights.get(dataIds[0])?.has(question)) return true
    for (const dataId of dataIds) {
      const sights: Sights = this.#sights.get(dataId) ?? new Map()
      this.#sights.set(dataId, sights)
      sights.set(question, dataIds)
    }
    return false
  }
}

function runOnce(filter: Filter, body: (holdings: Holdings) => void): void {
  const holdings = new Holdings(filter)
  try {
    body(holdings)
  } finally {
    holdings.release()
  }
}

function bytesOf({ plans }: Schedule): number {
  return [...plans].reduce((sum, { plan: { bytes } }) => sum + bytes.weights + bytes.bias + bytes.tables, 0)
}

const nothing = (): never => {
  throw new Error('what is there is not made anew')
}
