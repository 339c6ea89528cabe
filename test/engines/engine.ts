import { createRequire } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const require = createRequire(join(root, 'bench', 'package.json'))

/**
 * A package of bench/, loaded. It has no types here: `npx tsc` must pass without bench/ being installed.
 *
 * @throws Error that says what to do when it is not there
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export function engine(name: string): any {
  try {
    return require(name)
  } catch (error) {
    throw new Error(`${name} could not be loaded; npm ci --prefix bench installs it`, { cause: error })
  }
}
