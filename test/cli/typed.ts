import { run } from '../../src/cli/run.ts'

/** What came of a command. */
export interface Typed {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Where a command is typed. */
export interface Place {
  readonly isTTY?: boolean
  readonly showsProgress?: boolean
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly stdin?: Uint8Array
}

/** Runs a command as a shell would, with single or double quotes around what belongs together. */
export async function typed(line: string, place: Place = {}): Promise<Typed> {
  const argv = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, word]) => double ?? single ?? word,
  )
  return typedWords(argv, place)
}

/** Runs a command of these arguments, which may hold quotes. */
export async function typedWords(argv: readonly string[], place: Place = {}): Promise<Typed> {
  const written = { stdout: '', stderr: '' }
  const exitCode = await run(argv, {
    stdin: async () => place.stdin ?? new Uint8Array(0),
    stdout: {
      write: (text) => (written.stdout += typeof text === 'string' ? text : Buffer.from(text).toString('latin1')),
    },
    stderr: { write: (text) => (written.stderr += text) },
    isTTY: place.isTTY ?? false,
    showsProgress: place.showsProgress ?? false,
    env: place.env,
    cwd: place.cwd ?? process.cwd(),
  })
  return { exitCode, ...written }
}

/** The answer of a command as data. */
export async function answered(line: string, place: Place = {}): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await typed(`${line} --json`, place)
  if (stderr) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** What a command prints, which must exit with this code and say nothing else. */
export async function printed(line: string, exitCode: number, place: Place = {}): Promise<string> {
  const result = await typed(line, place)
  if (result.stderr || result.exitCode !== exitCode) {
    throw new Error(`exit code ${result.exitCode} instead of ${exitCode}: ${result.stderr}`)
  }
  return result.stdout
}
