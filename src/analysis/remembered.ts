/** Plain data as a question: JSON, in which numbers that JSON does not have are texts: those that are not finite, and -0. */
export const questionOf = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'number' && !hasJson(one) ? `${1 / one} ${one}` : one))

const hasJson = (one: number): boolean => Number.isFinite(one) && !Object.is(one, -0)

/** What is remembered under a question, while somebody holds it. */
export interface Hold<T> {
  readonly question: string
  /** Undefined as soon as it is forgotten. */
  readonly answer: T | undefined
}

interface Answered<T> extends Hold<T> {
  readonly bytes: number
  answer: T | undefined
  holders: number
}

/** What may be said of a memory; numbers are in bytes. */
export interface RememberedOptions<T> {
  /** About how many an answer takes, beside its question; few where nothing is said. */
  readonly weigh?: ((answer: T) => number) | undefined
  /** The most of all answers that nobody holds, with their questions. */
  readonly most?: number | undefined
  /** Is given each answer that makes room. */
  readonly dropped?: ((answer: T) => void) | undefined
}

/**
 * Answers by what was asked, so that a question that comes again is answered at once. What somebody holds stays. All else is
 * bounded, and what was asked longest ago makes room: a network asks a few dozen questions, each of them often, but a file may
 * be made to ask any number of large ones.
 */
export class Remembered<T> {
  readonly #weigh: (answer: T) => number
  readonly #most: number
  readonly #dropped: (answer: T) => void
  readonly #held = new Map<string, Answered<T>>()
  /** What nobody holds, that asked longest ago first. */
  readonly #idle = new Map<string, Answered<T>>()
  #idleBytes = 0

  constructor({ weigh = () => FEW, most = MOST, dropped = () => undefined }: RememberedOptions<T> = {}) {
    this.#weigh = weigh
    this.#most = most
    this.#dropped = dropped
  }

  /** Whether a question has an answer that is remembered. */
  has(question: string): boolean {
    return this.#held.has(question) || this.#idle.has(question)
  }

  /** The answer to a question, worked out where it is not remembered. */
  get(question: string, answer: () => T): T {
    const entry = this.#held.get(question) ?? this.#take(question) ?? this.#new(question, answer())
    if (entry.holders === 0) this.#leave(entry)
    return entry.answer as T
  }

  /** The same, and the answer stays until it is released as often as it was held. */
  hold(question: string, answer: () => T): Hold<T> {
    const entry = this.#held.get(question) ?? this.#take(question) ?? this.#new(question, answer())
    entry.holders++
    this.#held.set(question, entry)
    return entry
  }

  /** Lets go of what was held once; of what is forgotten that does nothing. */
  release(held: Hold<T>): void {
    const entry = this.#held.get(held.question)
    if (entry !== held || --entry.holders > 0) return
    this.#held.delete(entry.question)
    this.#leave(entry)
  }

  /** Forgets at once what was held, for all who hold it; it is not given to `dropped`. */
  forget(held: Hold<T>): void {
    const entry = this.#held.get(held.question)
    if (entry !== held) return
    this.#held.delete(held.question)
    entry.answer = undefined
  }

  /** All answers. */
  *answers(): Iterable<T> {
    for (const list of [this.#held, this.#idle]) for (const { answer } of list.values()) yield answer as T
  }

  /** Forgets everything, also for those who hold it; nothing is given to `dropped`. */
  clear(): void {
    for (const entry of this.#held.values()) entry.answer = undefined
    this.#held.clear()
    this.#idle.clear()
    this.#idleBytes = 0
  }

  #new(question: string, answer: T): Answered<T> {
    return { question, answer, bytes: question.length * CHARACTER + this.#weigh(answer), holders: 0 }
  }

  /** Takes an answer out of those that nobody holds. */
  #take(question: string): Answered<T> | undefined {
    const entry = this.#idle.get(question)
    if (!entry) return undefined
    this.#idle.delete(question)
    this.#idleBytes -= entry.bytes
    return entry
  }

  /** Puts an answer among those that nobody holds, as the last one to make room: it stays, however large it is. */
  #leave(entry: Answered<T>): void {
    this.#idle.set(entry.question, entry)
    this.#idleBytes += entry.bytes
    for (const { question, answer } of this.#idle.values()) {
      if (this.#idleBytes <= this.#most || question === entry.question) return
      this.#take(question)
      this.#dropped(answer as T)
    }
  }
}

/** Bytes of a small answer, and of a character of a question. */
const [FEW, CHARACTER] = [512, 2]
/** The most bytes that are remembered in one place, where nothing is said. */
const MOST = 2 ** 23
