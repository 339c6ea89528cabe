import type { OpenedSizes } from 'samepad/tiles'

// What the page and the worker that opens sizes tell each other.

export interface Request {
  readonly id: number
  readonly model: Blob
}

export interface Reply {
  readonly id: number
  readonly opened?: OpenedSizes
  readonly refusal?: string
}
