import type { Interpolation } from '../reference/resample.ts'
import { resize as reference } from '../reference/resize.ts'
import { planResizing } from '../run/between/resize.ts'
import { runPlaced } from '../run/programs/run-placed.ts'
import type { KernelAttributes } from './library.ts'
import type { KernelRow, KernelTask } from './task.ts'
import { sizesOf } from './windows.ts'

/** Where the library looks for cells, as `resize` says it (docs/layers.md); undefined where it mixes two ways. */
function placesOf({
  alignCorners,
  halfPixelCenters,
}: KernelAttributes): Pick<Interpolation, 'coordinates' | 'nearest'> | undefined {
  if (alignCorners && halfPixelCenters) return undefined
  if (alignCorners) return { coordinates: 'align_corners', nearest: 'round_prefer_ceil' }
  if (halfPixelCenters) return { coordinates: 'half_pixel', nearest: 'round_prefer_ceil' }
  return { coordinates: 'asymmetric', nearest: 'floor' }
}

/** The kernel of a picture of another size. */
function resizeRow(name: string, mode: 'nearest' | 'linear'): KernelRow {
  return {
    name,
    plan({ images }, attrs): KernelTask | undefined {
      const places = placesOf(attrs)
      if (!images || !places) return undefined
      const x = { shape: images, layout: 'nhwc', ...sizesOf(images, 'nhwc') } as const
      const sizes = attrs.size as readonly number[]
      const how = { mode, ...places, cubicCoefficient: -0.75, excludeOutside: false, antialias: false }
      const planned = planResizing({ x, scaling: sizes.map((length) => ({ length })), how })
      if (!planned) return undefined
      const { problem, placed } = planned
      return {
        ...{ shape: [x.batch, ...sizes, x.channels], isFault: false, isSlow: !placed },
        run({ values, output }) {
          const input = values('images')
          if (placed && runPlaced([{ placed, inputs: [input] }], output)) return
          reference(problem, input.data, output.data)
        },
        release: () => placed?.release(),
      }
    },
  }
}

export const resizeRows: readonly KernelRow[] = [
  resizeRow('ResizeBilinear', 'linear'),
  resizeRow('ResizeNearestNeighbor', 'nearest'),
]
