#!/usr/bin/env node
import { SamepadError } from 'samepad/geometry'
import type { CommandRow } from './cli/command.ts'
import { helpOf } from './cli/help.ts'
import { typed } from './cli/options.ts'

// Each is loaded when it is asked for: what talks to Redis takes longer to load than a small picture to run.
const commands: Readonly<Record<string, () => Promise<CommandRow>>> = {
  run: async () => (await import('./cli/run.ts')).run,
  work: async () => (await import('./cli/work.ts')).work,
  status: async () => (await import('./cli/status.ts')).status,
}

async function main([name, ...args]: readonly string[]): Promise<void> {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined
  const isHelp = [name, ...args].some((word) => word === '--help' || word === '-h')
  if (isHelp || name === undefined) {
    const shown = Object.entries(command ? { [name]: command } : commands)
    const texts = await Promise.all(shown.map(async ([own, load]) => helpOf(own, await load())))
    return void process.stdout.write(texts.join('\n'))
  }
  if (!command)
    throw new SamepadError('samepad-tiles', `a command must be one of ${Object.keys(commands).join(', ')}`, name)
  const { act, options } = await command()
  await act(typed(name, args, options))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  // What was foreseen is one sentence; anything else is a fault, which needs its trace.
  process.stderr.write(`${error instanceof SamepadError ? error.message : (error as Error).stack}\n`)
  process.exitCode = 1
}
