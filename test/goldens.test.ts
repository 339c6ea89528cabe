import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  averagePool,
  conv,
  convGradient,
  convTranspose,
  type Fill,
  maxPool,
  type Padding,
  type PaddingValues,
  type Pads,
  pad,
  padsFrom,
  resolve,
  type Tensor,
} from '../src/index.ts'

const folder = process.env.GOLDENS ?? join(import.meta.dirname, 'goldens')

interface Values {
  readonly shape: number[]
  readonly data: number[]
}

/** One call of a framework, as the README of the folder describes it. */
interface Case {
  readonly op: 'conv' | 'convTranspose' | 'maxPool' | 'averagePool' | 'pad'
  readonly rank: number
  readonly input: Values
  readonly output: Values
  readonly weights: Values
  readonly bias?: Values
  readonly padding?: Padding
  readonly pads?: Pads[]
  readonly paddingMode?: PaddingValues
  readonly kernel: number[]
  readonly strides: number[]
  readonly dilations: number[]
  readonly groups?: number
  readonly outputPadding?: number[]
  readonly ceilMode?: boolean
  readonly countIncludePad?: boolean
  readonly torchPad: number[]
  readonly mode: Fill
  readonly value: number
  readonly outputGradient?: Values
  readonly inputGradient: Values
  readonly weightsGradient: Values
  readonly biasGradient: Values
}

const tensor = ({ shape, data }: Values): Tensor => ({ shape, data: Float32Array.from(data) })

/** The operation that a case names, on its numbers. */
function run(golden: Case): Tensor {
  const { op, strides, dilations, groups, outputPadding, kernel, ceilMode, countIncludePad, paddingMode } = golden
  const input = tensor(golden.input)
  const common = { strides, dilations, padding: golden.padding ?? golden.pads }
  const bias = golden.bias && tensor(golden.bias)
  const pool = { ...common, kernel, ceilMode, emptyWindow: 'identity' } as const
  switch (op) {
    case 'conv':
      return conv(input, tensor(golden.weights), { ...common, groups, bias, paddingMode })
    case 'convTranspose':
      return convTranspose(input, tensor(golden.weights), { ...common, groups, bias, outputPadding })
    case 'maxPool':
      return maxPool(input, pool)
    case 'averagePool':
      return averagePool(input, { ...pool, countIncludePad })
    case 'pad':
      return pad(input, padsFrom('pytorch', golden.torchPad, golden.rank), { mode: golden.mode, value: golden.value })
  }
}

/** Exactly equal, once the expected numbers are rounded to float32 (which leaves integers as they are). */
function same(got: Tensor, expected: Values): boolean {
  const values = Float32Array.from(expected.data)
  return (
    got.shape.join() === expected.shape.join() &&
    got.data.length === values.length &&
    got.data.every((value, index) => value === values[index])
  )
}

/** The cases that fail a check; a case that throws fails too. */
function failures(cases: readonly Case[], check: (golden: Case) => boolean): unknown[] {
  return cases.flatMap((golden): unknown[] => {
    try {
      return check(golden) ? [] : [golden]
    } catch (error) {
      return [{ error: String(error), golden }]
    }
  })
}

const resolvedAsGiven = ({ op, input, weights, kernel, strides, dilations, padding, pads }: Case): boolean => {
  if (op === 'pad') return true
  const window = { input: input.shape.slice(2), kernel: kernel ?? weights.shape.slice(2), strides, dilations }
  const { axes } = resolve({ op, ...window, padding })
  return axes.map(({ padBegin, padEnd }) => [padBegin, padEnd]).join(';') === pads?.join(';')
}

/** The three gradients of a convolution, on the numbers of a case. */
function gradientsOf(golden: Case): ReturnType<typeof convGradient> {
  const { padding, pads, strides, dilations, groups } = golden
  const [input, weights, outputGradient] = [golden.input, golden.weights, golden.outputGradient as Values].map(tensor)
  return convGradient(input, weights, outputGradient, { padding: padding ?? pads, strides, dilations, groups })
}

/** A file of this kind holds whole tensors; the other kind, a list of rows, is read by `conventions.test.ts`. */
const wholeTensors = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, content: JSON.parse(readFileSync(join(folder, name), 'utf8')) }))
  .filter(({ content }) => !Array.isArray(content))

describe.each(wholeTensors)('$name', ({ content }) => {
  const { framework, cases } = content as { framework: string; cases: Case[] }
  const ops = [...new Set(cases.map(({ op }) => op))]

  it.each(ops)(`${framework}: every %s case`, (op) => {
    const ofOp = cases.filter((golden) => golden.op === op)
    expect(failures(ofOp, (golden) => same(run(golden), golden.output))).toEqual([])
  })

  it('resolves every named padding to the pads that the framework was given', () => {
    const named = cases.filter(({ padding, pads }) => padding && pads)
    expect(failures(named, resolvedAsGiven)).toEqual([])
  })

  it('gives the gradients of convolutions with respect to input, weights and bias', () => {
    const withGradients = cases.filter(({ outputGradient }) => outputGradient)
    const areRight = (golden: Case): boolean => {
      const { input, weights, bias } = gradientsOf(golden)
      const { inputGradient, weightsGradient, biasGradient } = golden
      return same(input, inputGradient) && same(weights, weightsGradient) && same(bias, biasGradient)
    }
    expect(failures(withGradients, areRight)).toEqual([])
  })
})

it('finds golden files', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  expect(names.length).toBeGreaterThan(0)
  if (!process.env.GOLDENS) expect(wholeTensors.length).toBeGreaterThan(0) // another folder may hold rows only
})
