import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, language, text]) => ({ language, text }),
)

/** A shown output as a pattern: a line `...` stands for any lines, and a time is whatever it took. */
function pattern(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/^\\\.\\\.\\\.\n/gm, '[\\s\\S]*').replace(/\d+(\\\.\d+)? ms/g, '[\\d.]+ ms')}$`)
}

/**
 * What a shown command runs here: the package's own program, or an npm script without its build, which came before the
 * tests and would disturb them.
 */
function commandLine(command: string): string[] {
  const [program, ...words] = command
    .replace(/^npm run /, '')
    .replace(/^npx /, '')
    .split(' ')
  if (program === 'samepad') return ['node', 'dist/cli/main.js', ...words]
  return ['npx', ...scripts[program].split(' && ').at(-1).split(' ')]
}

/** A program's output, whatever its exit code: `compare` says by it that settings differ. */
async function outputOf([program, ...words]: readonly string[]): Promise<string> {
  const { stdout } = await run(program, words, { cwd: root }).catch((error) => {
    if (error.stderr) throw error
    return error
  })
  return stdout
}

describe('every example in the README prints what stands below it', () => {
  const examples = blocks.flatMap(({ language, text }, index) =>
    language === 'ts' ? [{ index, code: text, output: blocks[index + 1] }] : [],
  )

  it.each(examples)('example $index', async ({ index, code, output }) => {
    expect(output.language).toBe('text')
    const folder = join(root, 'build', 'readme')
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `example-${index}.ts`)
    writeFileSync(file, code)
    expect(await outputOf(['npx', 'tsx', file])).toBe(output.text)
  })

  const sessions = blocks.flatMap(({ language, text }) =>
    language === 'console'
      ? text
          .split(/^\$ /m)
          .slice(1)
          .map((part) => ({ command: part.split('\n', 1)[0], output: part.slice(part.indexOf('\n') + 1) }))
      : [],
  )

  it.each(sessions)('$command', async ({ command, output }) => {
    expect(await outputOf(commandLine(command))).toMatch(pattern(output))
  })

  it('finds them', () => {
    expect(examples.length).toBeGreaterThanOrEqual(4)
    expect(sessions.length).toBeGreaterThanOrEqual(4)
  })
})
