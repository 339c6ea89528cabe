import { type ByteSource, openSource } from '../bytes/source.ts'
import type { Companion } from './format.ts'

/** Opens files in the folder of another one, and closes them together. */
export function companionOf(path: string | undefined): { readonly open: Companion; close(): void } {
  const opened: ByteSource[] = []
  return {
    async open(name) {
      // A name in a file may be anything; only a file in the same folder is meant.
      if (path === undefined || name === '' || /[/\\:\0]|^\.\.?$/.test(name)) return undefined
      try {
        const source = openSource(path.replace(/[^/\\]*$/, name))
        opened.push(source)
        return source
      } catch {
        return undefined
      }
    },
    close() {
      for (const source of opened) source.close()
    },
  }
}
