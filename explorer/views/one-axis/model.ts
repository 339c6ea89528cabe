import type { Op } from 'samepad/geometry'
import { type Looked, layOut, type Strip, spanOf, unite } from '../../drawing/strip.ts'
import { fitBeside, linesOf } from '../../drawing/text.ts'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { fullName } from '../../layer/framework-names.ts'
import type { OwnNumbers } from '../../layer/values.ts'
import { parts, verdictOf } from '../../layer/verdict.ts'
import { MARGIN, type Picture, pictureOf } from './picture.ts'
import { padsInWords } from './words.ts'

// The drawing as plain data. Lengths are in units: pixels at the usual size of text.

/** One convention. */
export interface Row {
  readonly answer: Answer
  readonly y: number
  readonly height: number
  /** How it is related to the first one, in words; or its refusal. */
  readonly verdict: string
  /** What stands below its name, line by line, with `◆` where it parts from the first one. */
  readonly words: readonly { readonly text: string; readonly parts: boolean }[]
  /** What stands at the right of its name. */
  readonly aside: string
  /** Whether it computes otherwise than the first one. */
  readonly parts: boolean
  /** Undefined where it refuses. */
  readonly picture?: Picture
}

export interface Drawing {
  readonly op: Op
  readonly strip: Strip
  readonly rows: readonly Row[]
  readonly width: number
  readonly height: number
  /** Both strips are so high. */
  readonly cellHeight: number
  /** Every so many positions and indices are written; all, where they have room. */
  readonly every: number
  /** The most small cells that a convention has. */
  readonly count: number
  /** The output, or sample, whose window is drawn whatever else has room. */
  readonly pinned: number
  /** The reader's own numbers, which then stand in the cells. */
  readonly own?: OwnNumbers
}

export const LINE = 20 // height of a line of words
const LABEL = 12 // between the words and the strips
const SPACE = 24 // between conventions
const NOTES = 22 // below the small strip, for marks
export const NOTE = 13 // more, for divisors below marks

/**
 * The drawing of what some conventions do with a layer.
 *
 * @param width units that there are
 * @param pinned the output, or the sample, whose window is always drawn
 */
export function drawingOf(op: Op, answers: readonly Answer[], width: number, pinned = 0): Drawing {
  const axes = answers.flatMap(({ solved }) => (solved ? [windowsOf(op, solved.axis)] : []))
  const span = axes.length > 0 ? unite(axes.map(spanOf)) : { begin: 0, end: 1 }
  const count = Math.max(0, ...axes.map((axis) => axis.output))
  const index = Math.min(pinned, Math.max(0, count - 1))
  const strip = layOut(
    span,
    width - 2 * MARGIN,
    axes.map((axis): Looked => ({ axis, index })),
  )
  const cellHeight = Math.min(strip.cell, 34)
  const used = Math.max(strip.width + 2 * MARGIN, Math.min(width, 300))
  const fan = Math.max(40, Math.min(64, strip.cell * 1.6))
  let y = 0
  const rows = answers.map((answer): Row => {
    const top = y
    const verdict = verdictOf(op, answer, answers[0])
    const parted = parts(answer, answers[0])
    const { aside, words } = wordsOf(op, answer, verdict, parted, Math.min(used, width) - 2 * MARGIN)
    const label = (1 + words.length) * LINE + LABEL
    const notes = NOTES + (op === 'averagePool' && parted ? NOTE : 0)
    const height = answer.solved ? label + 2 * cellHeight + fan + notes : label
    y += height + SPACE
    const row = { answer, y: top, height, verdict, words, aside, parts: parted }
    if (!answer.solved) return row
    return {
      ...row,
      picture: pictureOf({ op, answer, first: answers[0], strip, upper: top + label, fan, pinned: index }),
    }
  })
  return {
    ...{ op, strip, rows, cellHeight, count, every: everyOf(strip, span), pinned: index },
    width: used,
    height: Math.max(0, y - SPACE),
  }
}

/** The words of a convention; where they have no room beside its name, below it. */
function wordsOf(
  op: Op,
  answer: Answer,
  verdict: string,
  parted: boolean,
  width: number,
): Pick<Row, 'aside' | 'words'> {
  if (!answer.solved) return { aside: '', words: [{ text: '◆ refuses: the reason stands below', parts: true }] }
  const pads = padsInWords(op, answer)
  const aside = fitBeside(fullName(answer.rule), pads, width) ? pads : ''
  const below = [
    ...(aside ? [] : linesOf(pads, width)).map((text) => ({ text, parts: false })),
    ...(verdict ? linesOf(parted ? `◆ ${verdict}` : verdict, width, parted) : []).map((text) => ({
      text,
      parts: parted,
    })),
  ]
  return { aside, words: below }
}

function everyOf({ cell }: Strip, span: { readonly begin: number; readonly end: number }): number {
  const digits = String(Math.max(Math.abs(span.begin), span.end)).length
  if (cell >= 6 + 8 * digits || (digits <= 2 && cell >= 20)) return 1
  return digits <= 4 ? 5 : 10
}
