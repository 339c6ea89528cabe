// What a network is run over: an array of any size, read box by box.

/** Values as they are stored. */
export type Values =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** A box of cells: where it begins along each axis, and how many cells it has. */
export interface Box {
  readonly begin: readonly number[]
  readonly size: readonly number[]
}

/** A picture in a file or store. Axes have letters: `y` and `x`, `z` of volumes, `c` of channels, others such as `t`; sound has `x` and `c`. */
export interface Picture {
  readonly axes: string
  readonly shape: readonly number[]
  /** The type of its values, such as `uint8`. */
  readonly type: string
  /** Bytes that it holds in memory all the time. */
  readonly held: number
  /** The most bytes that are decoded at once for a box beside the box itself: one chunk, tile or strip. */
  readonly chunk: number
  /** A text that changes when the picture does: size and time of the file, or its description. */
  readonly stamp: string
  /** The values of a box, in row-major order. */
  read(box: Box): Promise<Values>
  close(): Promise<void>
}

/** How a picture is opened. */
export interface PictureOptions {
  /** Letters of its axes, where the file does not tell them. */
  readonly axes?: string | undefined
  /** The level of a pyramid; 0 is the largest. */
  readonly level?: number | undefined
  /** Type and shape of a file that holds numbers alone, as `uint8:3x4000x6000`. */
  readonly raw?: string | undefined
}

/** Number of cells of a shape. */
export const cellsOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
