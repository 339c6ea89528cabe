// How far a run is.

/** What is told of a run while it goes on. */
export interface Progress {
  readonly done: number
  readonly all: number
  /** Pieces that were there when the run began. */
  readonly before: number
}

/** Hours, minutes and seconds. */
function timeText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** Writes how far a run is: one line that changes on a terminal, else a line now and then. */
export class ProgressLine {
  readonly #began = performance.now()
  readonly #stream: NodeJS.WriteStream
  readonly #pause: number
  #last = Number.NEGATIVE_INFINITY

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
    this.#pause = stream.isTTY ? 200 : 10_000
  }

  show(progress: Progress): void {
    const now = performance.now()
    const isEnd = progress.done === progress.all
    if (!isEnd && now - this.#last < this.#pause) return
    this.#last = now
    const line = progressText(progress, now - this.#began)
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${line}${isEnd ? '\n' : ''}` : `${line}\n`)
  }
}

/** `12 of 48 pieces, 25 %, 00:01:10 left`. */
function progressText({ done, all, before }: Progress, elapsed: number): string {
  const own = done - before
  const share = `${done} of ${all} pieces, ${Math.floor((100 * done) / Math.max(1, all))} %`
  if (done === all) return `${share}, ${timeText(elapsed)}`
  return own === 0 ? share : `${share}, ${timeText((elapsed / own) * (all - done))} left`
}
