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
      {padding && <span>▨ {transposed ? 'cropped' : 'padding'}</span>}
      {hollow && <span>▢ {transposed ? 'no tap lands here: only the bias' : 'read by no output'}</span>}
      {!middles && <span>● a tap {transposed ? 'lands on' : 'reads'} a cell</span>}
      {!middles && <span>○ {transposed ? 'lands on what is cropped' : 'reads padding'}</span>}
      {middles && !numbered && <span>■ the middle of a window</span>}
      {middles && numbered && <span>3 ·2: a cell holds 3, the kernel's weight for it is 2</span>}
      {parts && <span class="different">{middles ? '◆' : '◆ ◇'} otherwise than the first convention</span>}
      {parts && !middles && <span class="different">× only the first has a tap here</span>}
      {cut && <span>⋯ +12: so many cells are left out</span>}
      {divisor && <span>÷ divisor</span>}
      {grip && <span>┃ drag: the end of the input</span>}
    </p>
  )
}
