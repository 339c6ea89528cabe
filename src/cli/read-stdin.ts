import { constants } from 'node:buffer'
import { SamepadError, Verbatim } from '../geometry.ts'

/**
 * All that is written to standard input, in memory.
 *
 * @throws SamepadError where it cannot be read, or is longer than memory can be in one piece
 */
export async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > constants.MAX_LENGTH)
        throw new SamepadError('samepad', `standard input must have at most ${constants.MAX_LENGTH} bytes`, size)
    }
  } catch (error) {
    if (error instanceof SamepadError) throw error
    throw new SamepadError('samepad', 'standard input must be readable', new Verbatim((error as Error).message))
  }
  return Buffer.concat(chunks)
}
