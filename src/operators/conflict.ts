/** Sizes that a call cannot work with: the model does not run. */
export interface Conflict {
  /** What must hold, as a clause: `sizes along axis 2 must be equal, or one of them 1`. */
  readonly must: string
  /** What there is instead. */
  readonly sizes: readonly [number, number]
  /** Which inputs they are sizes of; left out where both are of one. */
  readonly inputs?: readonly [number, number]
}
