import { run } from '../../src/cli/run.ts'

/** What came of a command. */
export interface Typed {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command as a shell would, with single or double quotes around what belongs together. */
export function typed(line: string, place: { isTTY?: boolean; env?: Record<string, string> } = {}): Typed {
  const argv = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, word]) => double ?? single ?? word,
  )
  const written = { stdout: '', stderr: '' }
  const exitCode = run(argv, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    isTTY: place.isTTY ?? false,
    env: place.env,
  })
  return { exitCode, ...written }
}

/** The answer of a command as data. */
export function answered(line: string): Record<string, unknown> {
  const { stdout, stderr } = typed(`${line} --json`)
  if (stderr) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** What a command prints, which must exit with this code and say nothing else. */
export function printed(line: string, exitCode: number): string {
  const result = typed(line)
  if (result.stderr || result.exitCode !== exitCode) {
    throw new Error(`exit code ${result.exitCode} instead of ${exitCode}: ${result.stderr}`)
  }
  return result.stdout
}
