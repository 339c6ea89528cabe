/** How something is run: by several threads, or by this one alone. */
type Way = 'several' | 'alone'

/** Runs whose times are remembered. */
const REMEMBERED = 5
/** Runs before the first trial: in the very first one programs are made. */
const FIRST = 2
/** At least so many runs are between two trials, and at most so many. */
const OFTEN = 4
const SELDOM: Readonly<Record<Way, number>> = { several: 512, alone: 128 }
/** Runs of a trial, and milliseconds after which it is over though it had fewer. */
const TRIED = 3
const LONG = 10
/** As a share of the time of one thread: what several must come below to be taken again. */
const WORTH = 0.9
/** The usual way is doubted where it takes so many times as long as before. */
const SLOWER = 1.8

/**
 * Which way something is run that runs again and again: the quicker one, as its own runs tell. Now and then some try the other way, the more
 * seldom the more often that was slower. So a second processor that is not there, or that others need, is noticed.
 */
export class Pace {
  #usual: Way = 'several'
  /** Milliseconds of the last runs of the usual way, and what they took when the other one was tried last. */
  #times: number[] = []
  #before = Number.POSITIVE_INFINITY
  #gap = OFTEN
  /** Runs until the next trial. */
  #left = FIRST
  /** Milliseconds of the runs of a trial, without its first where threads sleep then. */
  #tried: number[] | undefined

  /** The way of the next run. */
  get way(): Way {
    return this.#left > 0 ? this.#usual : otherThan(this.#usual)
  }

  /** Learns how many milliseconds the run took that went that way. */
  took(time: number): void {
    if (this.#left > 0) this.#remember(time)
    else this.#try(time)
  }

  #remember(time: number): void {
    this.#times.push(time)
    if (this.#times.length > REMEMBERED) this.#times.shift()
    this.#left--
    if (quickOf(this.#times) > SLOWER * this.#before) {
      this.#before = Number.POSITIVE_INFINITY
      this.#gap = OFTEN
      this.#left = Math.min(this.#left, OFTEN)
    }
  }

  #try(time: number): void {
    const isFirst = !this.#tried
    this.#tried ??= []
    if (isFirst && this.#usual === 'alone') return
    this.#tried.push(time)
    const spent = this.#tried.reduce((sum, one) => sum + one, 0)
    if (this.#tried.length < TRIED && spent < LONG) return
    this.#judge(this.#tried)
    this.#tried = undefined
  }

  #judge(tried: number[]): void {
    const here = quickOf(this.#times)
    // Other processes disturb several threads more often than one: what they can do is seen by the quickest run of a few.
    const there = this.#usual === 'alone' ? Math.min(...tried) / WORTH : quickOf(tried)
    if (there < here) {
      this.#usual = otherThan(this.#usual)
      this.#times = tried
      this.#gap = OFTEN
    } else this.#gap = Math.min(2 * this.#gap, SELDOM[this.#usual])
    this.#before = Math.min(here, there)
    this.#left = this.#gap
  }
}

const otherThan = (way: Way): Way => (way === 'several' ? 'alone' : 'several')

/** The second quickest of some times: what disturbs a run, such as code that is compiled meanwhile, only ever makes it longer. */
function quickOf(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.min(1, times.length - 1)]
}
