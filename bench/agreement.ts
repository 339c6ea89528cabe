import { conv } from '../dist/reference/conv.js'
import { convTranspose } from '../dist/reference/conv-transpose.js'
import { averagePool, maxPool } from '../dist/reference/pool.js'
import type { Filter } from '../dist/reference/problem.js'
import { checkWeights } from '../dist/run/layers/filter-weights.js'
import { type BenchLayer, product, shapesOf } from './layers.ts'
import type { Task, Values } from './tensors.ts'

/** How far an engine may be off, relative to the largest value: float32 sums in any order, and Winograd's. */
const TOLERANCE = 1e-4

/** The layer by samepad's reference: plain loops, sums in float64, rounded once. */
export function referenceOf({ layer, x, weights }: Task): Values {
  const { geometry, batch, inChannels, outChannels, groups } = layer
  const problem = { geometry, batch, inChannels, outChannels, groups, layout: 'nchw' } as const
  const { y: shape } = shapesOf(layer)
  const data = new Float32Array(product(shape))
  if (geometry.op === 'conv') conv(problem, x.data, filterOf(layer, weights), data)
  else if (geometry.op === 'convTranspose') convTranspose(problem, x.data, filterOf(layer, weights), data)
  else if (geometry.op === 'maxPool') maxPool(problem, x.data, {}, data)
  else averagePool(problem, x.data, {}, data)
  return { data, shape }
}

/** Weights as programs and the reference take them. */
export function filterOf({ geometry: { op }, groups }: BenchLayer, weights: Values): Filter {
  const kind = op === 'convTranspose' ? op : 'conv'
  return { ...checkWeights('bench', kind, weights, { groups }), bias: undefined }
}

/** In what a result differs from the reference, or undefined. */
export function difference(expected: Values, got: Values): string | undefined {
  if (String(got.shape) !== String(expected.shape)) return `shape ${got.shape} instead of ${expected.shape}`
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  let worst = 0
  for (let index = 0; index < got.data.length; index++) {
    const off = Math.abs(got.data[index] - expected.data[index])
    if (!(off <= worst)) worst = off // NaN too
  }
  return worst <= TOLERANCE * largest ? undefined : `values off by ${(worst / largest).toExponential(1)} of the largest`
}
