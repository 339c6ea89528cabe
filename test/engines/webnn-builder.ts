import { expect } from 'vitest'
import { sizeOf, transpose } from '../run/tensors.ts'

/** What WebNN calls an operand; here it already has its values. */
export interface Operand {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

interface WindowOptions {
  readonly padding?: readonly number[]
  readonly strides?: readonly number[]
  readonly dilations?: readonly number[]
}

interface PoolOptions extends WindowOptions {
  readonly windowDimensions: readonly number[]
}

interface ConvOptions extends WindowOptions {
  readonly groups?: number
  readonly bias?: Operand
}

interface ConvTransposeOptions extends ConvOptions {
  readonly outputPadding?: readonly number[]
}

const windowNames = ['padding', 'strides', 'dilations']

/** A tensor of a shape, each element from its indices. */
function filled(shape: readonly number[], at: (indices: readonly number[]) => number): Operand {
  const indices = shape.map(() => 0)
  const data = Float32Array.from({ length: sizeOf(shape) }, () => {
    const value = at(indices)
    for (let dimension = shape.length - 1; dimension >= 0 && ++indices[dimension] === shape[dimension]; dimension--) {
      indices[dimension] = 0
    }
    return value
  })
  return { shape, data }
}

/** An element, or undefined outside. */
function element({ shape, data }: Operand, indices: readonly number[]): number | undefined {
  let offset = 0
  for (const [dimension, index] of indices.entries()) {
    if (index < 0 || index >= shape[dimension]) return undefined
    offset = offset * shape[dimension] + index
  }
  return data[offset]
}

function unsigned(values: readonly number[], length: number, least = 0): readonly number[] {
  expect(values).toHaveLength(length)
  expect(values.every((value) => Number.isInteger(value) && value >= least)).toBe(true)
  return values
}

/** Checks the options that windows have, and gives them per axis. */
function windowsOf(options: object, names: readonly string[], { padding, strides, dilations }: WindowOptions) {
  expect([...windowNames, ...names]).toEqual(expect.arrayContaining(Object.keys(options)))
  const [top, bottom, left, right] = unsigned(padding ?? [0, 0, 0, 0], 4)
  return {
    pads: [
      [top, bottom],
      [left, right],
    ],
    strides: unsigned(strides ?? [1, 1], 2, 1),
    dilations: unsigned(dilations ?? [1, 1], 2, 1),
  }
}

type Windows = ReturnType<typeof windowsOf>

const outputSizes = ({ shape }: Operand, kernel: readonly number[], { pads, strides, dilations }: Windows): number[] =>
  [0, 1].map((axis) => {
    const room = shape[axis + 2] + pads[axis][0] + pads[axis][1] - (dilations[axis] * (kernel[axis] - 1) + 1)
    expect(room).toBeGreaterThanOrEqual(0)
    return Math.floor(room / strides[axis]) + 1
  })

/** A pooling over the real cells of each window. */
function pool(input: Operand, options: PoolOptions, reduce: (values: readonly number[]) => number): Operand {
  expect(input.shape).toHaveLength(4)
  const kernel = unsigned(options.windowDimensions, 2, 1)
  const windows = windowsOf(options, ['windowDimensions'], options)
  const { pads, strides, dilations } = windows
  return filled([input.shape[0], input.shape[1], ...outputSizes(input, kernel, windows)], ([n, c, oh, ow]) => {
    const values: number[] = []
    for (let kh = 0; kh < kernel[0]; kh++) {
      for (let kw = 0; kw < kernel[1]; kw++) {
        const h = oh * strides[0] - pads[0][0] + kh * dilations[0]
        const w = ow * strides[1] - pads[1][0] + kw * dilations[1]
        const value = element(input, [n, c, h, w])
        if (value !== undefined) values.push(value)
      }
    }
    return reduce(values)
  })
}

/**
 * An `MLGraphBuilder` that computes at once: a second reading of the W3C specification, with the limits that it sets,
 * since no engine of WebNN can be installed here. Written from the specification and webnn-baseline, not from samepad.
 */
export const builder = {
  constant: ({ dataType, shape }: { dataType: string; shape: readonly number[] }, data: Float32Array): Operand => {
    expect([dataType, data.length]).toEqual(['float32', sizeOf(shape)])
    return { shape, data }
  },
  reshape: ({ data }: Operand, shape: readonly number[]): Operand => {
    expect(sizeOf(shape)).toBe(data.length)
    return { shape, data }
  },
  transpose: (input: Operand, { permutation }: { permutation: readonly number[] }): Operand =>
    transpose(input, permutation) as Operand,
  pad: (input: Operand, begins: readonly number[], ends: readonly number[]): Operand => {
    unsigned(begins, input.shape.length)
    unsigned(ends, input.shape.length)
    const shape = input.shape.map((size, dimension) => begins[dimension] + size + ends[dimension])
    return filled(
      shape,
      (indices) =>
        element(
          input,
          indices.map((index, dimension) => index - begins[dimension]),
        ) ?? 0,
    )
  },
  div: (a: Operand, b: Operand): Operand => {
    expect(a.shape.every((size, dimension) => b.shape[dimension] === size || b.shape[dimension] === 1)).toBe(true)
    const broadcast = (indices: readonly number[]): number[] =>
      indices.map((index, dimension) => (b.shape[dimension] === 1 ? 0 : index))
    return filled(a.shape, (indices) => element(a, indices)! / element(b, broadcast(indices))!)
  },
  maxPool2d: (input: Operand, options: PoolOptions): Operand => pool(input, options, (values) => Math.max(...values)),
  averagePool2d: (input: Operand, options: PoolOptions): Operand =>
    pool(input, options, (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  conv2d: (input: Operand, filter: Operand, options: ConvOptions = {}): Operand => {
    expect([input.shape.length, filter.shape.length]).toEqual([4, 4])
    const [outChannels, inGroup, ...kernel] = filter.shape
    const { groups = 1, bias } = options
    expect([inGroup * groups, outChannels % groups]).toEqual([input.shape[1], 0])
    const windows = windowsOf(options, ['groups', 'bias'], options)
    const { pads, strides, dilations } = windows
    return filled([input.shape[0], outChannels, ...outputSizes(input, kernel, windows)], ([n, o, oh, ow]) => {
      let sum = bias?.data[o] ?? 0
      const first = Math.floor(o / (outChannels / groups)) * inGroup
      for (let c = 0; c < inGroup; c++) {
        for (let kh = 0; kh < kernel[0]; kh++) {
          for (let kw = 0; kw < kernel[1]; kw++) {
            const h = oh * strides[0] - pads[0][0] + kh * dilations[0]
            const w = ow * strides[1] - pads[1][0] + kw * dilations[1]
            sum += (element(input, [n, first + c, h, w]) ?? 0) * element(filter, [o, c, kh, kw])!
          }
        }
      }
      return sum
    })
  },
  convTranspose2d: (input: Operand, filter: Operand, options: ConvTransposeOptions = {}): Operand => {
    expect([input.shape.length, filter.shape.length]).toEqual([4, 4])
    const [inChannels, outGroup, ...kernel] = filter.shape
    const { groups = 1, bias, outputPadding = [0, 0] } = options
    expect([inChannels, inChannels % groups]).toEqual([input.shape[1], 0])
    const { pads, strides, dilations } = windowsOf(options, ['groups', 'bias', 'outputPadding'], options)
    expect(unsigned(outputPadding, 2).every((cells, axis) => cells < strides[axis])).toBe(true)
    const sizes = [0, 1].map((axis) => {
      const full = (input.shape[axis + 2] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1
      return full - pads[axis][0] - pads[axis][1] + outputPadding[axis]
    })
    // Where an output cell came from: the samples that reach it by a tap.
    const inGroup = inChannels / groups
    return filled([input.shape[0], outGroup * groups, ...sizes], ([n, o, oh, ow]) => {
      let sum = bias?.data[o] ?? 0
      const first = Math.floor(o / outGroup) * inGroup
      for (let c = 0; c < inGroup; c++) {
        for (let kh = 0; kh < kernel[0]; kh++) {
          for (let kw = 0; kw < kernel[1]; kw++) {
            const h = (oh + pads[0][0] - kh * dilations[0]) / strides[0]
            const w = (ow + pads[1][0] - kw * dilations[1]) / strides[1]
            if (!Number.isInteger(h) || !Number.isInteger(w)) continue
            const sample = element(input, [n, first + c, h, w]) ?? 0
            sum += sample * element(filter, [first + c, o % outGroup, kh, kw])!
          }
        }
      }
      return sum
    })
  },
}
