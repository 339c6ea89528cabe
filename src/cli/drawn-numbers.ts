import type { Model } from '../models.ts'

/** Numbers from -1 to 1 that are the same for a seed on every machine (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1
  }
}

/** ONNX's numbers for types of elements that are no real numbers, and how many numbers from 0 on they have here. */
const whole: Readonly<Record<number, number>> = { 2: 256, 3: 2, 4: 2, 5: 2, 6: 2, 7: 2, 9: 2, 12: 2, 13: 2 }

/**
 * A number for an input, of one from -1 to 1: the same for real numbers, 0 or 1 for truths, 0 to 255 for bytes, and for other integers a
 * place of the tables that they choose rows of, else 0 or 1.
 */
export function numberFor(model: Model, name: string, elementType: number): (drawn: number) => number {
  const most = whole[elementType]
  if (most === undefined) return (drawn) => drawn
  const count = Math.min(...tablesOf(model, name), Number.POSITIVE_INFINITY)
  const numbers = Number.isFinite(count) ? count : most
  return (drawn) => Math.min(Math.floor(((drawn + 1) / 2) * numbers), numbers - 1)
}

/** The sizes of constants along the axes on which an input says places. */
function tablesOf({ graph }: Model, input: string): number[] {
  return graph.nodes.flatMap(({ opType, inputs, attributes }) => {
    const table = graph.initializers.find(({ name }) => name === inputs[0])
    if ((opType !== 'Gather' && opType !== 'GatherElements') || inputs[1] !== input || !table) return []
    const axis = attributes.find(({ name }) => name === 'axis')?.int ?? 0
    const size = table.dims.at(axis)
    return size ? [size] : []
  })
}
