import { type AttributeOf, type ConstantOf, modelBytes, type NodeOf, numbersFrom } from '../onnx-bytes.ts'

// What a small model of one or some operators is made of.

/** An input: a shape of real numbers, or integers (int64) with their shape. */
export type CaseInput = readonly number[] | { readonly shape: readonly number[]; readonly data: readonly number[] }

export interface OperatorCase {
  readonly opset: number
  readonly nodes: readonly NodeOf[]
  readonly inputs: Readonly<Record<string, CaseInput>>
  readonly constants?: Readonly<Record<string, ConstantOf>>
  readonly outputs?: readonly string[]
  /** ONNX's numbers for types of outputs. */
  readonly types?: Readonly<Record<string, number>>
}

/** Cases by what they show. */
export type NamedCases = readonly (readonly [name: string, made: OperatorCase])[]

export const longs = (...data: number[]): ConstantOf => ({ shape: [data.length], data, type: 7 })
export const floats = (...data: number[]): ConstantOf => ({ shape: [data.length], data })
export const whole = (shape: readonly number[], ...data: number[]): CaseInput => ({ shape, data })
export const real = (value: number): ConstantOf => ({ shape: [], data: [value] })

/** One operator on `x`, with constants `k0`, `k1`, ... behind it; undefined is an input that is left out. */
export function one(
  opset: number,
  opType: string,
  shape: readonly number[],
  constants: readonly (ConstantOf | undefined)[] = [],
  attributes: Readonly<Record<string, AttributeOf>> = {},
  outputs: readonly string[] = ['y'],
): OperatorCase {
  const names = constants.map((constant, index) => (constant ? `k${index}` : ''))
  const all = Object.fromEntries(names.flatMap((name, index) => (constants[index] ? [[name, constants[index]]] : [])))
  return {
    opset,
    nodes: [[opType, ['x', ...names], outputs, attributes]],
    inputs: { x: shape },
    constants: all,
    outputs,
  }
}

/** A shape that no two axes share. */
export const picture = [2, 3, 7, 9]
export const NONE = undefined

export const weights = (shape: readonly number[], seed: number): ConstantOf => {
  return {
    shape,
    data: numbersFrom(
      seed,
      shape.reduce((a, b) => a * b, 1),
    ),
  }
}

export const isWhole = (input: CaseInput): input is Exclude<CaseInput, readonly number[]> => !Array.isArray(input)

/** A case as a model's bytes. */
export function caseBytes({ opset, nodes, inputs, constants, outputs = ['y'], types = {} }: OperatorCase): Uint8Array {
  const all = Object.entries(inputs)
  const shapes = Object.fromEntries(all.map(([name, one]) => [name, isWhole(one) ? one.shape : one]))
  const whole = Object.fromEntries(all.flatMap(([name, one]) => (isWhole(one) ? [[name, 7]] : [])))
  const at = Object.fromEntries(outputs.includes('at') ? [['at', 7]] : [])
  return modelBytes({ inputs: shapes, outputs, nodes, constants, opset, types: { ...whole, ...types, ...at } })
}
