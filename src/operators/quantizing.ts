import { alike } from './elementwise.ts'
import { type Fact, FLOAT, fact } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { axesFrom } from './places.ts'
import { anySign } from './sign.ts'

const UINT8 = 2

/** The type is that of the zero point, uint8 where there is none. */
const quantize: Infer = (call) => {
  const [input, , zeroPoint] = call.inputs
  const type = call.int('output_dtype') || (call.has(2) ? (zeroPoint?.elementType ?? 0) : UINT8)
  return [input && fact(input.shape, type)]
}

/** The type is that of the scale. */
const dequantize: Infer = ({ inputs: [input, scale] }) => [input && fact(input.shape, scale?.elementType)]

/** Quantized values, their scale and their zero point. */
const dynamically: Infer = ({ inputs: [input] }) => {
  const quantized: Fact | undefined = input && fact(input.shape, UINT8)
  return [quantized, fact([], FLOAT), fact([], UINT8)]
}

/** Rows of operators between numbers and quantized ones. The sign depends on the zero point. */
export const quantizing: readonly Operator[] = [
  {
    name: 'QuantizeLinear',
    infer: quantize,
    cells: 'stay',
    takesLists: true,
    sign: anySign,
  },
  {
    name: 'DequantizeLinear',
    infer: dequantize,
    cells: 'stay',
    takesLists: true,
    sign: anySign,
  },
  {
    name: 'DynamicQuantizeLinear',
    infer: dynamically,
    cells: 'stay',
    takesWhole: (_, rank) => axesFrom(0, rank),
    sign: anySign,
  },
  { name: 'QuantizeBFP', infer: alike, cells: 'stay', sign: anySign },
]
