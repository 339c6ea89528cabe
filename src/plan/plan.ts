import type { Steps } from '../reference/loops.ts'
import type { Activation } from '../reference/problem.ts'

/** Floats of a vector, and the bytes of a float and of a vector. */
export const LANES = 4
export const FLOAT = 4
export const VECTOR = LANES * FLOAT

/**
 * The pieces of memory that a program works on, in the order of its parameters: `run(input, output, weights, bias,
 * tables, scratch)` takes the address of each. They may lie anywhere, in any order, at any multiple of 4 bytes (scratch,
 * weights, bias and tables at multiples of 16); a program reads and writes nothing outside of them.
 */
export const regions = ['input', 'output', 'weights', 'bias', 'tables', 'scratch'] as const

/**
 * So many instructions on vectors may be written out in a program, about 140 kB of code: more outgrows the instruction
 * cache by far and takes long to compile.
 */
export const MOST_WRITTEN_OUT = 10_000

/** The name of a piece of memory. */
export type Region = (typeof regions)[number]

/**
 * What a program does, in which order, as plain data: equal plans are equal programs. Each strategy has its own kind,
 * which extends this one.
 */
export interface Plan {
  readonly strategy: string
  /** Multiply and add in one instruction, which may round once; otherwise every machine gives the same bits. */
  readonly relaxed: boolean
  readonly activation: Activation | undefined
  /** Bytes of each piece of memory; 0 where a program needs none. */
  readonly bytes: Readonly<Record<Region, number>>
  /** 32-bit integers that the program reads from `tables`. */
  readonly tables: readonly number[]
}

/** Weights and bias in the order in which a program reads them; as long as the plan's bytes say. */
export interface PackedFilter {
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/** Bytes between neighbours along each dimension. */
export type ByteSteps = Steps

/** Elements as bytes. */
export function inBytes({ batch, channel, axes }: Steps): ByteSteps {
  const [depth, height, width] = axes.map((step) => step * FLOAT)
  return { batch: batch * FLOAT, channel: channel * FLOAT, axes: [depth, height, width] }
}
