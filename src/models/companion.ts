import { type ByteSource, openSource } from '../bytes/source.ts'
import type { Companion } from './format.ts'

/** Files in the folder of another one. */
export interface Companions {
  readonly open: Companion
  /** Names of those that could not be opened. */
  readonly missing: ReadonlySet<string>
  close(): void
}

/** Opens files in the folder of another one, and closes them together. */
export function companionOf(path: string | undefined): Companions {
  const opened: ByteSource[] = []
  const missing = new Set<string>()
  return {
    missing,
    async open(name) {
      const source = path === undefined ? undefined : besideIt(path, name)
      if (source) opened.push(source)
      else missing.add(name)
      return source
    },
    close() {
      for (const source of opened) source.close()
    },
  }
}

function besideIt(path: string, name: string): ByteSource | undefined {
  // A name in a file may be anything; only a file in the same folder is meant.
  if (name === '' || /[/\\:\0]|^\.\.?$/.test(name)) return undefined
  try {
    return openSource(path.replace(/[^/\\]*$/, name))
  } catch {
    return undefined
  }
}
