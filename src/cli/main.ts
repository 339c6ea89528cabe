#!/usr/bin/env node
import { messageOf } from './model-files.ts'
import { readStdin } from './read-stdin.ts'
import { run } from './run.ts'
import { visible } from './style.ts'

/** Whatever goes wrong ends in a line, never in a trace of the stack. */
function fail(error: unknown): never {
  process.stderr.write(`${visible(messageOf(error), false)}\n`)
  process.exit(2)
}

process.on('uncaughtException', fail)

// A reader that has seen enough, such as `head`, closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`samepad: the answer must find room where it is written, got ${error.message}\n`)
  process.exit(2)
})
// Where stderr is closed there is nowhere left to report to.
process.stderr.on('error', () => process.exit(2))

process.exitCode = await run(process.argv.slice(2), {
  stdin: readStdin,
  stdout: { write: (text) => new Promise<void>((resolve) => process.stdout.write(text, () => resolve())) },
  stderr: process.stderr,
  isTTY: Boolean(process.stdout.isTTY),
  showsProgress: Boolean(process.stderr.isTTY),
  cwd: process.cwd(),
  env: process.env,
}).catch(fail)
