import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Task, Values } from '../tensors.ts'

/** A layer made ready in an engine: its weights packed or uploaded, its input in place. */
export interface Prepared {
  /** Computes once; the result is dropped or written where the last one was. */
  readonly run: () => unknown
  /** Computes once and gives the result, channels before the spatial axes. */
  readonly result: () => Promise<Values>
  readonly release: () => unknown
  /** What a reader must know of how it ran. */
  readonly note?: () => string | undefined
}

/** Something that computes layers, on one thread. */
export interface Engine {
  readonly name: string
  /** A column's title, at most eight letters. */
  readonly title: string
  /** samepad itself; another engine on WebAssembly; native code. */
  readonly kind: 'samepad' | 'wasm' | 'native'
  readonly version: string
  /** @throws Error with the engine's own words where it cannot do a layer */
  readonly prepare: (task: Task) => Promise<Prepared>
}

const require = createRequire(join(import.meta.dirname, '..', 'package.json'))

/** A package of bench/, loaded as CommonJS. It has no types here: those of samepad must not need bench/ installed. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export function required(name: string): any {
  return require(name)
}

/** A package of bench/, loaded as a module. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export function imported(name: string): Promise<any> {
  return import(pathToFileURL(require.resolve(name)).href)
}

/** The version of a package of bench/. */
export function versionOf(name: string): string {
  const folders = require.resolve.paths(name) ?? []
  const { version } = require(join(folders[0] ?? dirname(name), name, 'package.json')) as { version: string }
  return version
}
