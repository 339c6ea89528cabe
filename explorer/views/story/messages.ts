// What the story and the worker that looks for the face tell each other.

/** A face; all lengths are in pixels of the photo. */
export interface Face {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** How sure the network is, 0 to 1. */
  readonly score: number
}

export interface Request {
  readonly id: number
  /** The network's file, and the photo. */
  readonly model: Blob
  readonly photo: Blob
}

export interface Reply {
  readonly id: number
  /** The face as the network was trained, and with symmetric padding. */
  readonly faces?: readonly [Face, Face]
  /** Nodes that pad otherwise in the second. */
  readonly changed?: number
  /** Milliseconds that one run takes. */
  readonly time?: number
  readonly refusal?: string
}
