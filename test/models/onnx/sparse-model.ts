import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { integerField, textField, varint } from '../../../src/models/onnx/encode.ts'
import { model, node } from './make-model.ts'

/**
 * Writes a chain of convolutions with weights of so many channels, as a file with holes in the place of the weights.
 *
 * @param padded how its layers are padded; the input has 2^40 rows of 64 cells
 */
export function writeSparseModel(
  path: string,
  layers: number,
  channels: number,
  padded: { readonly pads: readonly number[] } | { readonly auto_pad: string } = { pads: [0, 0, 1, 1] },
): void {
  const weights = channels * channels * 9 * 4
  const nodes = Array.from({ length: layers }, (_, layer) =>
    node('Conv', `v${layer} w${layer}`, `v${layer + 1}`, { ...padded, strides: [2, 1] }),
  )
  const rest = model({ nodes, inputs: { v0: [1, channels, 2 ** 40, 64] }, outputs: {} })
  // A graph may come in pieces for a reader that merges them; this one wants one, so the weights come before its nodes.
  const heads = nodes.map((_, layer) => {
    const dims = [channels, channels, 3, 3].map((size) => integerField(1, size))
    const content = Buffer.concat([...dims, integerField(2, 1), textField(8, `w${layer}`)])
    const data = Uint8Array.from([(9 << 3) | 2, ...varint(weights)])
    const length = content.length + data.length + weights
    return Buffer.concat([Uint8Array.from([(5 << 3) | 2, ...varint(length)]), content, data])
  })
  const { begin, end, tag } = graphIn(rest)
  const size = heads.reduce((sum, head) => sum + head.length + weights, end - begin)
  const file = openSync(path, 'w')
  let at = 0
  const put = (bytes: Uint8Array): void => {
    at += writeSync(file, bytes, 0, bytes.length, at)
  }
  put(rest.subarray(0, tag))
  put(Uint8Array.from([(7 << 3) | 2, ...varint(size)]))
  for (const head of heads) {
    put(head)
    at += weights
  }
  put(rest.subarray(begin, end))
  put(rest.subarray(end))
  ftruncateSync(file, at)
  closeSync(file)
}

/** Where the graph lies in a small model: its tag, and its content. */
function graphIn(bytes: Uint8Array): { tag: number; begin: number; end: number } {
  for (let at = 0; at < bytes.length; ) {
    const tag = at
    const isGraph = bytes[at++] === ((7 << 3) | 2)
    let [length, shift] = [0, 0]
    for (; bytes[at] >= 0x80; at++, shift += 7) length += (bytes[at] & 0x7f) * 2 ** shift
    length += bytes[at++] * 2 ** shift
    if (isGraph) return { tag, begin: at, end: at + length }
    if ((bytes[tag] & 7) === 2) at += length
  }
  throw new Error('the model has no graph')
}
