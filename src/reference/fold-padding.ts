import { type Fill, fills } from '../geometry/fill.ts'
import type { Geometry } from '../geometry/index.ts'
import type { Dimensions, Layout } from '../tensor/tensor.ts'
import { stepsOf, threeAxes } from './loops.ts'

/**
 * The adjoint of filling padding with values: what a loss changes with a cell of the padding it changes with the cell that was
 * copied there.
 *
 * @param geometry with the padding that was filled
 * @param wide gradients of the padded input
 * @param gradient zeros at first
 */
export function foldPadding(
  geometry: Geometry,
  { batch, channels }: Pick<Dimensions, 'batch' | 'channels'>,
  layout: Layout,
  mode: Fill,
  wide: Float32Array,
  gradient: Float32Array,
): void {
  const axes = threeAxes(geometry)
  const sizes = axes.map(({ input, padBegin, padEnd }) => input + padBegin + padEnd)
  const from = stepsOf({ batch, channels, spatial: sizes }, layout)
  const to = stepsOf({ batch, channels, spatial: axes.map(({ input }) => input) }, layout)
  const [d, h, w] = axes.map(({ input, padBegin }, axis) =>
    Array.from({ length: sizes[axis] }, (_, cell) => fills[mode].cell(cell - padBegin, input) * to.axes[axis]),
  )
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      const [source, target] = [n * from.batch + c * from.channel, n * to.batch + c * to.channel]
      for (let z = 0; z < d.length; z++) {
        for (let y = 0; y < h.length; y++) {
          const row = source + z * from.axes[0] + y * from.axes[1]
          for (let x = 0; x < w.length; x++) gradient[target + d[z] + h[y] + w[x]] += wide[row + x * from.axes[2]]
        }
      }
    }
  }
}
