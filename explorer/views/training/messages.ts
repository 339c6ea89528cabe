// What the page and the worker that learns tell each other.

export interface Request {
  readonly id: number
  /** Whether it learns, or waits. */
  readonly isRunning: boolean
  /** What chance begins with, and pictures of a step; those of the first message hold. */
  readonly seed: number
  readonly batch: number
  /** Milliseconds from one look at it to the next. */
  readonly every: number
}

/** A layer in words. */
export interface LayerText {
  readonly name: string
  readonly window: string
  readonly input: string
  readonly pads: string
  readonly output: string
  /** Numbers that are learned. */
  readonly learned: number
}

/** A picture that the network has not learned from, and what it takes it for. */
export interface Example {
  readonly picture: Float32Array
  readonly label: string
  readonly guess: string
  /** How sure it is, 0 to 1. */
  readonly probability: number
}

export interface Progress {
  /** The loss of every step so far. */
  readonly losses: readonly number[]
  readonly isRunning: boolean
  /** Whether all steps are done. */
  readonly isDone: boolean
  /** The share of new pictures that it tells right: 0 to 1. */
  readonly right: number
  readonly examples: readonly Example[]
  /** The first layer's kernels, one after the other. */
  readonly kernels: { readonly side: number; readonly values: readonly Float32Array[] }
  /** Milliseconds of a step, the mean; undefined before the first. */
  readonly perStep: number | undefined
  readonly layers: readonly LayerText[]
}

export interface Reply {
  readonly id: number
  readonly progress?: Progress
  readonly refusal?: string
}
