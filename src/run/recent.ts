/** What was made lately, by a text that describes it: so many at most, of which the one used longest ago makes room. */
export class Recent<T> {
  readonly #most: number
  readonly #dropped: (value: T) => void
  /** The one used longest ago first. */
  readonly #entries = new Map<string, T>()

  /** @param dropped is given what makes room */
  constructor(most: number, dropped: (value: T) => void = () => undefined) {
    this.#most = most
    this.#dropped = dropped
  }

  get(key: string): T | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined && this.#entries.delete(key)) this.#entries.set(key, value)
    return value
  }

  set(key: string, value: T): void {
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#most) return
    const [[oldest, old]] = this.#entries
    this.#entries.delete(oldest)
    this.#dropped(old)
  }

  /** Forgets everything; nothing is given to `dropped`. */
  clear(): void {
    this.#entries.clear()
  }
}
