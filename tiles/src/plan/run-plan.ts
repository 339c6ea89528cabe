import { createHash } from 'node:crypto'
import { SamepadError, Verbatim } from 'samepad/geometry'
import type { Model } from 'samepad/models'
import { type AxisPiece, type TilePlan, tiles } from 'samepad/tiles'
import { type Box, cellsOf } from '../picture/picture.ts'

// A picture cut into pieces, each of which makes whole chunks of the outputs.

/** A part of an output that a piece makes. */
export interface Kept {
  /** The number of the output. */
  readonly output: number
  /** Where it begins in the output of the piece. */
  readonly from: readonly number[]
  /** Where it begins in the whole output. */
  readonly at: readonly number[]
  readonly size: readonly number[]
}

/** One piece. */
export interface RunPiece {
  readonly index: number
  /** What it reads of the model's input. */
  readonly read: Box
  readonly kept: readonly Kept[]
}

/** An output, and its chunks, each of which one piece makes. */
export interface RunOutput {
  readonly name: string
  readonly shape: readonly number[]
  readonly chunk: readonly number[]
}

/** What is to be done, wherever it is done. */
export interface RunPlan {
  readonly tiles: TilePlan
  readonly outputs: readonly RunOutput[]
  /** SHA-256 of everything that pieces read and make. */
  readonly hash: string
  piece(index: number): RunPiece
}

/** How a picture is to be cut. */
export interface Cutting {
  readonly input: string
  readonly shape: readonly number[]
  readonly tile: readonly number[]
  readonly halo: number | undefined
}

/** Cuts a picture. The same model, shape and tile give the same plan on every machine. */
export function planRun(model: Model, { input, shape, tile, halo }: Cutting): RunPlan {
  const plan = tiles(model, { inputs: { [input]: shape }, tile, ...(halo !== undefined && { halo }) })
  const outputs = plan.outputs.map(({ name, shape: whole }) => {
    if (!whole)
      throw new SamepadError(
        'plan',
        `the shape of output ${name} must follow from the picture's`,
        new Verbatim('unknown'),
      )
    return { name, shape: whole, chunk: chunkOf(plan, name, whole) }
  })
  const text = JSON.stringify([input, shape, plan.axes.map(({ axis, pieces }) => [axis, pieces]), outputs])
  return {
    ...{ tiles: plan, outputs },
    hash: createHash('sha256').update(text).digest('hex'),
    piece: (index) => pieceOf(plan, shape, outputs, index),
  }
}

/** The cells of an output from one piece to the next: pieces begin on multiples of them. */
function chunkOf({ axes }: TilePlan, name: string, whole: readonly number[]): number[] {
  const chunk = [...whole]
  for (const { pieces } of axes) {
    const kept = pieces.flatMap(({ keep }) =>
      keep.filter(({ output, cells }) => output === name && cells[0] < cells[1]),
    )
    const [first, second] = kept
    if (!second) continue
    const size = second.cells[0] - first.cells[0]
    const astray = kept.find(({ cells }) => cells[0] % size !== 0)
    if (astray)
      throw new SamepadError('plan', `pieces must begin on multiples of ${size} cells of ${name}`, astray.cells[0])
    chunk[first.axis] = size
  }
  return chunk
}

function pieceOf({ axes }: TilePlan, shape: readonly number[], outputs: readonly RunOutput[], index: number): RunPiece {
  const parts: AxisPiece[] = []
  let rest = index
  for (const { pieces } of [...axes].reverse()) {
    parts.unshift(pieces[rest % pieces.length])
    rest = Math.floor(rest / pieces.length)
  }
  const [begin, size] = [shape.map(() => 0), [...shape]]
  parts.forEach(({ read }, at) => {
    begin[axes[at].axis] = read[0]
    size[axes[at].axis] = read[1] - read[0]
  })
  const kept = outputs.flatMap(({ name, shape: whole }, output): Kept[] => {
    const [from, at, count] = [whole.map(() => 0), whole.map(() => 0), [...whole]]
    let isCut = false
    for (const { keep } of parts) {
      for (const { output: kept, axis, cells, from: first } of keep) {
        if (kept !== name) continue
        isCut = true
        from[axis] = first
        at[axis] = cells[0]
        count[axis] = Math.max(0, cells[1] - cells[0])
      }
    }
    // What no axis of the picture goes through is alike in all pieces: the first makes it.
    const isMade = cellsOf(count) > 0 && (isCut || index === 0)
    return isMade ? [{ output, from, at, size: count }] : []
  })
  return { index, read: { begin, size }, kept }
}

/** The chunks of an output that a kept part fills, by their places in the grid of chunks. */
export function chunksOf({ at, size }: Kept, { chunk }: RunOutput): number[][] {
  return at.reduce<number[][]>(
    (all, begin, axis) => {
      const [first, last] = [Math.floor(begin / chunk[axis]), Math.floor((begin + size[axis] - 1) / chunk[axis])]
      return all.flatMap((one) => Array.from({ length: last - first + 1 }, (_, index) => [...one, first + index]))
    },
    [[]],
  )
}
