import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
/** The README and the guides. */
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs')).flatMap((name) => (/\.md$/.test(name) ? [`docs/${name}`] : [])),
]
const textOf = (document: string): string => readFileSync(join(root, document), 'utf8')

interface Block {
  readonly language: string
  readonly text: string
}

const blocksOf = (document: string): Block[] =>
  [...textOf(document).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }))

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

describe('every example prints what stands below it', () => {
  const examples = documents.flatMap((document) =>
    blocksOf(document).flatMap(({ language, text }, index, blocks) =>
      language === 'ts' ? [{ document, index, code: text, output: blocks[index + 1] }] : [],
    ),
  )

  it.each(examples)('$document, block $index', async ({ document, index, code, output }) => {
    expect(output.language).toBe('text')
    const folder = join(root, 'build', 'documents')
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${document.replace(/\W/g, '-')}-${index}.ts`)
    writeFileSync(file, code)
    expect(await outputOf(['npx', 'tsx', file])).toBe(output.text)
  })

  const sessions = documents.flatMap((document) =>
    blocksOf(document).flatMap(({ language, text }) =>
      language === 'console'
        ? text
            .split(/^\$ /m)
            .slice(1)
            .map((part) => {
              const [command] = part.split('\n', 1)
              return { document, command, output: part.slice(command.length + 1) }
            })
        : [],
    ),
  )

  it.each(sessions)('$document: $command', async ({ command, output }) => {
    expect(await outputOf(commandLine(command))).toMatch(pattern(output))
  })

  it('finds them', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8)
    expect(sessions.length).toBeGreaterThanOrEqual(8)
  })
})

describe('documents that people read', () => {
  /** Files and pictures that a document links to. */
  const linksOf = (document: string): string[] =>
    [...textOf(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target)
  const packed = [
    'dist/',
    'docs/',
    'explorer/README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'LICENSE',
  ]

  it.each(documents)('%s links to files that exist and that the package ships', (document) => {
    const files = linksOf(document)
      .filter((target) => !/^\w+:/.test(target))
      .map((target) => join(dirname(document), target))
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(files.filter((file) => file !== 'README.md' && !packed.some((one) => file.startsWith(one)))).toEqual([])
  })

  it('the README stays short', () => {
    expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(200)
  })
})
