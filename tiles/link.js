// Before a build: lets the package find samepad, which is the folder above, and takes an older build away. npm would write the
// dependencies that samepad is developed with into the lockfile here, and refuse it when one of them changes.

import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const modules = join(import.meta.dirname, 'node_modules')
mkdirSync(modules, { recursive: true })
if (!existsSync(join(modules, 'samepad'))) {
  rmSync(join(modules, 'samepad'), { force: true })
  symlinkSync(join('..', '..'), join(modules, 'samepad'), 'junction')
}
rmSync(join(import.meta.dirname, 'dist'), { recursive: true, force: true })
