import { sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import { held } from './plain.ts'
import { eachLine } from './reducing.ts'
import type { RunRow } from './row.ts'

// Operators that pass through the lines of a tensor. They move little, and no program does.

const axisAt = (site: Site, rank: number, absent: number): number => site.axis(absent, rank)

/** Sums of all elements up to each one along an axis, rounded one by one as in onnxruntime: the sine of a long sum shows how. */
const sums: RunRow = {
  name: 'CumSum',
  constants: [1],
  lower(site) {
    const x = site.input()
    const axis = site.axes([site.constant(1)[0]])[0]
    const [isExclusive, isReversed] = [site.call.int('exclusive') === 1, site.call.int('reverse') === 1]
    const [become, rounded] = [held(site), site.isReal() ? Math.fround : (sum: number) => sum]
    return site.emitCall('cumulate', `along ${axis}`, [x], ([{ data }], output) => {
      const target = output.data
      const size = x.shape[axis]
      eachLine(x.shape, axis, (begin, step) => {
        let sum = 0
        for (let count = 0; count < size; count++) {
          const at = begin + (isReversed ? size - 1 - count : count) * step
          const before = sum
          sum = rounded(sum + data[at])
          target[at] = become(isExclusive ? before : sum)
        }
      })
    })
  },
}

/** One where a line along an axis has its largest element, zero elsewhere. */
const hardmax: RunRow = {
  name: 'Hardmax',
  lower(site) {
    const x = site.input()
    const rank = x.shape.length
    const given = axisAt(site, rank, site.call.opset < 13 ? 1 : -1)
    const isFlat = site.call.opset < 13
    const shape = isFlat ? [sizeOf(x.shape.slice(0, given)), sizeOf(x.shape.slice(given))] : x.shape
    const axis = isFlat ? 1 : given
    return site.emitCall('hardmax', `along ${axis}`, [x], ([{ data }], output) => {
      const target = output.data
      target.fill(0)
      eachLine(shape, axis, (begin, step) => {
        let best = begin
        for (let index = 1; index < shape[axis]; index++) {
          if (data[begin + index * step] > data[best]) best = begin + index * step
        }
        target[best] = 1
      })
    })
  },
}

/** The elements above a diagonal of each matrix, or below it; zeros elsewhere. */
const triangle: RunRow = {
  name: 'Trilu',
  constants: [1],
  lower(site) {
    const x = site.input()
    const [rows, columns] = x.shape.slice(-2)
    const diagonal = site.optional(1) ? site.constant(1)[0] : 0
    const isUpper = site.call.int('upper') !== 0
    return site.emitCall('triangle', isUpper ? 'upper' : 'lower', [x], ([{ data }], output) => {
      const target = output.data
      for (let at = 0; at < target.length; at++) {
        const ahead = (at % columns) - (Math.floor(at / columns) % rows) - diagonal
        target[at] = (isUpper ? ahead >= 0 : ahead <= 0) ? data[at] : 0
      }
    })
  },
}

/** Rows of operators that pass through lines. */
export const picking: readonly RunRow[] = [sums, hardmax, triangle]
