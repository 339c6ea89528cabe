import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

/** Where the package's public entries lie in the source, so that page and tests need no build of the library. */
export const entries = Object.entries<{ types?: string }>(exports)
  .filter(([, { types }]) => types !== undefined)
  .map(([entry, { types = '' }]) => ({
    find: new RegExp(`^samepad${entry.slice(1)}$`),
    replacement: fileURLToPath(new URL(types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts'), root)),
  }))
