import { type ByteSource, openSource, type SourceLike } from '../bytes/source.ts'
import type { Companion } from './format.ts'

/** Files in the folder of another one. */
export interface Companions {
  readonly open: Companion
  /** Names of those that could not be opened. */
  readonly missing: ReadonlySet<string>
  close(): void
}

/**
 * Opens files in the folder of another one, each once, and closes them together.
 *
 * @param path of that one; undefined where it is no file
 * @param given files by their names, which are taken before those of the folder; sources of one's own are left open
 */
export function companionOf(path: string | undefined, given: Readonly<Record<string, SourceLike>> = {}): Companions {
  const own = new Map(Object.entries(given).map(([name, file]) => [plainName(name), file]))
  const opened = new Map<string, ByteSource>()
  const missing = new Set<string>()
  return {
    missing,
    async open(name) {
      const plain = plainName(name)
      const file = own.get(plain)
      const source = opened.get(plain) ?? (file === undefined ? besideIt(path, plain) : openSource(file))
      if (!source) missing.add(name)
      else if (source !== file) opened.set(plain, source)
      return source
    },
    close() {
      for (const source of opened.values()) source.close()
    },
  }
}

/** `./weights.bin` is `weights.bin`. */
const plainName = (name: string): string => name.replace(/^(\.\/)+/, '')

function besideIt(path: string | undefined, name: string): ByteSource | undefined {
  // A name in a file may be anything; only a file in the same folder is meant.
  if (path === undefined || name === '' || /[/\\:\0]|^\.\.?$/.test(name)) return undefined
  try {
    return openSource(path.replace(/[^/\\]*$/, name))
  } catch {
    return undefined
  }
}
