import type { ChainStep, ElementwiseProblem, View } from '../reference/elementwise.ts'
import { type AxisAmounts, joined, listNumbers, namedAxes } from './axes.ts'
import { FLOAT, LANES } from './plan.ts'
import { type StrandAxes, type Strands, strandAxes } from './strands.ts'
import { type Amount, Tables } from './tables.ts'

/**
 * How a tensor lies along the innermost axis: its elements are neighbours, or all are the same one, or they are so many
 * bytes apart as a table says; or they are apart there, and neighbours along the axis around it. Of strands they may lie
 * between each other, or so with others that are left out: spaced.
 */
export type Lie = 'neighbours' | 'same' | 'apart' | 'turned' | 'between' | 'spaced'

/**
 * Chains of functions of every element, over tensors that may be repeated along axes, parts of larger ones, or turned. Sizes,
 * steps and numbers are read from tables, so that one program serves all tensors that lie alike along the innermost axis.
 */
export interface ElementwiseStructure {
  /** Multiply and add in one instruction, which may round once. */
  readonly relaxed: boolean
  /** Of the output and of each input along the innermost axis. */
  readonly lies: readonly Lie[]
  readonly steps: readonly ChainStep[]
  /** Vectors that are written out in a loop over neighbours. */
  readonly unrolled: number
  /** The names of the numbers with which tables begin. */
  readonly numbers: readonly string[]
  /** Of each axis: its size, and bytes from neighbour to neighbour of each tensor. */
  readonly axes: readonly AxisAmounts[]
  /** An axis within the innermost one, if any. */
  readonly strands?: Strands | undefined
  /** Where float32 numbers are that the chain takes. */
  readonly operands: Amount
}

/** The structure of a program, and its tables for certain sizes. */
export interface ElementwisePlan {
  readonly strategy: 'elementwise'
  readonly structure: ElementwiseStructure
  readonly tables: Int32Array
}

/** Beyond these bytes a problem is left to the reference: addresses have 32 bits, and half of them stay positive. */
const LARGEST = 2 ** 31

/** The plan of a chain, or undefined where steps are too long for addresses. */
export function planElementwise(problem: ElementwiseProblem, relaxed: boolean): ElementwisePlan | undefined {
  const joined = withoutSeams(problem)
  const short = strandAxes(joined)
  const { sizes, output, inputs, steps, numbers } = short ? strandsLast(joined, short) : inOrder(joined)
  const views = [output, ...inputs]
  const spans = views.map((view) => view.steps.reduce((sum, step, axis) => sum + Math.abs(step) * sizes[axis], 0))
  if (Math.max(...spans) * FLOAT >= LARGEST) return undefined
  const tables = new Tables()
  const all = namedAxes(
    sizes.map((size, axis) => ({ size, steps: views.map(({ steps }) => steps[axis]) })),
    'axis',
    tables,
  )
  const operands = listNumbers(numbers, tables)
  const [axes, inner] = short ? [all.slice(0, -1), all[all.length - 1]] : [all]
  const strands = short && inner && { count: short.count, steps: inner.steps }
  const whole = views.map(({ steps }) => (short ? lieInStrands(steps, short.count) : lieOf(steps)))
  const isTurned = whole.includes('turned') && !whole.includes('apart') && whole[0] === 'neighbours'
  const lies = whole.map((lie) => (lie === 'turned' && !isTurned ? 'apart' : lie))
  const { names, tables: integers } = tables.finish()
  const structure = { relaxed, lies, steps, unrolled: 4, numbers: names, axes, strands, operands }
  return { strategy: 'elementwise', structure, tables: integers }
}

function lieOf(steps: readonly number[]): Lie {
  const [around, inner] = [steps.at(-2), steps.at(-1)]
  return inner === 1 ? 'neighbours' : inner === 0 ? 'same' : around === 1 ? 'turned' : 'apart'
}

/** How a tensor lies along the axis before the last, within which strands are. */
function lieInStrands(steps: readonly number[], count: number): Lie {
  const along = steps[steps.length - 2]
  return along === 1 ? 'neighbours' : along === 0 ? 'same' : along === count ? 'between' : 'spaced'
}

/** Axes shorter than this are no innermost one where another one is longer. */
const SHORT = 2 * LANES

/** The same problem with its axes in the order in which they are passed through. */
function inOrder(problem: ElementwiseProblem): ElementwiseProblem {
  const { sizes, inputs } = problem
  const axes = [...sizes.keys()]
  const toEnd = (axis: number): void => {
    axes.push(...axes.splice(axes.indexOf(axis), 1))
  }
  const longest = sizes.indexOf(Math.max(...sizes))
  if (sizes[sizes.length - 1] < SHORT && sizes[longest] >= SHORT) toEnd(longest)
  const last = axes[axes.length - 1]
  // An axis along which an input has neighbours that are apart along the last one comes before it, for tiles of both.
  const around = inputs.find(({ steps }) => Math.abs(steps[last]) > 1)?.steps.indexOf(1) ?? -1
  if (around >= 0 && sizes[around] >= LANES && sizes[last] >= LANES) {
    toEnd(around)
    toEnd(last)
  }
  return withAxes(problem, axes)
}

/** The same problem with the axis of strands as the last one, behind that which is passed through with it. */
function strandsLast(problem: ElementwiseProblem, { axis, along }: StrandAxes): ElementwiseProblem {
  const others = [...problem.sizes.keys()].filter((other) => other !== axis && other !== along)
  return withAxes(problem, [...others, along, axis])
}

/** The same problem with its axes in another order. */
function withAxes(problem: ElementwiseProblem, axes: readonly number[]): ElementwiseProblem {
  const moved = <T>(list: readonly T[]): T[] => axes.map((axis) => list[axis])
  const view = ({ offset, steps }: View): View => ({ offset, steps: moved(steps) })
  const { sizes, output, inputs } = problem
  return { ...problem, sizes: moved(sizes), output: view(output), inputs: inputs.map(view) }
}

/** The same problem on as few axes as it can be: those of one element go, neighbours that lie as one axis become one. */
function withoutSeams(problem: ElementwiseProblem): ElementwiseProblem {
  const views = [problem.output, ...problem.inputs]
  const kept = joined(problem.sizes.map((size, axis) => ({ size, steps: views.map(({ steps }) => steps[axis]) })))
  if (kept.length === 0) kept.push({ size: 1, steps: views.map(() => 1) })
  const [output, ...inputs] = views.map(
    ({ offset }, view): View => ({ offset, steps: kept.map(({ steps }) => steps[view]) }),
  )
  return { ...problem, sizes: kept.map(({ size }) => size), output, inputs }
}
