import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Backend, type Library, openBackend } from './library.ts'

const folder = join(import.meta.dirname, '..', 'node_modules')
const require = createRequire(join(folder, 'of-bench.js'))

/** Opens a backend of the library in Node, where it has one thread. */
export async function openLibrary(backend: Backend): Promise<Library> {
  require('@tensorflow/tfjs-backend-cpu')
  require('@tensorflow/tfjs-backend-wasm').setThreadsCount(1)
  const [tf, converter, layers] = ['core', 'converter', 'layers'].map((name) => require(`@tensorflow/tfjs-${name}`))
  const file = async (path: string) => new Uint8Array(readFileSync(join(folder, path)))
  return openBackend({ tf, converter, layers, file }, backend)
}
