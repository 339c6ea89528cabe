import { SamepadError, Verbatim } from '../geometry.ts'
import { nearest } from '../words/nearest.ts'
import { audit } from './audit.ts'
import { code } from './code.ts'
import type { Command } from './command.ts'
import { compare } from './compare.ts'
import { diagnose } from './diagnose.ts'
import { diff } from './diff.ts'
import { explain } from './explain.ts'
import { FileError } from './file-error.ts'
import { fix } from './fix.ts'
import { commandHelp, overview } from './help.ts'
import { phase } from './phase.ts'
import { optionsEnd, readArguments } from './read-arguments.ts'
import { runModel } from './run-model.ts'
import { sizes } from './sizes.ts'
import { coloured, plain, type TextStyle, visible, visibleJson } from './style.ts'
import { COLUMNS, shortened, wrap } from './table.ts'
import { tiles } from './tiles.ts'
import { transposed } from './transposed.ts'
import { verify } from './verify.ts'
import { version } from './version.ts'

/** Every command, in the order of the help. */
export const commands: Readonly<Record<string, Command>> = {
  explain,
  compare,
  code,
  sizes,
  phase,
  transposed,
  diagnose,
  audit,
  fix,
  diff,
  verify,
  tiles,
  run: runModel,
}

/** Where the command line reads and writes, and what it knows of the place. */
export interface Terminal {
  /** Everything that is written to standard input. */
  readonly stdin: () => Promise<Uint8Array>
  /** May give a promise, which is waited for before more bytes are written. */
  readonly stdout: { readonly write: (text: string | Uint8Array) => unknown }
  readonly stderr: { readonly write: (text: string) => unknown }
  /** Whether stdout is a terminal that a person looks at. */
  readonly isTTY: boolean
  /** Whether a person looks at stderr, and may be told there how far the work is. */
  readonly showsProgress: boolean
  /** The folder that paths start from. */
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** The options that every command has. */
const common = {
  json: { about: 'print the answer as data' },
  help: { about: 'print this' },
} as const

/**
 * Runs the command line.
 *
 * @param argv what was typed after `samepad`
 * @returns the exit code: 0, 1 where the answer is no, 2 on misuse
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const style = terminal.isTTY && !terminal.env?.NO_COLOR ? coloured : plain
  const print = (text: string): unknown => terminal.stdout.write(`${text}\n`)
  const [first, ...rest] = argv
  if (first === '--version' || first === '-v') {
    print(version())
    return 0
  }
  const name = first === 'help' || first === '--help' || first === '-h' ? rest[0] : first
  if (name === undefined) {
    print(overview(commands, style).join('\n'))
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  try {
    if (!command) throw unknown(name)
    const options = command.settings ? rest : rest.slice(0, optionsEnd(rest))
    if (name !== first || options.some((word) => word === '--help' || word === '-h')) {
      print(commandHelp(name, command, { ...command.options, ...common }, style).join('\n'))
      return 0
    }
    return await answer(name, command, rest, style, terminal)
  } catch (error) {
    if (!(error instanceof SamepadError)) throw error
    const help = `${command ? `samepad ${name}` : 'samepad'} --help shows how it is written`
    const lines = [...wrap(visible(error.message, false)), ...(error instanceof FileError ? [] : [help])]
    terminal.stderr.write(`${lines.join('\n')}\n`)
    return 2
  }
}

async function answer(
  name: string,
  command: Command,
  argv: readonly string[],
  style: TextStyle,
  { stdin, stdout, stderr, isTTY, showsProgress, cwd }: Terminal,
): Promise<number> {
  const request = readArguments(name, argv, { ...command.options, ...common }, command.settings)
  const progress = (text: string): void => {
    if (showsProgress) stderr.write(`\r\x1b[K${visible(shortened(text, COLUMNS - 1), false)}`)
  }
  try {
    const { data, lines, exitCode, complaints = [], output } = await command.answer(request, { cwd, stdin, progress })
    if (output && isTTY) throw new SamepadError(name, 'a model must go to a file or a pipe', new Verbatim('a terminal'))
    for await (const chunk of output ?? []) await stdout.write(chunk)
    progress('')
    const seen = (): string[] => lines(style).map((line) => visible(line, style === coloured))
    const isData = request.options.json || request.options.sarif
    const text = isData ? visibleJson(JSON.stringify(data, writable, 2)) : seen().join('\n')
    if (text !== '') (output ? stderr : stdout).write(`${text}\n`)
    // A line each, however long: what reads them counts on that.
    for (const complaint of complaints) stderr.write(`${visible(complaint, false)}\n`)
    return exitCode
  } catch (error) {
    progress('')
    throw error
  }
}

/** JSON has no word for these numbers, and would write null. */
function writable(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

function unknown(name: string): SamepadError {
  const names = Object.keys(commands)
  const meant = nearest(name, names)
  const must = meant ? `the command is called ${meant}` : `the command must be one of ${names.join(', ')}`
  return new SamepadError('samepad', must, name)
}
