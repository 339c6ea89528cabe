import type { Activation, EpilogueOptions, ResidualOptions } from '../../src/index.ts'
import type { Epilogue } from '../../src/reference/epilogue.ts'
import { outputOf, type Problem } from '../../src/reference/problem.ts'
import { readEpilogue } from '../../src/run/layers/epilogue.ts'
import fc from '../fast-check.ts'

/** An epilogue as people write it; lists of channels by how many there are. */
export interface WrittenEpilogue {
  readonly activation?: Activation | 'prelu' | undefined
  readonly residual?: ResidualOptions['residual']
  readonly scale?: boolean | undefined
  readonly shift?: boolean | undefined
}

/** What belongs to an epilogue that was read. */
const known = new WeakMap<
  Epilogue,
  { readonly options: EpilogueOptions & ResidualOptions; readonly operands: readonly Float32Array[] }
>()

/** Powers of two with a sign, by which products are exact. */
const powers = (channels: number, first: number): Float32Array =>
  Float32Array.from({ length: channels }, (_, channel) => [1, -2, 0.5, -1, 2, -0.5, 4][(first + channel * 3) % 7])

/** Reads an epilogue for an operation of so many output channels. */
export function epilogueOf({ activation, residual, scale, shift }: WrittenEpilogue, channels: number): Epilogue {
  const options = {
    ...{ residual, activation: activation === 'prelu' ? { prelu: powers(channels, 2) } : activation },
    scale: scale ? powers(channels, 0) : undefined,
    shift: shift ? Float32Array.from({ length: channels }, (_, channel) => ((channel * 5) % 11) - 4) : undefined,
  }
  const { epilogue, operands } = readEpilogue('test', options)
  known.set(epilogue, { options, operands })
  return epilogue
}

/** The options of a problem's epilogue, and its lists. */
export function writtenOf({ epilogue }: Problem): {
  readonly options: EpilogueOptions & ResidualOptions
  readonly operands: readonly Float32Array[]
} {
  return (epilogue && known.get(epilogue)) ?? { options: {}, operands: [] }
}

/** The residual of a problem, small integers too. */
export function residualOf(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => ((index * 7) % 13) - 6)
}

/** The same for a problem. */
export function residualFor(problem: Problem): Float32Array {
  const { batch, channels, spatial } = outputOf(problem)
  return residualOf(spatial.reduce((product, size) => product * size, batch * channels))
}

/** Activations alone, or nothing. */
export const activations: fc.Arbitrary<WrittenEpilogue> = fc.constantFrom(
  {},
  {},
  { activation: 'relu' },
  { activation: 'relu6' },
)

const exactActivations: fc.Arbitrary<WrittenEpilogue['activation']> = fc.constantFrom<WrittenEpilogue['activation']>(
  undefined,
  'relu',
  'relu6',
  'prelu',
  { clip: [-3, 5] },
  { clip: [0, Number.POSITIVE_INFINITY] },
  { clip: [Number.NEGATIVE_INFINITY, -1] },
  { leakyRelu: 0.5 },
)

/** Epilogues that are exact on small integers. */
export const epilogues: fc.Arbitrary<WrittenEpilogue> = fc.record({
  activation: exactActivations,
  residual: fc.constantFrom(undefined, 'add-before', 'add-after', 'multiply-before', 'multiply-after'),
  scale: fc.boolean(),
  shift: fc.boolean(),
})

/** Epilogues that make no difference between numbers larger. */
export const boundedEpilogues: fc.Arbitrary<WrittenEpilogue> = fc.record({
  activation: fc.constantFrom<WrittenEpilogue['activation']>(undefined, 'relu', 'relu6', { clip: [-0.5, 2] }),
  residual: fc.constantFrom(undefined, undefined, 'add-before', 'add-after'),
})

/** Epilogues that are exact on any number: those of averages, whose values are rounded. */
export const powersOfTwo: fc.Arbitrary<WrittenEpilogue> = fc.record({
  activation: exactActivations,
  scale: fc.boolean(),
})
