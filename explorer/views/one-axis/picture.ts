import { type Axis, cellOf, divisor, type Op, readsAlike } from 'samepad/geometry'
import { hatch, round, rounded } from '../../drawing/paths.ts'
import { middleOf, positionsOf, type Strip, tapsShown, windowsShown } from '../../drawing/strip.ts'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { readersOf, type Unread, unreadOf } from '../../layer/taps.ts'

// One convention's strips as plain data.

export const MARGIN = 10 // left and right of the strips
export const SMALL = 0.86 // width of a small cell, of a large one's

/** A cell of the small side: an output with its window, or, transposed, a sample. */
export interface Small {
  readonly index: number
  readonly x: number
  /** Whether it reads otherwise than the first convention's of the same index, or that has none. */
  readonly parted: boolean
  /** What an average divides by. */
  readonly divisor: number | undefined
}

export interface Picture {
  readonly axis: Axis
  /** The positions of the cells that are drawn. */
  readonly cells: readonly number[]
  readonly small: readonly Small[]
  /** The tops of the two strips. */
  readonly largeY: number
  readonly smallY: number
  /** Lines from every small cell to the taps of its window. */
  readonly fans: string
  readonly shapes: Shapes
  /** What no window reads (transposed: what no tap reaches); undefined where that takes too long to find. */
  readonly unread: Unread | undefined
  /** Transposed: cells that are drawn and that the first convention does not have; and the other way round. */
  readonly extra: readonly number[]
  readonly lacking: readonly number[]
}

/** The large side as paths, so that many cells are few elements. */
export interface Shapes {
  readonly cells: string
  /** Cells that no window reads, and, transposed, that no tap reaches. */
  readonly hollow: string
  readonly padding: string
  readonly stripes: string
  /** Whether some of the padding is read by no window. */
  readonly blank: boolean
}

interface Given {
  readonly op: Op
  readonly answer: Answer
  readonly first: Answer
  readonly strip: Strip
  /** The top of the upper strip, and the height between the two. */
  readonly upper: number
  readonly fan: number
  readonly pinned: number
}

const MOST = 4096 // taps of windows that are compared one by one

/** The strips of a convention that has an answer. */
export function pictureOf({ op, answer, first, strip, upper, fan, pinned }: Given): Picture {
  const axis = windowsOf(op, answer.solved!.axis)
  const height = Math.min(strip.cell, 34)
  const lower = upper + height + fan
  const [largeY, smallY] = op === 'convTranspose' ? [lower, upper] : [upper, lower]
  const positions = positionsOf(strip)
  const cells = positions.filter((position) => position >= 0 && position < axis.input)
  const small = windowsShown(axis, strip, pinned).map(
    (index): Small => ({
      index,
      x: MARGIN + middleOf(axis, index, strip) - (strip.cell * SMALL) / 2,
      parted: isParted(answer, first, index),
      divisor: op === 'averagePool' ? divisor(answer.solved!, index) : undefined,
    }),
  )
  const theirs = op === 'convTranspose' && first.solved ? windowsOf(op, first.solved.axis).input : axis.input
  return {
    ...{ axis, cells, small, largeY, smallY },
    extra: cells.filter((position) => position >= theirs),
    lacking: positions.filter((position) => position >= axis.input && position < theirs),
    fans: fansOf(axis, small, strip, largeY, smallY, height),
    shapes: shapesOf(axis, positions, strip, largeY, height),
    unread: unreadOf(axis),
  }
}

function fansOf(axis: Axis, small: readonly Small[], strip: Strip, largeY: number, smallY: number, height: number) {
  const [from, to] = smallY < largeY ? [largeY, smallY + height] : [largeY + height, smallY]
  return small
    .flatMap(({ index, x }) => {
      const start = round(x + (strip.cell * SMALL) / 2)
      return tapsShown(axis, index, strip).shown.map(
        (position) => `M${start} ${to}L${round(MARGIN + strip.left(position) + strip.cell / 2)} ${from}`,
      )
    })
    .join('')
}

function shapesOf(axis: Axis, positions: readonly number[], strip: Strip, y: number, height: number): Shapes {
  const drawn = (list: readonly number[], shape: typeof rounded): string =>
    list.map((position) => shape(MARGIN + strip.left(position), y, strip.cell, height)).join('')
  const cells = positions.filter((position) => position >= 0 && position < axis.input)
  const padding = positions.filter((position) => isPadding(axis, position))
  const isRead = (position: number): boolean => axis.kernel > MOST || readersOf(axis, position).length > 0
  return {
    cells: drawn(cells.filter(isRead), rounded),
    hollow: drawn(
      cells.filter((position) => !isRead(position)),
      rounded,
    ),
    padding: drawn(padding, rounded),
    stripes: drawn(padding.filter(isRead), hatch),
    blank: !padding.every(isRead),
  }
}

const isPadding = ({ input, padBegin, padEnd }: Axis, position: number): boolean =>
  (position < 0 && position >= -padBegin) || (position >= input && position < input + padEnd)

function isParted(answer: Answer, first: Answer, index: number): boolean {
  if (answer === first || !answer.setting || !answer.solved || !first.setting || !first.solved) return false
  const count = answer.setting.op === 'convTranspose' ? 'input' : 'output'
  if (index >= first.solved.axis[count] || first.setting.kernel !== answer.setting.kernel) return true
  if (answer.setting.kernel > MOST) return cellOf(answer.solved.axis, index, 0) !== cellOf(first.solved.axis, index, 0)
  return !readsAlike(answer.setting, answer.solved, first.setting, first.solved, index)
}
