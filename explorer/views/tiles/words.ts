import { counted, decimal } from '../../../src/words/numbers.ts'
import type { Planned } from './messages.ts'
import { type Cutting, type pieceAt, wrongShare } from './model.ts'

// Pieces of a picture in sentences.

/** Bytes as they are read. */
export function memoryText(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3]
  return `${Number((bytes / size).toPrecision(3))} ${unit}`
}

/** A share from 0 to 1, or more. */
export const percent = (share: number): string => `${decimal(Number((100 * share).toFixed(share < 0.0995 ? 1 : 0)))} %`

/** The whole drawing. */
export const pictureInWords = ({ plan, shape }: Planned, cutting: Cutting): string =>
  `A picture of ${shape.join(' x ')} in ${counted(countOf(cutting), 'piece')}; ${percent(cutting.share - 1)} is computed twice` +
  (plan.isExact && !cutting.isShort ? '' : ', and not all of it is right')

const countOf = ({ down, across }: Cutting): number => across.pieces.length * (down?.pieces.length ?? 1)

/** What a piece reads. */
export function pieceInWords({ plan }: Planned, { at, down, across }: ReturnType<typeof pieceAt>): string {
  const cells = ([begin, end]: readonly [number, number]): string => `${begin} to ${end - 1}`
  const [rows, columns] = [down && `rows ${cells(down.read)}`, `${down ? 'columns' : 'cells'} ${cells(across.read)}`]
  const own = [down && `rows ${cells(down.own)}`, `${down ? 'columns' : 'cells'} ${cells(across.own)}`]
  const all = (list: readonly (string | undefined)[]): string => list.filter(Boolean).join(', ')
  return `Piece ${at + 1} reads ${all([rows, columns])} of ${plan.input}; its own are ${all(own)}.`
}

/** Whether the pieces give what the whole gives. */
export function verdict({ plan, mixed }: Planned, cutting: Cutting): { readonly good: boolean; readonly text: string } {
  const pieces = counted(countOf(cutting), 'piece')
  if (mixed !== undefined)
    return { good: false, text: `${mixed[0].toUpperCase()}${mixed.slice(1).replace(/, got .*/s, '')}.` }
  if (cutting.isShort) {
    const share = percent(wrongShare(cutting))
    return {
      good: false,
      text: `Seams: beside every cut the result is wrong, in ${share} of the picture.`,
    }
  }
  if (plan.pieces === 1) return { good: true, text: 'One piece: the whole picture at once.' }
  return { good: true, text: `${pieces}, put together, give exactly what the whole picture gives.` }
}

/** How pieces lie, for each axis that is cut otherwise. */
export function axisTexts({ plan }: Planned): string[] {
  const texts = plan.axes.map(({ step, halo }) => {
    const [before, behind] = halo.map((cells) => Math.max(0, cells))
    const [needed, rounded] = [Math.max(before, behind), Math.ceil(Math.max(before, behind) / step) * step]
    const round = needed === rounded ? '' : `; a halo is a multiple of ${step}, so it is ${rounded}`
    return `begin on multiples of ${counted(step, 'cell')}, and need ${before} before and ${behind} behind their own${round}`
  })
  const isOne = new Set(texts).size === 1
  return isOne ? [`Pieces ${texts[0]}.`] : texts.map((text, at) => `Along axis ${plan.axes[at].axis} they ${text}.`)
}
