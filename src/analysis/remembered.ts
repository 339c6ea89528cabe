/**
 * Answers by what was asked, so that a question that comes again is answered at once. What is kept is bounded: a network asks
 * a few dozen questions, each of them often, but a file may be made to ask any number of large ones.
 */
export class Remembered<T> {
  readonly #answers = new Map<string, T>()
  readonly #weigh: (answer: T) => number
  #weight = 0

  /** @param weigh about how many numbers an answer holds; few where nothing is said */
  constructor(weigh: (answer: T) => number = () => FEW) {
    this.#weigh = weigh
  }

  /** The answer to a question, worked out where it is not remembered. */
  get(question: string, answer: () => T): T {
    const known = this.#answers.get(question)
    if (known !== undefined || this.#answers.has(question)) return known as T
    const found = answer()
    this.#weight += question.length / CHARACTERS + this.#weigh(found)
    if (this.#weight > MOST) {
      this.#answers.clear()
      this.#weight = question.length / CHARACTERS + this.#weigh(found)
    }
    this.#answers.set(question, found)
    return found
  }
}

/** Numbers of a small answer, and characters that take as much memory as a number in an object. */
const [FEW, CHARACTERS] = [16, 16]
/** Numbers of all that is remembered in one place, about ten megabytes. */
const MOST = 2 ** 18
