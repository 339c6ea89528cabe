import type { Order, Shown } from './model.ts'
import type { Pixels } from './paint.ts'

// What the page and its worker tell each other.

/** The newest order counts: an older one that is not done yet is dropped. */
export interface Request extends Order {
  readonly id: number
  /** A photo as a file; the one before by default. */
  readonly photo?: Blob
  /** Its longer side in pixels, at most. */
  readonly side: number
}

export interface Reply {
  readonly id: number
  /** The name of the file that was computed on; undefined for the photo that comes with the page. */
  readonly own?: string
  /** The photo in the size on which it is computed. */
  readonly photo?: Pixels
  readonly shown?: Shown
  /** Why there is nothing to show. */
  readonly refusal?: string
  /** Whether this page may compile WebAssembly. */
  readonly compiles: boolean
}
