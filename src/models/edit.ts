import { type ByteSource, openSource, type SourceLike } from '../bytes/source.ts'
import { Verbatim } from '../geometry/error.ts'
import type { Edit, Frame } from '../network/model.ts'
import { complaint } from './onnx/complain.ts'
import { varint } from './onnx/encode.ts'

/** Bytes of the original that are copied at once. */
const CHUNK = 2 ** 20

/**
 * A file with edits, as it is to be written: chunks of at most 1 MiB or an edit's own bytes. The lengths of the
 * messages around an edit follow; every other byte is the original's, in its place.
 *
 * @param source the file that the edits' model was read from, unchanged
 * @param edits in any order; where several put bytes into one message at one place, they come in the order of the list
 * @throws SamepadError when edits overlap or lie outside of their message
 */
export async function* editedChunks(source: SourceLike, edits: readonly Edit[]): AsyncGenerator<Uint8Array> {
  const opened = openSource(source)
  try {
    let at = 0
    for (const { begin, end, bytes } of splicesOf(edits, opened)) {
      yield* copy(opened, at, begin)
      if (bytes.length > 0) yield bytes
      at = end
    }
    yield* copy(opened, at, opened.size)
  } finally {
    if (opened !== source) opened.close()
  }
}

/**
 * A file with edits, in memory; `editedChunks` is for files that are too large for it.
 *
 * @returns as many bytes as the file then has: the very same ones without edits
 */
export async function applyEdits(source: SourceLike, edits: readonly Edit[]): Promise<Uint8Array> {
  const opened = openSource(source)
  try {
    const growth = splicesOf(edits, opened).reduce((sum, edit) => sum + grows(edit), 0)
    const whole = new Uint8Array(opened.size + growth)
    let at = 0
    for await (const chunk of editedChunks(opened, edits)) {
      whole.set(chunk, at)
      at += chunk.length
    }
    return whole
  } finally {
    if (opened !== source) opened.close()
  }
}

async function* copy(source: ByteSource, begin: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = begin; at < end; at += CHUNK) yield await source.read(at, Math.min(at + CHUNK, end))
}

const grows = ({ begin, end, bytes }: Edit): number => bytes.length - (end - begin)

/** The edits and the lengths that follow from them, in the order of the file, checked. */
function splicesOf(edits: readonly Edit[], { size }: ByteSource): Edit[] {
  const splices: Edit[] = [...edits, ...lengthsAround(edits)]
  // Where a message ends, what is put into it comes before what is put behind it.
  splices.sort((a, b) => a.begin - b.begin || a.end - b.end || depthOf(b.within) - depthOf(a.within))
  let at = 0
  for (const { begin, end } of splices) {
    if (begin < at) throw complaint('edits must not overlap', new Verbatim(`${begin} to ${end}`), begin)
    if (end < begin || end > size)
      throw complaint('an edit must lie within the file', new Verbatim(`${begin} to ${end}`))
    at = end
  }
  return splices
}

/** A new length for each message around an edit, from the innermost out: a longer length makes those around it longer. */
function lengthsAround(edits: readonly Edit[]): Edit[] {
  // By place, since edits may come from models that were read from the file one after another.
  const grown = new Map<number, { readonly frame: Frame; growth: number }>()
  const add = (innermost: Frame | undefined, growth: number): void => {
    for (let frame = innermost; frame; frame = frame.parent) {
      const message = grown.get(frame.prefix)
      if (message) message.growth += growth
      else grown.set(frame.prefix, { frame, growth })
    }
  }
  for (const edit of edits) {
    const { begin, end, within } = edit
    if (!within) continue
    if (begin < within.begin || end > within.end) {
      throw complaint('an edit must lie within its message', new Verbatim(`${begin} to ${end}`), within.start)
    }
    add(within, grows(edit))
  }
  const lengths: Edit[] = []
  const innermostFirst = [...grown.values()].sort((a, b) => depthOf(b.frame) - depthOf(a.frame))
  for (const { frame, growth } of innermostFirst) {
    const { prefix: begin, begin: end, parent } = frame
    if (!parent || growth === 0) continue
    const length = { begin, end, bytes: Uint8Array.from(varint(frame.end - frame.begin + growth)) }
    lengths.push(length)
    add(parent, grows(length))
  }
  return lengths
}

function depthOf(frame: Frame | undefined): number {
  let depth = 0
  for (let around = frame?.parent; around; around = around.parent) depth++
  return depth
}
