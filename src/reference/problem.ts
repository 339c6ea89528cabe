import type { Geometry } from '../geometry/index.ts'
import type { Dimensions, Layout } from '../tensor/tensor.ts'
import type { Epilogue } from './epilogue.ts'

/** An operation's whole task, checked: its geometry and everything around it. */
export interface Problem {
  readonly geometry: Geometry
  readonly batch: number
  readonly inChannels: number
  readonly outChannels: number
  /** Channels are split into so many groups that do not see each other; each channel is one for pools. */
  readonly groups: number
  readonly layout: Layout
  /** What every output passes through before it is stored; undefined is nothing. */
  readonly epilogue?: Epilogue | undefined
  /** For averages: whether padding cells count in the divisor. */
  readonly countIncludePad?: boolean | undefined
  /** The tensors of which this is a part: their cells and channels are as far apart as there. Its own by default. */
  readonly within?: Readonly<Record<'input' | 'output', Dimensions>> | undefined
}

/** What a convolution multiplies by and adds; of a pooling it is empty, but for what its epilogue takes. */
export interface Filter {
  /** In any order. */
  readonly weights: Float32Array
  readonly steps: FilterSteps
  /** One number for each output channel. */
  readonly bias: Float32Array | undefined
  /** Lists of one number for each output channel, of which the epilogue takes some. */
  readonly operands?: readonly Float32Array[] | undefined
  /** How often its numbers were changed; undefined where they never are. */
  readonly revision?: { number: number } | undefined
}

/** Elements of weights from group to group, within one from output to output and input to input channel, and from tap to tap. */
export interface FilterSteps {
  readonly group: number
  readonly out: number
  readonly in: number
  readonly tap: number
}

/** The dimensions of a problem's input. */
export function inputOf({ geometry, batch, inChannels }: Problem): Dimensions {
  return { batch, channels: inChannels, spatial: geometry.axes.map((axis) => axis.input) }
}

/** The dimensions of a problem's output. */
export function outputOf({ geometry, batch, outChannels }: Problem): Dimensions {
  return { batch, channels: outChannels, spatial: geometry.axes.map((axis) => axis.output) }
}

/** The dimensions of the tensors that a problem's input and output are parts of, by which their cells lie. */
export const inputAround = (problem: Problem): Dimensions => problem.within?.input ?? inputOf(problem)
export const outputAround = (problem: Problem): Dimensions => problem.within?.output ?? outputOf(problem)

/** The same problem with its cells along other axes. What it lies within may have other channels, and as many cells. */
export function alongAxes(problem: Problem, geometry: Geometry, batch = problem.batch): Problem {
  const along = { ...problem, geometry, batch }
  if (!problem.within) return along
  const [input, output] = [inputOf(along), outputOf(along)]
  const { within } = problem
  return {
    ...along,
    within: {
      input: { ...input, channels: within.input.channels },
      output: { ...output, channels: within.output.channels },
    },
  }
}
