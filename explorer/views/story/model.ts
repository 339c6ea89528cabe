import { layersOf, runsOf } from '../network/chain.ts'
import { type Drift, driftsAround, stagesOf } from '../network/model.ts'

// The numbers of the story, worked out by the library like all others.

export const LAYER = { input: 8, kernel: 3, stride: 2, dilation: 1 } as const
export const RULES = ['tf same', 'pytorch p1'] as const

const CHAIN = 'k3 s2 x5'
export const SIZE = 512
const REACH = 38 // sizes on either side: beyond 481 and 545, so that their names have room

/** How far apart two grids are after each of five layers. */
export function driftOfFive(): number[] {
  const stages = stagesOf(runsOf(CHAIN), SIZE, 'upper', 'symmetric')
  return typeof stages === 'string' ? [] : stages.map(({ apart }) => Math.abs(apart))
}

/** The same after the last layer, for the sizes around. */
export const driftBySize = (): Drift[] => driftsAround(runsOf(CHAIN), SIZE, 'upper', 'symmetric', REACH)

/** How many cells lie between sizes that agree: the product of the strides. */
export const stepOfFive = (): number => layersOf(runsOf(CHAIN)).reduce((product, { stride }) => product * stride, 1)
