#!/usr/bin/env node
import { run } from './run.ts'

// A reader that has seen enough, such as `head`, closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`samepad: the answer must find room where it is written, got ${error.message}\n`)
  process.exit(2)
})

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: Boolean(process.stdout.isTTY),
  showsProgress: Boolean(process.stderr.isTTY),
  cwd: process.cwd(),
  env: process.env,
})
