import type { TilePlan } from 'samepad/tiles'
import type { NumberedFile } from '../../components/last-read.ts'

// What the page and the worker that plans pieces tell each other.

export interface Request {
  readonly id: number
  readonly model: NumberedFile
  /** The picture's height and width; a network along one axis takes the width. */
  readonly size: readonly [height: number, width: number]
  /** The most cells of a piece along each axis. */
  readonly tile: number
  /** Cells around each piece that somebody wants. */
  readonly halo: number | undefined
}

/** How a picture is cut, and what that costs. */
export interface Planned {
  readonly plan: TilePlan
  /** The shape of the whole picture. */
  readonly shape: readonly number[]
  /** How many inputs the model has. */
  readonly inputs: number
  /** Bytes of values of the whole picture at once. */
  readonly wholeMemory: number
  /** Why no piece can be exact; undefined where pieces are. */
  readonly mixed: string | undefined
  /** Cells of the halo that `plan` was asked for; undefined where it has the one that the network needs. */
  readonly halo: number | undefined
  /** The fewest cells of a piece along each axis. */
  readonly least: number
}

export interface Reply {
  readonly id: number
  readonly planned?: Planned
  readonly refusal?: string
}
