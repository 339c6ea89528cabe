import type { Setting } from '../conventions/setting.ts'
import { solveTaken } from '../conventions/solve.ts'
import { type Axis, effectiveKernel, SamepadError } from '../geometry/index.ts'

/** Where a layer of a chain puts its grid in the input of the chain. */
export interface LayerPhase {
  readonly axis: Axis
  /** Input cells from one output to the next. A fraction after a transposed convolution. */
  readonly jump: number
  /** The input cell at which output 0 is centred; cell 0 is the first one, halves are between two. */
  readonly centre: number
}

/**
 * Where output 0 of each layer is centred in the input of the chain.
 *
 * A window starts at cell -padBegin and its middle lies (effectiveKernel - 1) / 2 further on; each layer counts in cells
 * of the one before it, which lie `jump` input cells apart.
 *
 * @param layers from the input on; each one takes what the one before it gives
 * @param input cells of the chain's input
 * @throws SamepadError when a layer refuses its input
 */
export function phase(layers: readonly Setting[], input: number): LayerPhase[] {
  let last: GridState = startOf(input)
  return layers.map((setting, index) => {
    const next = phaseAfter(last, setting, index)
    last = next
    return next
  })
}

/** A grid on which a chain goes on: that of its input, or what a layer made. */
type GridState = Pick<LayerPhase, 'jump' | 'centre'> & { readonly axis: Pick<Axis, 'output'> }

/** The grid of a chain's input. */
export const startOf = (input: number): GridState => ({ axis: { output: input }, jump: 1, centre: 0 })

/**
 * Where a layer behind a grid puts its own.
 *
 * @param index of the layer, for the error
 * @throws SamepadError when the layer refuses its input
 */
export function phaseAfter(
  { axis: { output: cells }, jump, centre }: GridState,
  setting: Setting,
  index = 0,
): LayerPhase {
  const { axis } = solveTaken('phase', `layer ${index} must take its input`, setting, cells)
  const middle = (effectiveKernel(axis) - 1) / 2 - axis.padBegin
  if (setting.op === 'convTranspose') {
    return { axis, jump: jump / axis.stride, centre: centre - (jump / axis.stride) * middle }
  }
  return { axis, jump: jump * axis.stride, centre: centre + jump * middle }
}

/** What one output of a chain sees of its input. */
export interface ReceptiveField {
  /** Cells that it can depend on. */
  readonly size: number
  /** Input cells from one output's field to the next one's. */
  readonly jump: number
  /** The first cell of output 0's field; below 0 where it lies in the padding. */
  readonly start: number
}

/**
 * The receptive field of a chain of convolutions and poolings.
 *
 * @param input cells of the chain's input; only `start` depends on it
 */
export function receptiveField(layers: readonly Setting[], input: number): ReceptiveField {
  if (layers.some(({ op }) => op === 'convTranspose')) {
    throw new SamepadError('receptiveField', 'every layer must be a convolution or a pooling', 'convTranspose')
  }
  let [size, jump, start] = [1, 1, 0]
  for (const { axis } of phase(layers, input)) {
    size += (effectiveKernel(axis) - 1) * jump
    start -= axis.padBegin * jump
    jump *= axis.stride
  }
  return { size, jump, start }
}
