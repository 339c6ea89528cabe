import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { Finding, SamepadError } from '../geometry.ts'
import type { Surroundings } from './command.ts'

/** A model file: as it is shown, and where it is. */
export interface ModelFile {
  readonly name: string
  readonly path: string
}

/** Folders that hold what others wrote; they are searched only where they are named. */
const passed = new Set(['node_modules', '.git'])

/**
 * The model files that are meant: files as they are, of folders every `.onnx` in them, of patterns (`*`, `**`, `?`,
 * `{a,b}`) whatever they match. Each file once, in the order in which it is named.
 *
 * @throws SamepadError where there is none
 */
export function modelFiles(stage: string, words: readonly string[], cwd: string): ModelFile[] {
  if (words.length === 0) {
    throw new SamepadError(stage, 'there must be a model file, a folder or a pattern', new Finding('none'))
  }
  const paths = new Set(words.flatMap((word) => matching(stage, word, cwd)))
  return [...paths].map((path) => ({ name: shownName(path, cwd), path }))
}

/** The one file that a word names. */
export function modelFile(stage: string, word: string, cwd: string): ModelFile {
  const files = modelFiles(stage, [word], cwd)
  if (files.length === 1) return files[0]
  throw new SamepadError(stage, 'there must be one file here', new Finding(`${files.length} of ${word}`))
}

/** Files below the folder where the command is typed are shown from there. */
export function shownName(path: string, cwd: string): string {
  const below = relative(cwd, path)
  return below.startsWith('..') ? path : below
}

function matching(stage: string, word: string, cwd: string): string[] {
  const path = resolve(cwd, word)
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) return [path]
    const found = [...filesBelow(path)].filter((file) => file.toLowerCase().endsWith('.onnx'))
    if (found.length > 0) return found
    throw new SamepadError(stage, 'a folder must have .onnx files in it', word)
  }
  const first = word.search(/[*?{]/)
  if (first < 0) throw new SamepadError(stage, 'the file must exist', word)
  const root = resolve(cwd, word.slice(0, word.lastIndexOf('/', first) + 1))
  const pattern = new RegExp(`^${expression(path.split(sep).join('/'))}$`)
  const found = existsSync(root) ? [...filesBelow(root)].filter((file) => pattern.test(file.split(sep).join('/'))) : []
  if (found.length > 0) return found
  throw new SamepadError(stage, 'the pattern must match a file', word)
}

/** Every file below a folder, in the order of their names. */
function* filesBelow(folder: string): Iterable<string> {
  const entries = readdirSync(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !passed.has(entry.name)) yield* filesBelow(path)
    // Caches of models hold links to files; links to folders may go in a circle.
    else if (entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile()))
      yield path
  }
}

/** A pattern as a regular expression: `**` crosses folders, `*` and `?` do not. */
function expression(pattern: string): string {
  const parts: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }
  return pattern.replace(/\*\*\/|\*\*|\*|\?|\{([^{}]*)\}|[.+^$()|[\]\\{}]/g, (part, list?: string) => {
    if (list !== undefined) return `(?:${list.split(',').map(expression).join('|')})`
    return parts[part] ?? `\\${part}`
  })
}

/** Bytes of a file that takes long enough for a person to wonder. */
const LARGE = 100_000_000

/**
 * Does something with each file and tells how far it is. A file that cannot be read does not keep the others from it.
 *
 * @returns what was done, and a line for each file that was no model
 */
export async function forEachFile<T>(
  files: readonly ModelFile[],
  progress: Surroundings['progress'],
  action: (file: ModelFile) => Promise<T>,
): Promise<{ done: T[]; complaints: string[] }> {
  const [done, complaints]: [T[], string[]] = [[], []]
  for (const [index, file] of files.entries()) {
    if (files.length > 1) progress(`${index + 1} of ${files.length}  ${file.name}`)
    else if (statSync(file.path).size > LARGE) progress(file.name)
    try {
      done.push(await action(file))
    } catch (error) {
      if (!(error instanceof SamepadError)) throw error
      complaints.push(`${file.name}: ${error.message}`)
    }
  }
  return { done, complaints }
}
