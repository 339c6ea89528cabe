import type { Call } from './call.ts'
import { type Carried, castValue, dequantizedValue, quantizedValue, rectifiedValue } from './carried.ts'
import type { Dimension } from './fact.ts'
import type { Operator } from './operator.ts'
import { axesOf } from './places.ts'

// What becomes of cells that were added around an input. They are not columns of the rows, so that an application that only runs
// models does not ship them.

/** Cells that were added before and after each axis of a value, as far as they are known. */
export type CellsAround = readonly (readonly [begin: Dimension, end: Dimension])[]

/** Cells around an axis go where the axis goes. */
function permuted(around: CellsAround, call: Call): CellsAround | undefined {
  const order = axesOf(call.ints('perm') ?? around.map((_, axis) => around.length - 1 - axis), around.length)
  return order?.map((axis) => around[axis])
}

function widened(around: CellsAround, call: Call): CellsAround | undefined {
  const given = call.list('axes', 1, undefined)
  const rank = around.length + (given?.length ?? 0)
  const axes = given && axesOf(given, rank)
  const rest = around.values()
  return (
    axes && Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? [0, 0] : (rest.next().value ?? [0, 0])))
  )
}

function narrowed(around: CellsAround, call: Call): CellsAround | undefined {
  const given = call.list('axes', 1, undefined)
  const axes = given && axesOf(given, around.length)
  return axes && around.filter((_, axis) => !axes.includes(axis))
}

const unmoved = (around: CellsAround): CellsAround => around

const passing: Readonly<Record<string, (around: CellsAround, call: Call) => CellsAround | undefined>> = {
  ...{ Identity: unmoved, Dropout: unmoved, Cast: unmoved, CastLike: unmoved },
  ...{ QuantizeLinear: unmoved, DequantizeLinear: unmoved },
  ...{ Transpose: permuted, Squeeze: narrowed, Unsqueeze: widened },
}

const carrying: Readonly<Record<string, (carried: Carried, call: Call) => Carried>> = {
  ...{ Relu: rectifiedValue, Cast: castValue, QuantizeLinear: quantizedValue, DequantizeLinear: dequantizedValue },
}

/**
 * Of an operator that passes every element of its first input on, if perhaps of another type: where cells that were added around
 * that input lie in the output, undefined where that is not known.
 */
export const passesOf = (row: Operator | undefined): (typeof passing)[string] | undefined => row && passing[row.name]

/** What becomes of a value in such cells, where it is not written the same behind the operator. */
export const carriesOf = (row: Operator | undefined): (typeof carrying)[string] | undefined => row && carrying[row.name]
