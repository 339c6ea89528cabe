import { SamepadError } from 'samepad/geometry'
import { group, numeral, type Part } from '../../state/part.ts'

/** Numbers in a row, or only how many there are; an output may also be an error. */
export type Seen = number | readonly number[] | 'error'

const MOST = 4096 // numbers

/** What was seen: `1, 2, 3` or `[1 2 3]` are values, a single number is a size. */
function seen(what: string, initial: Seen, mayFail = false): Part<Seen> {
  return {
    initial,
    read: (text) => {
      const words = text.split(/[\s,;[\]()]+/).filter(Boolean)
      if (mayFail && words.join(' ').toLowerCase() === 'error') return 'error'
      const numbers = words.map(numeral)
      if (numbers.length < 1 || numbers.length > MOST || numbers.some((one) => typeof one !== 'number')) {
        throw new SamepadError(what, `${what} must be numbers, or how many there are`, text)
      }
      const isList = numbers.length > 1 || /[[,]/.test(text)
      if (isList) return numbers
      if (Number.isSafeInteger(numbers[0]) && numbers[0] >= 0 && numbers[0] <= MOST) return numbers[0]
      throw new SamepadError(what, `a number of values must be an integer of 0 to ${MOST}`, text)
    },
    write: (value) =>
      typeof value === 'object' ? `${value.join(',')}${value.length === 1 ? ',' : ''}` : String(value),
  }
}

/** The numbers that somebody got; operation, stride and dilation are the layer's. */
export const diagnosis = group({
  given: seen('the input', [1, 2, 3, 4, 5, 6]),
  weights: seen('the weights', [1, 10, 100]),
  got: seen('the output', [210, 432, 654], true),
})
