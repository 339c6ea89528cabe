import type { Frame } from './model.ts'

/** Bytes that take the place of others, at offsets of the original file. */
export interface Edit {
  /** First byte that is replaced. Equal to `end` where bytes are only put in. */
  readonly begin: number
  readonly end: number
  readonly bytes: Uint8Array
  /** The innermost message whose content this lies in: its length changes, and those of its parents. */
  readonly within: Frame
}
