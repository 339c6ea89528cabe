import type { ByteSource } from '../../bytes/source.ts'
import type { Span } from '../../network/model.ts'
import { checkDepth, type MessageKind, partsOf } from './schema.ts'
import { LENGTH, type Piece, SMALL, Wire } from './wire.ts'

/** Bytes that are read at once; most messages are much smaller. */
const WINDOW = 65536
/** The most bytes of a tag and an integer or a length. */
const LONGEST_HEAD = 20

/**
 * Reads all of a model but its data: the values of large tensors, and whatever else is long and says nothing of the
 * network. What is in memory already is taken as it is.
 */
export async function skim(source: ByteSource): Promise<Piece[]> {
  if (source.whole) return [{ begin: 0, bytes: source.whole }]
  const pieces: Piece[] = []
  let from = 0
  for (const { begin, end } of await findData(source)) {
    if (begin > from) pieces.push({ begin: from, bytes: await source.read(from, begin) })
    from = end
  }
  if (source.size > from) pieces.push({ begin: from, bytes: await source.read(from, source.size) })
  return pieces
}

/** Where a model's data lies, in the order of the file. */
async function findData(source: ByteSource): Promise<Span[]> {
  const data: Span[] = []
  let wire = new Wire([])
  let loaded = 0
  const load = async (): Promise<void> => {
    const { at } = wire
    loaded = Math.min(at + WINDOW, source.size)
    wire = new Wire([{ begin: at, bytes: await source.read(at, loaded) }])
    wire.at = at
  }
  const pass = async (kind: MessageKind, end: number, depth: number): Promise<void> => {
    checkDepth(depth, wire.at)
    while (wire.at < end) {
      if (wire.at + LONGEST_HEAD > loaded && loaded < source.size) await load()
      wire.next(end)
      const { begin, end: after } = wire
      if (wire.type !== LENGTH || after - begin <= SMALL) continue
      const part = partsOf[kind][wire.number]
      if (part) {
        wire.at = begin
        await pass(part, after, depth + 1)
      } else data.push({ begin, end: after })
      wire.at = after
    }
  }
  await pass('model', source.size, 0)
  return data
}
