/** What was made lately, by a text that describes it: so many at most, of which the one used longest ago makes room. */
export class Recent<T> {
  readonly #most: number
  readonly #dropped: (value: T) => void
  readonly #entries = new Map<string, { readonly value: T; used: number }>()
  #clock = 0

  /** @param dropped is given what makes room */
  constructor(most: number, dropped: (value: T) => void = () => undefined) {
    this.#most = most
    this.#dropped = dropped
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    entry.used = ++this.#clock
    return entry.value
  }

  set(key: string, value: T): void {
    this.#entries.set(key, { value, used: ++this.#clock })
    if (this.#entries.size <= this.#most) return
    const [oldest, entry] = [...this.#entries].reduce((a, b) => (a[1].used < b[1].used ? a : b))
    this.#entries.delete(oldest)
    this.#dropped(entry.value)
  }

  /** Forgets everything; nothing is given to `dropped`. */
  clear(): void {
    this.#entries.clear()
  }
}
