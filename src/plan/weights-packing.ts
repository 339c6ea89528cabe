import type { ElementwiseProblem } from '../reference/elementwise.ts'
import { type Steps, stepsOf, threeAxes } from '../reference/loops.ts'
import { type FilterSteps, inputOf, outputOf, type Problem } from '../reference/problem.ts'
import { denseSteps } from '../tensor/dense.ts'

/** How tensors are brought to a program for the gradient of weights, and the gradient from it: in blocks of output channels. */
export interface GradientPacking {
  /** Groups, and blocks of each; kernels of their own for all channels are one group. */
  readonly groups: number
  readonly blocks: number
  readonly inGroup: number
  /** Channels of a block, side by side in the program's gradient and in what is packed. */
  readonly lanes: number
  /** Whether input and output gradients are put into blocks; else they are read where they lie. */
  readonly input: boolean
  readonly change: boolean
}

/**
 * How output gradients are put into the order in which the program reads them, as copies of parts, and input cells where they are
 * vectors too; none where they are read where they lie.
 */
export function packingParts(
  problem: Problem,
  packing: GradientPacking,
): Readonly<Record<'input' | 'change', readonly ElementwiseProblem[]>> {
  const { geometry, batch, layout } = problem
  const { blocks, groups, lanes } = packing
  const packed = (side: 'input' | 'output', { batch: image, channel, axes }: Steps): ElementwiseProblem[] => {
    const cells = threeAxes(geometry).map((axis) => axis[side])
    const to = denseSteps([groups, blocks, batch, ...cells, lanes])
    const from = [(channel * problem.outChannels) / groups, lanes * channel, image, ...axes, channel]
    return blockParts(problem, packing).map(({ first, count, channels }) => ({
      sizes: [groups, count, batch, ...cells, channels],
      output: { offset: first * to[1], steps: to },
      inputs: [{ offset: first * from[1], steps: from }],
      ...plainCopy,
    }))
  }
  return {
    input: packing.input ? packed('input', stepsOf(inputOf(problem), layout)) : [],
    change: packing.change ? packed('output', stepsOf(outputOf(problem), layout)) : [],
  }
}

/** How the gradient, as the program gives it, is put into the order of the weights. */
export function gradientParts(problem: Problem, packing: GradientPacking, steps: FilterSteps): ElementwiseProblem[] {
  const { groups, blocks, inGroup, lanes } = packing
  const taps = tapsOf(problem)
  const out = groups < problem.groups ? steps.group : steps.out
  const packed = denseSteps([groups, blocks, inGroup, taps, lanes])
  const given = [steps.group, lanes * out, steps.in, steps.tap, out]
  return blockParts(problem, packing).map(({ first, count, channels }) => ({
    sizes: [groups, count, inGroup, taps, channels],
    output: { offset: first * given[1], steps: given },
    inputs: [{ offset: first * packed[1], steps: packed }],
    ...plainCopy,
  }))
}

const plainCopy = { steps: [], numbers: [] } as const

/** Blocks of output channels, whole ones and the one at the end. */
function blockParts(
  { outChannels }: Problem,
  { groups, blocks, lanes }: GradientPacking,
): { readonly first: number; readonly count: number; readonly channels: number }[] {
  const outGroup = outChannels / groups
  const whole = Math.floor(outGroup / lanes)
  const parts = [
    { first: 0, count: whole, channels: lanes },
    { first: whole, count: blocks - whole, channels: outGroup % lanes },
  ]
  return parts.filter(({ count }) => count > 0)
}

/** Elements of what is packed, and of the gradient in the program's order; 0 of what is read where it lies. */
export function packedLengths(
  problem: Problem,
  { groups, blocks, inGroup, lanes, input, change }: GradientPacking,
): Readonly<Record<'input' | 'change' | 'gradient', number>> {
  const { geometry, batch } = problem
  const channels = groups * blocks * lanes
  const cells = (side: 'input' | 'output'): number =>
    geometry.axes.reduce((product, axis) => product * axis[side], batch)
  return {
    input: input ? channels * cells('input') : 0,
    change: change ? channels * cells('output') : 0,
    gradient: channels * inGroup * tapsOf(problem),
  }
}

const tapsOf = ({ geometry }: Problem): number => geometry.axes.reduce((product, { kernel }) => product * kernel, 1)
