import type { Setting } from '../conventions/setting.ts'
import { type Filling, fillingModes } from '../conventions/step.ts'
import { Call } from '../operators/call.ts'
import { type Carried, leastOf, single, zeroPointOf } from '../operators/carried.ts'
import { fact } from '../operators/fact.ts'
import { operatorOf } from '../operators/index.ts'
import { carriesOf, passesOf } from '../operators/passing.ts'
import { padValue } from '../operators/resizing.ts'
import type { Node } from './model.ts'
import type { Made } from './scope.ts'
import { attributesText } from './sized.ts'
import type { SpatialNode } from './spatial-node.ts'

// What stands in the cells that a Pad adds, as the window reads it.

/** The value of a cell that changes nothing of what a window makes. */
export function neutralOf(call: Call, op: SpatialNode['op']): number | undefined {
  const zeroPoint = operatorOf(call.node)?.window?.zeroPoint
  if (op === 'averagePool') return undefined
  if (call.node.opType === 'MaxPool') return leastOf(call.inputs[0]?.elementType)
  return zeroPoint === undefined ? 0 : zeroPointOf(call, zeroPoint)
}

/** The mode of a Pad, in ONNX's words. */
export function modeOf(call: Call): Filling['mode'] | undefined {
  const word = call.attribute('mode')?.string ?? 'constant'
  return Object.hasOwn(fillingModes, word) ? (word as Filling['mode']) : undefined
}

/** The window that reads what a Pad or a Slice makes. */
export interface Reader {
  readonly call: Call
  /** The nodes between, in their order. */
  readonly through: readonly Made[]
  /** Its own window along each spatial axis. */
  readonly windows: readonly (Setting | undefined)[]
}

/** What stands in the cells of a Pad, as the window reads it behind the nodes between. */
export function filled(call: Call<Node>, reader: Reader | undefined): Filling {
  const mode = modeOf(call) ?? 'constant'
  const given = mode === 'constant' ? padValue(call) : undefined
  const start: Carried = { value: typeof given === 'number' ? given : undefined, isQuantised: false }
  const { value, zeroOf, isQuantised } = (reader?.through ?? []).reduce((one, made) => carry(one, made.call), start)
  const formula = mode === 'constant' && value === undefined ? formulaOf(start, reader) : undefined
  const at = reader && operatorOf(reader.call.node)?.window?.zeroPoint
  if (!reader || at === undefined) {
    return { mode, value, formula, isZeroPoint: isQuantised && value !== undefined ? value === 0 : undefined }
  }
  const zero = zeroPointOf(reader.call, at)
  const isNamed = zeroOf !== undefined && zeroOf === reader.call.node.inputs[at]
  const isZero = value !== undefined && zero !== undefined ? value === zero : undefined
  return { mode, value, formula, isZeroPoint: isNamed || isZero }
}

/** What a node makes of a value in cells that it keeps. */
function carry(carried: Carried, call: Call<Node>): Carried {
  const row = operatorOf(call.node)
  const carries = carriesOf(row)
  if (carries) return carries(carried, call)
  if (passesOf(row) || carried.value === undefined || row?.cells !== 'stay') return carried
  const inputs = call.inputs.map((input, index) =>
    index === 0 ? fact([], input?.elementType, [carried.value]) : input,
  )
  const made = row.infer?.(new Call(call.node, call.opset, inputs, call.attribute))[0]
  return { value: single(made), isQuantised: carried.isQuantised }
}

/** A value that is not known as a text: of what it is made, by which operators. Weights are not part of it. */
function formulaOf({ value }: Carried, reader: Reader | undefined): string | undefined {
  if (value === undefined) return undefined
  const whole = (reader?.through ?? []).reduce(
    (text, { call: { node } }) => `${node.opType}(${text},${attributesText(node)})`,
    `${value}`,
  )
  return whole.includes('...') ? undefined : whole
}
