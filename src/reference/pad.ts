/** How padding cells get their values. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular'

interface Source {
  /** The cell whose value a position takes, or -1 for the constant. */
  readonly cell: (position: number, size: number) => number
  /** The widest padding on one side of so many cells that the rule still defines. */
  readonly widest: (size: number) => number
}

/** Where each mode looks, for a position that may lie before cell 0 or from `size` on. As PyTorch's `F.pad`. */
export const sources: Readonly<Record<PadMode, Source>> = {
  constant: {
    cell: (position, size) => (position >= 0 && position < size ? position : -1),
    widest: () => Number.POSITIVE_INFINITY,
  },
  // Mirrored about the edge cell, which is not repeated: more than size - 1 cells would have to be mirrored twice.
  reflect: {
    cell: (position, size) => {
      const ahead = Math.abs(position)
      return ahead < size ? ahead : 2 * (size - 1) - ahead
    },
    widest: (size) => size - 1,
  },
  replicate: {
    cell: (position, size) => Math.min(Math.max(position, 0), size - 1),
    widest: () => Number.POSITIVE_INFINITY,
  },
  // Going round more than once is refused, as PyTorch does: it is almost always a mistake in the sizes.
  circular: {
    cell: (position, size) => ((position % size) + size) % size,
    widest: (size) => size,
  },
}

/**
 * Pads every dimension of a dense tensor, or crops where a padding is negative.
 *
 * @param pads `[begin, end]` for each dimension, outermost first
 * @param output of the padded shape
 */
export function pad(
  input: Float32Array,
  shape: readonly number[],
  pads: readonly (readonly [number, number])[],
  mode: PadMode,
  value: number,
  output: Float32Array,
): void {
  const cells = shape.map((size, dimension) => {
    const [begin, end] = pads[dimension]
    return Int32Array.from({ length: size + begin + end }, (_, index) => sources[mode].cell(index - begin, size))
  })
  const last = shape.length - 1
  let at = 0
  /** Fills the part of the output under one index of each outer dimension; `from` is -1 where that is all constant. */
  const fill = (dimension: number, from: number): void => {
    for (const cell of cells[dimension]) {
      const inside = from >= 0 && cell >= 0
      const next = inside ? from * shape[dimension] + cell : -1
      if (dimension < last) fill(dimension + 1, next)
      else output[at++] = inside ? input[next] : value
    }
  }
  fill(0, 0)
}
