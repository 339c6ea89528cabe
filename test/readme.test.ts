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
  return new RegExp(`^${escaped.replace(/^\\\.\\\.\\\.\n/gm, '[\\s\\S]*').replace(/\d+ ms/g, '\\d+ ms')}$`)
}

/** What an npm script runs after its build, which came before the tests: a second one would disturb them. */
function withoutBuild(command: string): string {
  const script = command.replace(/^npm run /, '')
  return scripts[script]?.split(' && ').at(-1) ?? command.replace(/^npx /, '')
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
    const { stdout } = await run('npx', ['tsx', file], { cwd: root })
    expect(stdout).toBe(output.text)
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
    const { stdout } = await run('npx', withoutBuild(command).split(' '), { cwd: root })
    expect(stdout).toMatch(pattern(output))
  })

  it('finds them', () => {
    expect(examples.length).toBeGreaterThanOrEqual(4)
    expect(sessions.length).toBeGreaterThanOrEqual(1)
  })
})
