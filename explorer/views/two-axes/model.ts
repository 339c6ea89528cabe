import type { Op } from 'samepad/geometry'
import { linesOf } from '../../drawing/text.ts'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { parts, verdictOnTwo } from '../../layer/verdict.ts'
import { sidesInWords } from '../one-axis/words.ts'
import { type GridPicture, pictureOf } from './picture.ts'
import { BETWEEN, type Place, type Strips, stripsOf } from './room.ts'

// The grids of a layer as plain data, beside one another in one drawing.

/** A convention on both axes. */
export interface Grid {
  readonly rule: string
  /** Where it lies in the drawing. */
  readonly x: number
  readonly y: number
  /** Where its cells begin below its name: alike for all that stand beside it, so that rows lie beside rows. */
  readonly bodyAt: readonly [x: number, y: number]
  /** How many outputs it has. */
  readonly size: string
  /** How it pads, and how it is related to the first one, in words. */
  readonly words: readonly { readonly text: string; readonly parts: boolean }[]
  /** How it is related to the first one; or its refusal. */
  readonly verdict: string
  readonly parts: boolean
  readonly picture?: GridPicture
}

export interface Sheet extends Strips {
  readonly grids: readonly Grid[]
  readonly gridWidth: number
  readonly width: number
  readonly height: number
  /** The most outputs that a convention has. */
  readonly rows: number
  readonly columns: number
  readonly pinned: Place
}

export const LINE = 19
const LEAST = 300 // width of a grid

/**
 * The grids of some conventions.
 *
 * @param width units that there are for all of them
 * @param at the output whose window is always drawn
 * @param isNumbered whether cells need room for numbers
 */
export function gridsOf(
  op: Op,
  down: readonly Answer[],
  across: readonly Answer[],
  width: number,
  at: Place,
  isNumbered = false,
): Sheet {
  const [downAxes, acrossAxes] = [down, across].map((answers) =>
    answers.flatMap(({ solved }) => (solved ? [windowsOf(op, solved.axis)] : [])),
  )
  const [rows, columns] = [downAxes, acrossAxes].map((axes) => Math.max(0, ...axes.map(({ output }) => output)))
  const pinned = { row: Math.min(at.row, Math.max(0, rows - 1)), column: Math.min(at.column, Math.max(0, columns - 1)) }
  const beside = Math.min(down.length, Math.max(1, Math.floor((width + BETWEEN) / (LEAST + BETWEEN))), 3)
  const gridWidth = Math.floor((width - (beside - 1) * BETWEEN) / beside)
  const strips = stripsOf([downAxes, acrossAxes], [rows, columns], pinned, gridWidth, beside === 1, isNumbered)
  const firsts = [down[0], across[0]]
  const words = down.map((answer, index) => gridOf(op, [answer, across[index]], firsts, gridWidth))
  const grids: Grid[] = []
  let height = 0
  for (let from = 0; from < words.length; from += beside) {
    const line = words.slice(from, from + beside)
    const bodyAt = [strips.shift, (1 + Math.max(...line.map((grid) => grid.words.length))) * LINE + 4] as const
    const y = height > 0 ? height + BETWEEN : 0
    for (const [at, grid] of line.entries()) {
      const both = [down[from + at], across[from + at]]
      const isSolved = both.every(({ solved }) => solved)
      const picture = isSolved ? pictureOf(op, both, firsts, strips, pinned, isNumbered) : undefined
      grids.push({ ...grid, x: at * (gridWidth + BETWEEN), y, bodyAt, picture })
    }
    height = y + bodyAt[1] + (grids.slice(from).some(({ picture }) => picture) ? strips.body + 4 : 0)
  }
  return { ...strips, grids, gridWidth, width, height, rows, columns, pinned }
}

function gridOf(
  op: Op,
  both: readonly Answer[],
  firsts: readonly Answer[],
  width: number,
): Omit<Grid, 'x' | 'y' | 'bodyAt'> {
  const [down, across] = both
  const verdict = verdictOnTwo(op, both, firsts)
  const parted = both.some((answer, axis) => parts(answer, firsts[axis]))
  const common = { rule: down.rule, verdict, parts: parted }
  if (!down.solved || !across.solved) {
    return { ...common, size: '', words: [{ text: '◆ refuses: the reason stands below', parts: true }] }
  }
  const pads = both.map(({ solved }) => sidesInWords(op, solved!.axis.padBegin, solved!.axis.padEnd))
  const said = pads[0] === pads[1] ? `${pads[0]}, rows and columns` : `rows: ${pads[0]}; columns: ${pads[1]}`
  return {
    ...common,
    size: `→ ${down.solved.axis.output} x ${across.solved.axis.output}`,
    words: [
      ...linesOf(said, width).map((text) => ({ text, parts: false })),
      ...(verdict ? linesOf(parted ? `◆ ${verdict}` : verdict, width, parted) : []).map((text) => ({
        text,
        parts: parted,
      })),
    ],
  }
}
