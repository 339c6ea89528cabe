/** How padding cells get their values, as in PyTorch's `F.pad`; how many there are is another matter (`PaddingMode`). */
export type Fill = 'constant' | 'reflect' | 'replicate' | 'circular'

interface Source {
  /** The cell whose value a position takes, or -1 for the constant. Positions below 0 and from `size` on are padding. */
  readonly cell: (position: number, size: number) => number
  /** The widest padding on one side of so many cells that the rule still defines. */
  readonly widest: (size: number) => number
}

/** Where each way of filling looks. */
export const fills: Readonly<Record<Fill, Source>> = {
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
  // Wider padding than the input goes round as often as it must, as NumPy's `wrap` does; PyTorch refuses it.
  circular: {
    cell: (position, size) => ((position % size) + size) % size,
    widest: () => Number.POSITIVE_INFINITY,
  },
}
