import { numberOf } from '../functions/float32.ts'
import type { FunctionRow } from '../functions/row.ts'

/**
 * What a function of an epilogue takes beside the value: a float32 number, by its bits, since JSON, by which plans are told
 * apart, has no infinities and one zero; the number of the output's channel in one of the filter's `operands`; or the
 * residual's element at the output's place.
 */
export type EpilogueOperand<Bits = number> =
  | { readonly bits: Bits }
  | { readonly channels: number }
  | { readonly residual: true }

/** One function of an epilogue. */
export interface EpilogueStep<Bits = number> {
  readonly row: FunctionRow
  readonly operands: readonly EpilogueOperand<Bits>[]
}

/** What every output passes through before it is stored, in order. */
export type Epilogue<Bits = number> = readonly EpilogueStep<Bits>[]

const ids = new WeakMap<FunctionRow, number>()
let lastId = 0

/** Numbers that tell its functions from all others, also from those of the same names, which are all that JSON has of them. */
export function functionIds(epilogue: Epilogue<unknown> = []): number[] {
  return epilogue.map(({ row }) => {
    const id = ids.get(row) ?? ++lastId
    ids.set(row, id)
    return id
  })
}

/** Whether an epilogue reads a residual. */
export function readsResidual(epilogue: Epilogue<unknown>): boolean {
  return epilogue.some(({ operands }) => operands.some((operand) => 'residual' in operand))
}

/** How many numbers of its own an epilogue takes for each channel. */
export function channelLists(epilogue: Epilogue<unknown>): number {
  const lists = epilogue.flatMap(({ operands }) =>
    operands.map((operand) => ('channels' in operand ? operand.channels + 1 : 0)),
  )
  return Math.max(0, ...lists)
}

/**
 * What an epilogue makes of a sum, by its definition, in float64: takes the sum, its output channel, and where the
 * output is.
 *
 * @param lists the filter's operands
 */
export function finishing(
  epilogue: Epilogue = [],
  lists: readonly Float32Array[] = [],
  residual: Float32Array | undefined,
): (sum: number, channel: number, at: number) => number {
  const steps = epilogue.map(({ row: { reference }, operands }) => {
    const reads = operands.map((operand): ((channel: number, at: number) => number) => {
      if ('residual' in operand) return (_, at) => (residual as Float32Array)[at]
      if ('channels' in operand) return (channel) => lists[operand.channels][channel]
      const number = numberOf(operand.bits)
      return () => number
    })
    return (value: number, channel: number, at: number) => reference(value, ...reads.map((read) => read(channel, at)))
  })
  if (steps.length === 0) return (sum) => sum
  return (sum, channel, at) => steps.reduce((value, step) => step(value, channel, at), sum)
}
