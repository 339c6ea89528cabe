import { Remembered } from '../analysis/remembered.ts'
import type { Filter } from '../reference/problem.ts'
import { Holdings } from '../run/programs/holdings.ts'
import type { Schedule } from '../run/programs/schedule.ts'

/** What is held for some weights. */
interface KeptLayer {
  readonly holdings: Holdings
  schedule: Schedule
  readonly bytes: number
}

/** Something that was asked with tensors. */
interface Sight {
  readonly kind: string
  readonly dataIds: readonly object[]
  /** The same as a text. */
  readonly question: string
}

/**
 * Packed weights, by the tensors that they were packed of. What is seen once is packed for that once, since a filter in training
 * changes with each step; from the second sight on it stays, until a tensor of it is disposed of or others take its room.
 */
export class KeptLayers {
  #last = 0
  /** What was asked with a tensor. */
  readonly #sights = new WeakMap<object, Sight[]>()
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
    const sight = this.#sightOf(kind, dataIds)
    if (!sight) {
      runOnce(filter, body)
      return
    }
    const layer = this.#kept.get(sight.question, () => {
      return { holdings: new Holdings(filter), schedule, bytes: bytesOf(schedule) }
    })
    if (layer.schedule !== schedule) layer.holdings.keep(schedule.plans)
    layer.schedule = schedule
    body(layer.holdings)
  }

  /** Whether this was asked before; from now on it was. */
  isSeen(kind: string, dataIds: readonly object[]): boolean {
    return this.#sightOf(kind, dataIds) !== undefined
  }

  /** Lets go of all that was packed of a tensor. */
  dispose(dataId: object): void {
    const sights = this.#sights.get(dataId)
    if (!sights) return
    this.#sights.delete(dataId)
    for (const sight of sights) {
      for (const other of sight.dataIds) this.#forget(other, sight)
      if (!this.#kept.has(sight.question)) continue
      const hold = this.#kept.hold(sight.question, nothing)
      hold.answer?.holdings.release()
      this.#kept.forget(hold)
    }
  }

  /** Lets go of everything. */
  release(): void {
    for (const { holdings } of this.#kept.answers()) holdings.release()
    this.#kept.clear()
  }

  /** What was asked before; undefined at the first time, of which it is noted. What needs no tensors always was. */
  #sightOf(kind: string, dataIds: readonly object[]): Sight | undefined {
    if (dataIds.length === 0) return { kind, dataIds, question: kind }
    for (const sight of this.#sights.get(dataIds[0]) ?? []) {
      if (sight.kind === kind && isSameList(sight.dataIds, dataIds)) return sight
    }
    const sight = { kind, dataIds, question: `${++this.#last}` }
    for (const dataId of new Set(dataIds)) this.#sights.set(dataId, [...(this.#sights.get(dataId) ?? []), sight])
    return undefined
  }

  #forget(dataId: object, sight: Sight): void {
    const others = this.#sights.get(dataId)?.filter((other) => other !== sight)
    if (others) this.#sights.set(dataId, others)
  }
}

function isSameList(a: readonly object[], b: readonly object[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
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
