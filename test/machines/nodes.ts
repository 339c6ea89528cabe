import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Runs the tests of programs under every version of Node in package.json beside this file: `npm run test:nodes`.

const root = join(import.meta.dirname, '../..')
const vitest = join(root, 'node_modules/vitest/vitest.mjs')

if (`${process.platform}-${process.arch}` !== 'linux-x64') {
  console.error(
    `test:nodes: the versions of Node come as programs for linux-x64, and this is ${process.platform}-${process.arch}. ` +
      'Run `npx vitest run --config vitest.nodes.config.ts` under each version that you have.',
  )
  process.exit(1)
}

const run = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0

/** Whether all tests passed under a version, and its report, which that version names, is there to be counted. */
function passes(name: string): boolean {
  const report = join(root, `build/${name}-results.json`)
  rmSync(report, { force: true }) // an older run's is no result of this one
  const node = join(import.meta.dirname, `node_modules/${name}/bin/node`)
  const passed = run(node, vitest, 'run', '--config', 'vitest.nodes.config.ts')
  if (existsSync(report)) return passed
  console.error(`test:nodes: ${name} must write build/${name}-results.json, got none`)
  return false
}

const installed = run('npm', 'ci', '--prefix', import.meta.dirname)
const failing = ['node22', 'node24', 'node26'].filter((name) => !installed || !passes(name))
for (const name of failing) console.error(`test:nodes: failed on ${name}`)
process.exitCode = failing.length > 0 ? 1 : 0
