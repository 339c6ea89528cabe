import type { TileAxis } from '../tiles.ts'

// What a description of a model for bioimage.io (specification 0.5) says of tiles.

/** The fields of one axis of the input and of the axes of outputs that follow from it. */
export interface BioimageAxis {
  readonly input: string
  readonly axis: number
  /** Sizes that pieces may have: `min` and any number of steps more. */
  readonly size: { readonly min: number; readonly step: number }
  readonly outputs: readonly {
    readonly output: string
    readonly axis: number
    /** Cells to be cropped from the output on each side. */
    readonly halo: number
    /** The size of an output's cell, where that of the input is 1. */
    readonly scale: number
  }[]
}

/** The fields of an axis; undefined where it is one piece, which tells nothing of others. */
export function bioimageAxis({ input, axis, step, halo, pieces }: TileAxis): BioimageAxis | undefined {
  const [first, second] = pieces
  if (!second) return undefined
  const around = Math.max(0, ...halo)
  return {
    ...{ input, axis },
    size: { min: step + 2 * step * Math.ceil(around / step), step },
    outputs: second.keep.flatMap(({ output, axis: at, cells }) => {
      const before = first.keep.find((one) => one.output === output && one.axis === at)
      const made = before && cells[0] - before.cells[0]
      if (!made) return []
      const scale = (second.own[0] - first.own[0]) / made
      return [{ output, axis: at, halo: Math.ceil(around / scale), scale }]
    }),
  }
}

/** The fields in a line. */
export const bioimageText = ({ size, outputs }: BioimageAxis): string =>
  [
    `for bioimage.io: sizes from ${size.min} on in steps of ${size.step}`,
    ...outputs.map(({ output, halo, scale }) => `halo ${halo} and scale ${scale} of ${output}`),
  ].join('; ')
