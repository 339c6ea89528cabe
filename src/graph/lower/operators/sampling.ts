import { roundHalfEven } from '../../../operators/carried.ts'
import { kernels } from '../../../reference/resample.ts'
import { denseSteps } from '../../../tensor/dense.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import { sizeOf } from '../operation.ts'
import type { RunRow } from './row.ts'

// Operators that read a picture between its cells, at places that are computed.

/** Cells along an axis that a place is made of, and how much of each. */
type Taps = (place: number) => readonly (readonly [cell: number, share: number])[]

/** The factor of the cubic formula. */
const A = -0.75

function cubic(place: number): ReturnType<Taps> {
  const first = Math.floor(place)
  return [-1, 0, 1, 2].map((step) => [first + step, kernels.cubic.weight(Math.abs(place - first - step), A)] as const)
}

function linear(place: number): ReturnType<Taps> {
  const first = Math.floor(place)
  return [[first, 1 - (place - first)] as const, [first + 1, place - first] as const]
}

const nearest: Taps = (place) => [[roundHalfEven(place), 1]]

/** Ways to read, by ONNX's words before and since operator set 20. */
const modes: Readonly<Record<string, Taps>> = { nearest, linear, bilinear: linear, cubic, bicubic: cubic }

/** What a place beyond the edge becomes, of cells from `first` to `last`. */
const paddings: Readonly<Record<string, (place: number, first: number, last: number) => number>> = {
  zeros: (place) => place,
  border: (place, first, last) => Math.min(Math.max(place, Math.ceil(first)), Math.floor(last)),
  reflection: (place, first, last) => {
    const length = last - first
    if (length <= 0) return 0
    const turns = (((place - first) % (2 * length)) + 2 * length) % (2 * length)
    return first + (turns > length ? 2 * length - turns : turns)
  },
}

const word = (call: { attribute: (name: string) => { string?: string | undefined } | undefined }) => ({
  mode: call.attribute('mode')?.string ?? 'linear',
  padding: call.attribute('padding_mode')?.string ?? 'zeros',
})

/** Each output is what the picture has at a place from -1 to 1 along each axis, the innermost axis first. */
const gridSample: RunRow = {
  name: 'GridSample',
  isReal: true,
  refuses: (call) => {
    const { mode, padding } = word(call)
    return Object.hasOwn(modes, mode) && Object.hasOwn(paddings, padding) ? undefined : `has modes ${mode}, ${padding}`
  },
  lower(site) {
    const [x, grid] = site.inputs(2)
    const { mode, padding } = word(site.call)
    const [taps, beyond] = [modes[mode], paddings[padding]]
    const isAligned = site.call.int('align_corners') === 1
    const edge = isAligned ? 0 : 0.5
    const [batch, channels, ...sizes] = x.shape
    const steps = denseSteps(sizes)
    const cells = sizeOf(sizes)
    const points = sizeOf(grid.shape.slice(1, -1))
    /** The cells of a place along an axis that lie within, as steps from the first one. */
    const read = (given: number, axis: number): ReturnType<Taps> => {
      const size = sizes[axis]
      const whole = isAligned ? ((given + 1) / 2) * (size - 1) : ((given + 1) * size - 1) / 2
      const place = taps === cubic ? whole : beyond(whole, -edge, size - 1 + edge)
      return taps(place).flatMap(([cell, share]) => {
        const at = beyond(cell, -edge, size - 1 + edge)
        return at >= 0 && at < size ? [[at * steps[axis], share] as const] : []
      })
    }
    const run = ([{ data }, { data: places }]: readonly Tensor[], { data: target }: Tensor): void => {
      for (let point = 0; point < batch * points; point++) {
        const all = sizes.map((_, axis) => read(places[(point + 1) * sizes.length - 1 - axis], axis))
        const shares = all.reduce<ReturnType<Taps>>(
          (found, list) => found.flatMap(([at, share]) => list.map(([step, one]) => [at + step, share * one] as const)),
          [[0, 1]],
        )
        const picture = Math.floor(point / points)
        for (let channel = 0; channel < channels; channel++) {
          const begin = (picture * channels + channel) * cells
          let sum = 0
          for (const [at, share] of shares) sum += share * data[begin + at]
          target[(picture * channels + channel) * points + (point % points)] = sum
        }
      }
    }
    return site.emitCall('gridSample', `${mode}, ${padding}`, [x, grid], run)
  },
}

/** Rows of operators that read between cells. */
export const sampling: readonly RunRow[] = [gridSample]
