import {
  averagePool,
  conv,
  convTranspose,
  type Geometry,
  type Layer,
  maxPool,
  type Pads,
  prepareAveragePool,
  prepareConv,
  prepareConvTranspose,
  prepareMaxPool,
  type Tensor,
} from '../../src/index.ts'
import { inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { inLayout } from '../../src/tensor/tensor.ts'
import { writtenOf } from '../emit/epilogues.ts'
import { solved } from '../emit/layers.ts'

/** A problem as calls of the public operations, and what the reference makes of it. */
export interface Calls {
  readonly x: Tensor
  readonly expected: Tensor
  once(x: Tensor): Tensor
  prepare(deterministic: boolean): Layer
}

/** Turns a problem into calls, on small integers or on weights that are given. */
export function callsOf(problem: Problem, given?: (length: number) => Float32Array): Calls {
  const { geometry, groups, layout, countIncludePad, inChannels, outChannels } = problem
  const { input, filter: solution, expected } = solved(problem)
  const { weights: integers, bias } = solution
  const weights = given?.(integers.length) ?? integers
  const tensors = {
    x: { data: input, shape: inLayout(inputOf(problem), layout) },
    expected: { data: expected, shape: inLayout(outputOf(problem), layout) },
  }
  const { kernel, ...moves } = optionsOf(geometry)
  const filter = { ...moves, groups, layout, ...writtenOf(problem).options, bias }
  const pool = { ...moves, kernel, layout, ...writtenOf(problem).options, emptyWindow: 'identity' } as const
  const transposed = { ...filter, outputShape: geometry.axes.map((axis) => axis.output) }
  const w = { data: weights, shape: [outChannels, inChannels / groups, ...kernel] }
  const v = { data: weights, shape: [inChannels, outChannels / groups, ...kernel] }
  const average = { ...pool, countIncludePad }
  const calls = {
    conv: {
      once: (x: Tensor) => conv(x, w, filter),
      prepare: (deterministic: boolean) => prepareConv(w, { ...filter, deterministic }),
    },
    convTranspose: {
      once: (x: Tensor) => convTranspose(x, v, transposed),
      prepare: (deterministic: boolean) => prepareConvTranspose(v, { ...transposed, deterministic }),
    },
    maxPool: { once: (x: Tensor) => maxPool(x, pool), prepare: () => prepareMaxPool(pool) },
    averagePool: { once: (x: Tensor) => averagePool(x, average), prepare: () => prepareAveragePool(average) },
  }
  return { ...tensors, ...calls[geometry.op] }
}

function optionsOf({ axes }: Geometry) {
  return {
    kernel: axes.map((axis) => axis.kernel),
    strides: axes.map((axis) => axis.stride),
    dilations: axes.map((axis) => axis.dilation),
    padding: axes.map(({ padBegin, padEnd }): Pads => [padBegin, padEnd]),
  }
}

/** The same values, lying `shift` floats into a larger buffer of NaN. */
export function within({ data, shape }: Tensor, shift: number): Tensor {
  const larger = new Float32Array(data.length + 2 * shift).fill(Number.NaN)
  larger.set(data, shift)
  return { data: larger.subarray(shift, shift + data.length), shape }
}
