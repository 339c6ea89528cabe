import { Verbatim } from '../geometry/error.ts'
import { fileError } from './file-error.ts'
import type { ByteSource } from './source.ts'

/**
 * The bytes of a file without weights, which is read as a whole.
 *
 * @param what what the file holds, `a description`
 * @throws SamepadError where there are more bytes than a network needs
 */
export async function readWhole(source: ByteSource, stage: string, what: string, most: number): Promise<Uint8Array> {
  if (source.size > most) throw fileError(stage, `${what} must have at most ${most} bytes`, source.size)
  return source.read(0, source.size)
}

/** Bytes as a text with a character for each, so that places in it are those of the file. */
export const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

/** What a JSON text says. */
export function parseJson(text: string, stage: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw fileError(stage, `${what} must be JSON`, new Verbatim((error as Error).message))
  }
}
