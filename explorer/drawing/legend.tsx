import type { Op } from 'samepad/geometry'

/** The marks that are in a drawing. */
export interface Marked {
  readonly op: Op
  /** Padding that is read, or, transposed, cells that are cropped. */
  readonly padding: boolean
  /** Padding that no output reads. */
  readonly blank?: boolean
  /** Cells that no output reads, or, transposed, that nothing is written to. */
  readonly hollow: boolean
  readonly parts: boolean
  /** Cells that only the first convention reads or has. */
  readonly missing?: boolean
  readonly cut: boolean
  readonly grip?: boolean
  readonly divisor?: boolean
  /** Two axes: where windows have their middle. */
  readonly middles?: boolean
  /** Numbers in the cells: values, and the weights of a kernel beside them. */
  readonly numbered?: boolean
}

/** What the marks mean that are in a drawing, and only they. */
export function Legend(marks: Marked) {
  const { op, padding, blank, hollow, parts, missing, cut, grip, divisor, middles, numbered } = marks
  const transposed = op === 'convTranspose'
  return (
    <p class="legend">
      <span class="input">■ {transposed ? 'the chosen input cell' : 'what the chosen output reads'}</span>
      <span class="output">■ {transposed ? 'what it writes' : 'the chosen output'}</span>
      {padding && <span>▨ {transposed ? 'cropped' : 'padding'}</span>}
      {blank && <span>⬚ padding that no output reads</span>}
      {hollow && <span>▢ {transposed ? 'nothing is written here: only the bias' : 'a cell that no output reads'}</span>}
      {middles && !numbered && <span>▪ the middle of what an output reads</span>}
      {middles && numbered && <span>3 ×2: a cell holds 3, and the kernel’s weight for it is 2</span>}
      {!middles && numbered && <span>numbers in cells are values; the small ones beside them count the cells</span>}
      {parts && <span class="different">◆ not as in the first drawing</span>}
      {missing && <span class="different">× only in the first drawing</span>}
      {cut && <span>⋯ +12: so many cells are left out</span>}
      {divisor && <span>÷ divisor</span>}
      {grip && <span class="input">┃ the end of the input: drag it</span>}
    </p>
  )
}
