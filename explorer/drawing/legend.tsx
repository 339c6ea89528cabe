import type { Op } from 'samepad/geometry'

interface Props {
  readonly op: Op
  readonly padding: boolean
  readonly hollow: boolean
  readonly parts: boolean
  readonly cut: boolean
  readonly grip?: boolean
  readonly divisor?: boolean
  /** Two axes: where windows have their middle. */
  readonly middles?: boolean
  /** Two axes with numbers in the cells: where windows have their middle is not marked. */
  readonly numbered?: boolean
}

/** What the marks mean that are in a drawing. */
export function Legend({ op, padding, hollow, parts, cut, grip, divisor, middles, numbered }: Props) {
  const transposed = op === 'convTranspose'
  return (
    <p class="legend">
      <span class="input">■ {transposed ? 'the chosen input cell' : 'what the chosen output reads'}</span>
      <span class="output">■ {transposed ? 'what it writes' : 'the chosen output'}</span>
      {padding && <span>▨ {transposed ? 'cropped' : 'padding'}</span>}
      {hollow && <span>▢ {transposed ? 'nothing is written here: only the bias' : 'read by no output'}</span>}
      {!middles && <span>● {transposed ? 'written to' : 'a cell that is read'}</span>}
      {!middles && <span>○ {transposed ? 'cropped' : 'padding that is read'}</span>}
      {middles && !numbered && <span>▪ the middle of what an output reads</span>}
      {middles && numbered && <span>3 ·2: a cell holds 3, the kernel's weight for it is 2</span>}
      {parts && <span class="different">{middles ? '◆' : '◆ ◇'} not as in the first drawing</span>}
      {parts && !middles && (
        <span class="different">× {transposed ? 'written' : 'read'} only in the first drawing</span>
      )}
      {cut && <span>⋯ +12: so many cells are left out</span>}
      {divisor && <span>÷ divisor</span>}
      {grip && <span>┃ drag: the end of the input</span>}
    </p>
  )
}
