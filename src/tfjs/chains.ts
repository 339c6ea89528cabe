import type { FunctionName } from '../functions/rows.ts'
import type { ChainStep, ElementwiseProblem, Operand } from '../reference/elementwise.ts'
import { broadcastSteps } from '../run/between/broadcast.ts'
import { isSameShape } from '../run/memory/result.ts'
import type { KernelAttributes } from './library.ts'
import { partsTask } from './parts.ts'
import type { KernelRow } from './task.ts'

/** A chain of functions, in which tensors are numbered in the order of their names. */
interface ChainOfTensors {
  readonly steps: readonly ChainStep[]
  readonly numbers?: readonly number[]
}

/**
 * What is left to compiled kernels of the library, which are as fast there: functions of tensors that lie alike or are single
 * numbers, or all of them. Measured (bench --tfjs, and kernel by kernel): 0.7 to 1.1 times as fast here.
 */
type Left = 'nothing' | 'alike' | 'everything'

/** The kernel of a chain, through which the first of some tensors is sent; shapes are broadcast. */
function chainRow(
  name: string,
  inputs: readonly string[],
  chainOf: (attrs: KernelAttributes) => ChainOfTensors,
  left: Left = 'nothing',
): KernelRow {
  return {
    name,
    plan(shapes, attrs, { isCompiled }) {
      const given = inputs.flatMap((input) => (shapes[input] ? [shapes[input]] : []))
      const shape = broadcast(given)
      if (!shape || given.length < inputs.length) return undefined
      const task = partsTask(shape, [{ problem: chainProblem(shape, given, chainOf(attrs)), of: inputs }])
      const isLeft = left === 'everything' || (left === 'alike' && given.every((own) => isAlike(own, shape)))
      return { ...task, isSlow: task.isSlow || (isCompiled && isLeft) }
    },
  }
}

/** Whether a tensor has the shape to which it is broadcast, or is a single number. */
function isAlike(own: readonly number[], shape: readonly number[]): boolean {
  return isSameShape(own, shape) || own.every((size) => size === 1)
}

/** The problem of a chain over tensors of such shapes. */
export function chainProblem(
  shape: readonly number[],
  given: readonly (readonly number[])[],
  { steps, numbers = [] }: ChainOfTensors,
): ElementwiseProblem {
  const view = (own: readonly number[]) => ({ offset: 0, steps: broadcastSteps(own, shape) })
  return { sizes: shape, output: view(shape), inputs: given.map(view), steps, numbers: numbers.map(Math.fround) }
}

/** The shape to which shapes are broadcast; undefined where they cannot be. */
export function broadcast(shapes: readonly (readonly number[])[]): number[] | undefined {
  const rank = Math.max(...shapes.map(({ length }) => length))
  const sizes = Array.from({ length: rank }, (_, axis) => {
    const along = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)
    const most = Math.max(...along)
    return along.every((size) => size === 1 || size === most) ? most : undefined
  })
  return sizes.includes(undefined) ? undefined : (sizes as number[])
}

export const step = (name: FunctionName, ...operands: Operand[]): ChainStep => ({ name, operands })

/** A function of two tensors. */
function binary(name: string, left: Left, ...steps: ChainStep[]): KernelRow {
  return chainRow(name, ['a', 'b'], () => ({ steps }), left)
}

/** A function of one tensor. */
function unary(name: string, left: Left, ...steps: ChainStep[]): KernelRow {
  return chainRow(name, ['x'], () => ({ steps }), left)
}

/** A function of one tensor and some attributes. */
function withNumbers(
  name: string,
  left: Left,
  called: FunctionName,
  numbersOf: (attrs: KernelAttributes) => number[],
): KernelRow {
  const chainOf = (attrs: KernelAttributes): ChainOfTensors => {
    const numbers = numbersOf(attrs)
    return { steps: [step(called, ...numbers.map((_, number) => ({ number })))], numbers }
  }
  return chainRow(name, ['x'], chainOf, left)
}

const second = { input: 1 }

const slopes = chainRow('Prelu', ['x', 'alpha'], () => ({ steps: [step('prelu', second)] }))

const prelu: KernelRow = {
  ...slopes,
  plan(shapes, attrs, planning) {
    const task = slopes.plan(shapes, attrs, planning)
    const { x, alpha } = shapes
    if (!task || !x || !alpha || !isSameShape(task.shape, x)) return undefined
    // On WebAssembly the library takes slopes for those of channels, and is as fast then.
    const isOfChannels = alpha.at(-1) === x.at(-1) && alpha.slice(0, -1).every((size) => size === 1)
    return { ...task, isFault: !isOfChannels, isSlow: task.isSlow || planning.isCompiled }
  },
}

/** The sum of any number of tensors of one shape. */
const sum: KernelRow = {
  name: 'AddN',
  plan(shapes, attrs, planning) {
    const names = Object.keys(shapes)
    const steps = names.slice(1).map((_, index) => step('add', { input: index + 1 }))
    return chainRow('AddN', names, () => ({ steps })).plan(shapes, attrs, planning)
  },
}

export const chainRows: readonly KernelRow[] = [
  binary('Add', 'alike', step('add', second)),
  binary('Sub', 'alike', step('subtract', second)),
  binary('Multiply', 'alike', step('multiply', second)),
  binary('RealDiv', 'nothing', step('divide', second)),
  binary('Maximum', 'nothing', step('maximum', second)),
  binary('Minimum', 'nothing', step('minimum', second)),
  binary('SquaredDifference', 'nothing', step('subtract', second), step('square')),
  ...[prelu, sum],
  unary('Relu', 'everything', step('relu')),
  unary('Relu6', 'everything', step('relu6')),
  unary('Sigmoid', 'everything', step('sigmoid')),
  unary('Square', 'everything', step('square')),
  unary('Tanh', 'nothing', step('tanh')),
  unary('Exp', 'nothing', step('exp')),
  unary('Sqrt', 'nothing', step('sqrt')),
  unary('Rsqrt', 'nothing', step('sqrt'), step('reciprocal')),
  withNumbers('Elu', 'everything', 'elu', () => [1]),
  withNumbers('Neg', 'everything', 'multiply', () => [-1]),
  withNumbers('LeakyRelu', 'nothing', 'leakyRelu', ({ alpha }) => [alpha as number]),
  withNumbers('ClipByValue', 'everything', 'clip', ({ clipValueMin, clipValueMax }) => [
    clipValueMin as number,
    clipValueMax as number,
  ]),
]
