import type { Op } from '../../geometry/index.ts'
import { isConvolution } from './layer.ts'

/** An order of a kernel's dimensions, and how to bring it to the order that `spell` takes. */
export interface WeightsOrder {
  /** `HWIO`, with a letter for each dimension: O output channels, I input channels, D, H, W the axes. */
  readonly from: string
  /** `to`: the order that `spell` takes, `OIHW`, of transposed convolutions `IOHW`. */
  readonly to: string
  /** Which dimension of `from` comes first, second, ...: the argument of `transpose` or `permute`. */
  readonly permutation: readonly number[]
}

/** The orders in which frameworks have kernels: TensorFlow and JAX, TensorFlow Lite and WebNN. */
const others: Readonly<Record<'conv' | 'convTranspose', readonly string[]>> = {
  conv: ['*IO', 'O*I', 'I*O'],
  convTranspose: ['*OI', 'O*I'],
}

/**
 * How to bring kernels of other frameworks to the order that `spell` takes.
 *
 * @param rank spatial axes, 1 to 3
 * @returns none for poolings, which have no kernel
 */
export function weightsOrders(op: Op, rank: number): readonly WeightsOrder[] {
  if (!isConvolution(op)) return []
  const spatial = 'DHW'.slice(-rank)
  const to = `${op === 'conv' ? 'OI' : 'IO'}${spatial}`
  return others[op === 'conv' ? 'conv' : 'convTranspose'].map((order) => {
    const from = order.replace('*', spatial)
    return { from, to, permutation: [...to].map((letter) => from.indexOf(letter)) }
  })
}
