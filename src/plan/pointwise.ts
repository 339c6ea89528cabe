import { Geometry } from '../geometry/index.ts'
import { single } from '../reference/loops.ts'
import { alongAxes, type Filter, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { multiples, packBiases, roomFor } from './gather.ts'
import {
  anySize,
  basisOf,
  biasStep,
  type Channels,
  type CommonPlan,
  FLOAT,
  LANES,
  memoryOf,
  type PackedFilter,
  type Structure,
  VECTOR,
} from './plan.ts'
import { evenPortions, type Portion } from './row-tiles.ts'
import { type Amount, Tables } from './tables.ts'

/**
 * A convolution with a kernel of one tap on channels-first tensors: a product of matrices, with vectors along cells,
 * which are neighbours in memory, and weights splatted.
 *
 * A channel's cells lie so far from the next channel's that a few hundred channels do not stay in the cache together. So
 * a panel of cells is brought side by side first, once for all output channels.
 */
export interface PointwisePlan extends CommonPlan<PointwiseStructure> {
  readonly strategy: 'pointwise'
  /** Columns of each panel of whole ones, which stays in the first cache. */
  readonly panels: readonly Portion[]
}

/** The code of a pointwise program. Its tables have `PANEL_SIZES` entries of `panelFields`. */
export interface PointwiseStructure extends Structure, Channels {
  /** How many input channels are written out in one go. */
  readonly unrolled: number
  /** A column is so many vectors of cells. */
  readonly vectors: number
  /** Where the entries of panels are. */
  readonly panels: Amount
  /** Cells behind the last whole column: for each number of vectors that they take, how many are in the last; 0 if not so. */
  readonly left: readonly Amount[]
  /** Output channels of the blocks of a group, as even as they can be. */
  readonly blocks: readonly { readonly channels: number; readonly count: number }[]
}

/** The integers of an entry for panels of one size: how many panels, columns in each. Panels have two sizes at most. */
export const panelFields = ['count', 'columns'] as const
export const PANEL_SIZES = 2

const PANEL_BYTES = 24_576 // half of a first cache of 48 KiB; a third of one of 64

/** A plan for a convolution of single taps, neither strided nor padded, on channels-first tensors. */
export function planPointwise(problem: Problem, features: Features): PointwisePlan | undefined {
  if (problem.layout !== 'nchw' || !isPointwise(problem)) return undefined
  const basis = basisOf(problem, features)
  const { groups, inGroup, outGroup, relaxed } = basis
  const { ordered } = features
  // V8 keeps 15 vectors in registers; of 6 x 2, 4 x 3, 5 x 2, 4 x 2 and 3 x 4 these were fastest.
  const vectors = 2
  const channels = !ordered ? 4 : relaxed ? 6 : 5
  const unrolled = ordered ? ([4, 3, 2, 1].find((count) => inGroup % count === 0) as number) : 1
  const column = vectors * VECTOR * inGroup

  const cells = problem.geometry.axes.reduce((product, axis) => product * axis.input, 1)
  const rest = cells % (vectors * LANES)
  const panels = evenPortions(Math.floor(cells / (vectors * LANES)), Math.max(1, Math.floor(PANEL_BYTES / column)))
  const entries = multiples(PANEL_SIZES, 1).map((index) => [panels[index]?.count ?? 0, panels[index]?.size ?? 0])

  const tables = new Tables()
  const biases = groups * outGroup * FLOAT
  const common = { ...anySize(basis, problem.layout, tables), biases: biasStep(basis, biases, tables) }
  const tiling = {
    ...{
      inGroup,
      outGroup,
      unrolled,
      vectors,
      blocks: blocksOf(outGroup, channels),
      panels: tables.list('panels', entries.flat()),
    },
    left: multiples(vectors, 1).map((whole) =>
      tables.number(`lanes behind ${whole}`, Math.ceil(rest / LANES) === whole + 1 ? rest - whole * LANES : 0),
    ),
  }
  const { names, tables: integers } = tables.finish()
  const memory = {
    ...{ weights: groups * outGroup * inGroup * FLOAT, biases },
    scratch: Math.max(1, ...panels.map(({ size }) => size)) * column,
  }
  const structure = { ...common, ...tiling, numbers: names }
  return { strategy: 'pointwise', structure, panels, ...memoryOf(basis, memory, integers) }
}

/** Whether every output cell is made of the one input cell at its place. */
function isPointwise({ geometry }: Problem): boolean {
  const { op, axes } = geometry
  return (
    op === 'conv' &&
    axes.every(
      ({ input, output, kernel, stride, padBegin }) =>
        kernel === 1 && stride === 1 && padBegin === 0 && input === output,
    )
  )
}

/** The same problem on one axis: a pointwise convolution does not ask where a cell lies. */
export function cellsInLine(problem: Problem): Problem {
  if (!isPointwise(problem)) return problem
  const input = problem.geometry.axes.reduce((product, axis) => product * axis.input, 1)
  return alongAxes(problem, new Geometry('conv', [{ ...single, input, output: input }]))
}

/** The same for channels-last tensors, where it does not even ask in which image. */
export function flattened(problem: Problem): Problem {
  if (!isPointwise(problem) || problem.layout !== 'nhwc') return problem
  const { geometry } = cellsInLine(problem)
  const cells = geometry.axes[0].input * problem.batch
  return alongAxes(problem, new Geometry('conv', [{ ...single, input: cells, output: cells }]), 1)
}

/** So many channels in blocks as even as can be, those of one size together. */
function blocksOf(channels: number, most: number): PointwiseStructure['blocks'] {
  return evenPortions(channels, most).map(({ size, count }) => ({ channels: size, count }))
}

/**
 * Packs weights and bias: of each block the output channels side by side, input channel after input channel.
 */
export function packPointwise(plan: PointwisePlan, filter: Filter, packed = roomFor(plan)): PackedFilter {
  const { weights, steps } = filter
  const { groups, inGroup, blocks } = plan.structure
  packBiases(plan, filter, packed.bias)
  let at = 0
  for (let group = 0; group < groups; group++) {
    let first = group * steps.group
    for (const { channels, count } of blocks) {
      // Plain loops take half the time of `gather`, which products of matrices spend in each call.
      for (let block = 0; block < count; block++) {
        for (let input = 0; input < inGroup; input++) {
          for (let channel = 0; channel < channels; channel++) {
            packed.weights[at++] = weights[first + input * steps.in + channel * steps.out]
          }
        }
        first += channels * steps.out
      }
    }
  }
  return packed
}
