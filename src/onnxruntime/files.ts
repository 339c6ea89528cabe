import { readsPaths, type SourceLike } from '../bytes/source.ts'
import { SamepadError, Verbatim } from '../geometry/error.ts'
import type { ExternalFiles } from '../graph.ts'
import type { RuntimeFile, SessionOptions } from './runtime.ts'

/** A scheme of two letters or more, as `https:`; `C:` is a drive. */
const scheme = /^[a-z][a-z\d+.-]+:/i

/** What onnxruntime takes for a file, as samepad opens it: a text is a path in Node, and is fetched where it is a URL. */
export async function sourceOf(file: RuntimeFile): Promise<SourceLike> {
  if (typeof file !== 'string') return 'byteLength' in file && !ArrayBuffer.isView(file) ? new Uint8Array(file) : file
  if (/^file:/i.test(file)) return { href: file }
  if (readsPaths() && !scheme.test(file)) return file
  const response = await fetch(file)
  if (response.ok) return new Uint8Array(await response.arrayBuffer())
  throw new SamepadError('onnxruntime', `${file} must be there`, new Verbatim(`status ${response.status}`))
}

/** Files of weights as a session's options name them. */
export async function externalFiles({ externalData = [] }: SessionOptions): Promise<ExternalFiles> {
  const files = externalData.map((one) => (typeof one === 'string' ? { path: one, data: one } : one))
  return Object.fromEntries(await Promise.all(files.map(async ({ path, data }) => [path, await sourceOf(data)])))
}
