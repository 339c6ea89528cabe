import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The system's Python: Debian's packages python3-torch and python3-numpy belong to it. */
export const PYTHON = '/usr/bin/python3'

/** Runs a script of this folder: JSON goes in, JSON comes out. */
export function runPython(script: string, input: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(PYTHON, [join(import.meta.dirname, script)], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    // No bytecode is left beside the scripts.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  if (status !== 0) {
    throw new Error(`${PYTHON} ${script} failed; it needs apt-get install python3-torch python3-numpy\n${stderr}`)
  }
  return JSON.parse(stdout)
}
