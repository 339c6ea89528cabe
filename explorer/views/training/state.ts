import { SamepadError } from 'samepad/geometry'
import { group, number, type Part } from '../../state/part.ts'

const integer = (what: string, initial: number, [least, most]: readonly [number, number]): Part<number> =>
  number(initial, (value) => {
    if (Number.isSafeInteger(value) && value >= least && value <= most) return
    throw new SamepadError('explorer', `${what} must be an integer of ${least} to ${most}`, value)
  })

/** How the network learns. */
export const training = group({
  seed: integer('the seed', 7, [0, 99_999]),
  batch: integer('pictures of a step', 32, [1, 256]),
})
