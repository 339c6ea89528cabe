import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

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
  const plain = command.replace(/^npm run /, '').replace(/^npx /, '')
  const [program, ...words] = [...plain.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
  if (program === 'samepad') return ['node', 'dist/node/main.js', ...words]
  return ['npx', ...scripts[program].split(' && ').at(-1).split(' ')]
}

/** What a terminal shows, whatever the exit code: `compare` says by it that settings differ. */
async function outputOf([program, ...words]: readonly string[], cwd = root): Promise<string> {
  const { stdout, stderr } = await run(program, words, { cwd }).catch((error) => {
    if (error.stdout && error.stderr) throw error
    return error
  })
  return stdout || stderr
}

/** What a clone has after `npm ci`: the files of the project, its packages and `dist`, and nothing that a test left. */
function freshClone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-clone-'))
  const absent = ['.git', 'node_modules', 'build', 'bench', 'src', 'test']
  cpSync(root, folder, { recursive: true, filter: (path) => !absent.includes(relative(root, path)) })
  for (const name of ['node_modules', 'src']) symlinkSync(join(root, name), join(folder, name))
  return folder
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

  // The commands of a document run one after the other, as its reader types them.
  let clone: string
  beforeAll(() => {
    clone = freshClone()
  }, 120_000) // thousands of files, on a machine that may be busy
  afterAll(() => rmSync(clone, { recursive: true, force: true }), 120_000)

  it.each(sessions)('$document: $command', async ({ command, output }) => {
    expect(await outputOf(commandLine(command), clone)).toMatch(pattern(output))
  })

  it('the npm scripts that are named exist', () => {
    const named = documents.flatMap((document) => [...textOf(document).matchAll(/\bnpm run ([\w:]+)/g)])
    expect(named.map(([, name]) => name).filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
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
  const { files: listed } = JSON.parse(textOf('package.json')) as { files: string[] }
  const packed = ['LICENSE', ...listed.map((pattern) => pattern.replace(/\*.*$/, ''))]

  it.each(documents)('%s links to files that exist and that the package ships', (document) => {
    const files = linksOf(document)
      .filter((target) => !/^\w+:/.test(target))
      .map((target) => join(dirname(document), target))
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(files.filter((file) => file !== 'README.md' && !packed.some((one) => file.startsWith(one)))).toEqual([])
  })

  it('the README stays short', () => {
    expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(215)
  })
})
