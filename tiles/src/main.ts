#!/usr/bin/env node
import { SamepadError } from 'samepad/geometry'
import type { CommandRow } from './cli/command.ts'
import { helpOf } from './cli/help.ts'
import { typed } from './cli/options.ts'
import { run } from './cli/run.ts'
import { status } from './cli/status.ts'
import { work } from './cli/work.ts'

const commands: Readonly<Record<string, CommandRow>> = { run, work, status }

async function main([name, ...args]: readonly string[]): Promise<void> {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined
  const isHelp = [name, ...args].some((word) => word === '--help' || word === '-h')
  if (isHelp || name === undefined) {
    const shown = command ? { [name]: command } : commands
    process.stdout.write(
      Object.entries(shown)
        .map((entry) => helpOf(...entry))
        .join('\n'),
    )
    return
  }
  if (!command)
    throw new SamepadError('samepad-tiles', `a command must be one of ${Object.keys(commands).join(', ')}`, name)
  await command.act(typed(name, args, command.options))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  // What was foreseen is one sentence; anything else is a fault, which needs its trace.
  process.stderr.write(`${error instanceof SamepadError ? error.message : (error as Error).stack}\n`)
  process.exitCode = 1
}
