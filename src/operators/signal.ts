import type { Call } from './call.ts'
import { type Dimension, FLOAT, fact, type Shape } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { axisOf } from './places.ts'
import { anySign, nonNegative } from './sign.ts'

// Operators on sounds: spectra, and the windows that frames are weighed by.

/** An input of one number, as far as it is known. */
const numberAt = ({ inputs }: Call, index: number): Dimension => inputs[index]?.values?.[0]

/** How many frequencies of a real signal differ. */
const half = (length: Dimension): Dimension => (typeof length === 'number' ? Math.floor(length / 2) + 1 : undefined)

/** The last axis is real and imaginary part. One-sided, a spectrum has half of the frequencies; its inverse is real. */
const dft: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const given = call.int('axis') ?? (call.has(2) ? numberAt(call, 2) : call.opset < 20 ? 1 : -2)
  const axis = typeof given === 'number' ? axisOf(given, shape.length) : undefined
  if (axis === undefined)
    return [
      fact(
        shape.map(() => undefined),
        input.elementType,
      ),
    ]
  const [isOneSided, isInverse] = [call.int('onesided') === 1, call.int('inverse') === 1]
  const own = shape[axis]
  const full = isOneSided && isInverse ? (typeof own === 'number' ? 2 * (own - 1) : undefined) : own
  const length = call.has(1) ? numberAt(call, 1) : full
  const output: Dimension[] = [...shape.slice(0, -1), isOneSided && isInverse ? 1 : 2]
  output[axis] = isOneSided && !isInverse ? half(length) : length
  return [fact(output, input.elementType)]
}

/** [batch, frames, frequencies, 2]. */
const stft: Infer = (call) => {
  const [signal, , window] = call.inputs
  const [batch, samples] = signal?.shape ?? []
  const step = numberAt(call, 1)
  const length = call.has(3) ? numberAt(call, 3) : window?.shape?.[0]
  const isKnown = typeof samples === 'number' && typeof step === 'number' && step > 0 && typeof length === 'number'
  const frames = isKnown ? Math.floor((samples - length) / step) + 1 : undefined
  return [fact([batch, frames, call.int('onesided') === 0 ? length : half(length), 2], signal?.elementType)]
}

/** As many numbers as the input says. */
const window: Infer = (call) => [fact([numberAt(call, 0)], call.int('output_datatype') ?? FLOAT)]

/** [frequencies of a spectrum, mel bins]. */
const melWeights: Infer = (call) => {
  const shape: Shape = [half(numberAt(call, 1)), numberAt(call, 0)]
  return [fact(shape, call.int('output_datatype') ?? FLOAT)]
}

/** Rows of operators on sounds. */
export const signal: readonly Operator[] = [
  { name: 'DFT', infer: dft, cells: 'mix', sign: anySign },
  { name: 'STFT', infer: stft, cells: 'mix', sign: anySign },
  { name: 'HannWindow', infer: window, cells: 'none', sign: anySign },
  { name: 'HammingWindow', infer: window, cells: 'none', sign: anySign },
  // Rounding leaves its ends a little below zero.
  { name: 'BlackmanWindow', infer: window, cells: 'none', sign: anySign },
  { name: 'MelWeightMatrix', infer: melWeights, cells: 'none', sign: nonNegative },
]
