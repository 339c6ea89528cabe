import type { Call } from './call.ts'
import type { Fact } from './fact.ts'

/** A value on its way from a Pad to the window that reads it. */
export interface Carried {
  /** As it is there; undefined where it is not known. */
  readonly value: number | undefined
  /** It is the zero point of this name, which is not known itself. */
  readonly zeroOf?: string | undefined
  /** Whether it was quantised, or will be, on the way. */
  readonly isQuantised: boolean
}

/** Least and greatest values of integers, by ONNX's number for the type of elements. */
const ranges: Readonly<Record<number, readonly [least: number, greatest: number]>> = {
  2: [0, 255],
  3: [-128, 127],
  4: [0, 65535],
  5: [-32768, 32767],
  6: [-(2 ** 31), 2 ** 31 - 1],
  7: [-(2 ** 63), 2 ** 63],
}

/** The least and the greatest value of a type of integers. */
export const rangeOf = (elementType: number): readonly [least: number, greatest: number] | undefined =>
  ranges[elementType]

/** The least value of a type of elements; of those that are no integers, minus infinity. */
export const leastOf = (elementType = 1): number => ranges[elementType]?.[0] ?? Number.NEGATIVE_INFINITY

/** The zero point of a node, 0 where none is given; undefined where it is not known or there are several. */
export function zeroPointOf(call: Call, index: number): number | undefined {
  return call.has(index) ? single(call.inputs[index]) : 0
}

/** The one number that all elements are; undefined where they are not known or differ. */
export function single(known: Fact | undefined): number | undefined {
  const [first, ...others] = known?.values ?? []
  return typeof first === 'number' && others.every((value) => value === first) ? first : undefined
}

/** What becomes of a value that is cast. */
export function castValue({ value, ...rest }: Carried, call: Call): Carried {
  const isInteger = ranges[call.int('to') ?? 0] !== undefined
  return { ...rest, value: value !== undefined && isInteger ? Math.trunc(value) : value }
}

/** What becomes of a value that is not let below zero. */
export function rectifiedValue({ value, isQuantised }: Carried): Carried {
  return { value: value === undefined ? undefined : Math.max(0, value), isQuantised }
}

/** What becomes of a value that is quantised. */
export function quantizedValue({ value }: Carried, call: Call): Carried {
  const [scale, zero] = [single(call.inputs[1]), zeroPointOf(call, 2)]
  if (value === 0)
    return { value: zero, zeroOf: zero === undefined ? call.node.inputs[2] : undefined, isQuantised: true }
  if (value === undefined || !scale || zero === undefined) return { value: undefined, isQuantised: true }
  const [least, greatest] = ranges[call.inputs[2]?.elementType || 2] ?? ranges[2]
  const level = roundHalfEven(Math.fround(value) / Math.fround(scale)) + zero
  return { value: Math.min(Math.max(level, least), greatest), isQuantised: true }
}

/** What becomes of a quantised value that is read as a number. */
export function dequantizedValue({ value, zeroOf }: Carried, call: Call): Carried {
  const [scale, zero] = [single(call.inputs[1]), zeroPointOf(call, 2)]
  const isZero = zeroOf === undefined ? value !== undefined && value === zero : zeroOf === call.node.inputs[2]
  if (isZero) return { value: 0, isQuantised: true }
  if (value === undefined || scale === undefined || zero === undefined) return { value: undefined, isQuantised: true }
  return { value: (value - zero) * scale, isQuantised: true }
}

/** Half is rounded to the even number. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
