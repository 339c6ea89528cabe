// Installs the engines that samepad is timed against, unless the lockfile's are there already.

import { execSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const packages = (path) => {
  try {
    const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8'))
    return Object.entries(packages).flatMap(([name, { version, optional }]) =>
      name && !optional ? [name + version] : [],
    )
  } catch {
    return undefined
  }
}
const installed = new Set(packages('node_modules/.package-lock.json'))

if (!packages('package-lock.json').every((name) => installed.has(name))) {
  console.error('bench: installing the engines to compare with')
  execSync('npm ci', { cwd: import.meta.dirname, stdio: 'inherit' })
}
