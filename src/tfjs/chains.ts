import type { FunctionName } from '../functions/rows.ts'
import type { ChainStep, ElementwiseProblem, Operand } from '../reference/elementwise.ts'
import { broadcastSteps } from '../run/broadcast.ts'
import { isSameShape } from '../run/result.ts'
import type { KernelAttributes } from './library.ts'
import { partsTask } from './parts.ts'
import type { KernelRow, KernelShapes } from './task.ts'

/** A chain of functions, in which tensors are numbered in the order of their names. */
interface ChainOfTensors {
  readonly steps: readonly ChainStep[]
  readonly numbers?: readonly number[]
}

/** The kernel of a chain, through which the first of some tensors is sent; shapes are broadcast. */
function chainRow(
  name: string,
  inputs: readonly string[],
  chainOf: (attrs: KernelAttributes) => ChainOfTensors,
): KernelRow {
  return {
    name,
    plan(shapes, attrs) {
      const given = inputs.flatMap((input) => (shapes[input] ? [shapes[input]] : []))
      const shape = broadcast(given)
      if (!shape || given.length < inputs.length) return undefined
      return partsTask(shape, [{ problem: chainProblem(shape, given, chainOf(attrs)), of: inputs }])
    },
  }
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
function binary(name: string, ...steps: ChainStep[]): KernelRow {
  return chainRow(name, ['a', 'b'], () => ({ steps }))
}

/** A function of one tensor. */
function unary(name: string, ...steps: ChainStep[]): KernelRow {
  return chainRow(name, ['x'], () => ({ steps }))
}

/** A function of one tensor and some attributes. */
function withNumbers(name: string, called: FunctionName, numbersOf: (attrs: KernelAttributes) => number[]): KernelRow {
  return chainRow(name, ['x'], (attrs) => {
    const numbers = numbersOf(attrs)
    return { steps: [step(called, ...numbers.map((_, number) => ({ number })))], numbers }
  })
}

const second = { input: 1 }

const slopes = chainRow('Prelu', ['x', 'alpha'], () => ({ steps: [step('prelu', second)] }))

const prelu: KernelRow = {
  ...slopes,
  plan(shapes, attrs, planning) {
    const task = slopes.plan(shapes, attrs, planning)
    const { x, alpha } = shapes
    if (!task || !x || !alpha || !isSameShape(task.shape, x)) return undefined
    // On WebAssembly the library takes slopes for those of channels.
    const isOfChannels = alpha.at(-1) === x.at(-1) && alpha.slice(0, -1).every((size) => size === 1)
    return { ...task, isFault: !isOfChannels }
  },
}

/** The sum of any number of tensors of one shape. */
const sum: KernelRow = {
  name: 'AddN',
  plan(shapes: KernelShapes) {
    const names = Object.keys(shapes)
    const steps = names.slice(1).map((_, index) => step('add', { input: index + 1 }))
    return chainRow('AddN', names, () => ({ steps })).plan(shapes, {}, { deterministic: false, threads: 1 })
  },
}

export const chainRows: readonly KernelRow[] = [
  binary('Add', step('add', second)),
  binary('Sub', step('subtract', second)),
  binary('Multiply', step('multiply', second)),
  binary('RealDiv', step('divide', second)),
  binary('Maximum', step('maximum', second)),
  binary('Minimum', step('minimum', second)),
  binary('SquaredDifference', step('subtract', second), step('square')),
  prelu,
  unary('Relu', step('relu')),
  unary('Relu6', step('relu6')),
  unary('Sigmoid', step('sigmoid')),
  unary('Tanh', step('tanh')),
  unary('Exp', step('exp')),
  unary('Sqrt', step('sqrt')),
  unary('Rsqrt', step('sqrt'), step('reciprocal')),
  unary('Square', step('square')),
  withNumbers('Elu', 'elu', () => [1]),
  withNumbers('Neg', 'multiply', () => [-1]),
  withNumbers('LeakyRelu', 'leakyRelu', ({ alpha }) => [alpha as number]),
  withNumbers('ClipByValue', 'clip', ({ clipValueMin, clipValueMax }) => [
    clipValueMin as number,
    clipValueMax as number,
  ]),
  sum,
]
