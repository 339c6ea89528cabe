import type { Table } from '../../bytes/flatbuffer.ts'
import type { Span } from '../../network/model.ts'
import type { PadPlace } from './respell.ts'
import { elementTypes, subgraphSlots, tensorSlots } from './schema.ts'

/** A PAD operator: its table, and the numbers of its tensors. */
export interface PadOperator {
  readonly at: number
  readonly amounts: number
  readonly output: number
}

const shapeSlots = [tensorSlots.shape, tensorSlots.signature]

/**
 * Where the amounts of PAD operators lie. Converters put equal constants into one buffer, and a buffer that others read
 * too cannot be changed for one of them.
 *
 * @param uses tensors that the operators of the first graph read, one entry for each time
 * @param dataOf where the bytes of a buffer lie
 */
export function padPlaces(
  operators: readonly PadOperator[],
  graphs: readonly Table[],
  uses: readonly number[],
  dataOf: (buffer: number) => Span | undefined,
): Map<number, PadPlace> {
  const places = new Map<number, PadPlace>()
  if (operators.length === 0) return places
  const [tensors, ...others] = graphs.map((graph) => [...graph.tables(subgraphSlots.tensors)])
  const all = [...tensors, ...others.flat()]
  const buffers = counted(all.map((tensor) => tensor.int32(tensorSlots.buffer)))
  const vectors = counted(all.flatMap((tensor) => shapeSlots.flatMap((slot) => tensor.vector(slot, 4)?.begin ?? [])))
  const readers = counted(uses)
  for (const { at, amounts, output } of operators) {
    const [tensor, made] = [tensors[amounts], tensors[output]]
    if (!tensor || !made) continue
    const buffer = tensor.int32(tensorSlots.buffer)
    const data = dataOf(buffer)
    const width = elementTypes[tensor.int8(tensorSlots.type)]?.bytes
    if (!data || !width) continue
    const shapes = shapeSlots.flatMap((slot) => {
      const place = made.vector(slot, 4)
      return place && place.length > 0 ? [{ place, sizes: made.int32s(slot) }] : []
    })
    const isShared =
      buffers.get(buffer) !== 1 ||
      readers.get(amounts) !== 1 ||
      shapes.some(({ place }) => vectors.get(place.begin) !== 1)
    places.set(at, { amounts: data, width, shapes, isShared })
  }
  return places
}

function counted(numbers: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return counts
}
