import { SamepadError } from 'samepad/geometry'
import { choice, group, index, number, numeral, type Part } from '../../state/part.ts'

/** Networks that come with the page; a model of the reader's takes their place. */
export const sampleNames = ['unet', 'enlarging', 'detector', 'attending'] as const
export type SampleName = (typeof sampleNames)[number]

const MOST = 1_000_000 // cells along a side

const cells = (what: string, initial: number, least = 1): Part<number> =>
  number(initial, (value) => {
    if (Number.isSafeInteger(value) && value >= least && value <= MOST) return
    throw new SamepadError('explorer', `${what} must be an integer of ${least} to ${MOST}`, value)
  })

const given = cells('the halo', 0, 0)

/** The halo that somebody wants; undefined for the one that the network needs. */
const halo: Part<number | undefined> = {
  initial: undefined,
  read: (text) => (text.trim() === '' ? undefined : given.read(String(numeral(text)))),
  write: (value) => (value === undefined ? '' : String(value)),
}

/** A picture, and how it is cut. */
export const tiles = group({
  sampleNet: choice('the network', sampleNames),
  high: cells('the height', 3000),
  wide: cells('the width', 4000),
  tile: cells('the size of a piece', 1024),
  halo,
  piece: { ...index('the piece'), initial: 6 }, // one that has neighbours on all sides
})
