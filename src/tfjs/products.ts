import { resolve } from '../geometry/index.ts'
import { filterSteps } from '../run/layers/filter-weights.ts'
import { readWeightsShape } from '../tensor/weights.ts'
import { broadcast } from './chains.ts'
import { fusedTask } from './filters.ts'
import type { KernelRow } from './task.ts'

const elementsOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** The kernel of a product by one matrix, which is a convolution of one tap: the rows on the left are its cells. */
function productRow(name: string): KernelRow {
  return {
    name,
    plan(shapes, attrs, planning) {
      const { a, b } = shapes
      if (!a || !b || a.length < 2 || b.length < 2 || attrs.transposeA || elementsOf(b.slice(0, -2)) > 1)
        return undefined
      const matrix = b.slice(-2)
      const sizes = attrs.transposeB
        ? readWeightsShape([matrix[0], 1, matrix[1]], 'ohwi')
        : readWeightsShape([1, ...matrix], 'hwio')
      const around = broadcast([a.slice(0, -2), b.slice(0, -2)])
      if (!around || sizes.in !== a.at(-1)) return undefined
      const geometry = resolve({ op: 'conv', input: [elementsOf(a.slice(0, -1))], kernel: [1] })
      const channels = { batch: 1, inChannels: sizes.in, outChannels: sizes.out, groups: 1 }
      const plain = {
        problem: { geometry, ...channels, layout: 'nhwc' },
        steps: filterSteps('conv', sizes, 1),
      } as const
      const task = fusedTask({ kernel: name, source: 'a', filter: 'b' }, plain, shapes, attrs, planning)
      return task && { ...task, shape: [...around, a[a.length - 2], sizes.out], isWorthIt: task.isKept }
    },
  }
}

export const productRows: readonly KernelRow[] = [productRow('BatchMatMul'), productRow('_FusedMatMul')]
