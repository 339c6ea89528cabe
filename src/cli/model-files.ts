import { posix, relative, resolve, sep } from 'node:path'
import { SamepadError, Verbatim } from '../geometry.ts'
import { isModelFile, isModelName, isSurelyModel, type Model, readModel } from '../models.ts'
import type { Shell } from './command.ts'
import { FileError, withFile } from './file-error.ts'
import { filesBelow, kindOf, type OnUnreadable } from './files-below.ts'
import { remainsBeside } from './partial-file.ts'
import { readPattern } from './pattern.ts'

/** A model file: as it is shown, and what it is read from. */
export interface ModelFile {
  readonly name: string
  /** Its path, or the bytes of standard input. */
  readonly source: string | Uint8Array
}

/** A file or folder that could not be read, and why. */
export interface Failure {
  readonly file: string
  readonly error: string
}

/** What words on the command line name. */
export interface NamedFiles {
  readonly files: readonly ModelFile[]
  /** What could not be looked into on the way. */
  readonly failures: readonly Failure[]
}

/** What is typed for standard input, and for standard output. */
export const STANDARD = '-'

/** The most characters of a pattern; paths have no more. */
const LONGEST_PATTERN = 4096

type Where = Pick<Shell, 'cwd' | 'stdin'>

/**
 * The model files that are meant: files as they are, of folders every model in them, of patterns (`*`, `**`, `?`,
 * `{a,b}`) whatever they match, and `-` for standard input. Each file once, in the order in which it is named.
 *
 * @throws SamepadError where a word names none
 */
export async function modelFiles(stage: string, words: readonly string[], where: Where): Promise<NamedFiles> {
  if (words.length === 0) {
    throw new SamepadError(stage, 'there must be a model file, a folder or a pattern', new Verbatim('none'))
  }
  const failures: Failure[] = []
  const files = new Map<string, ModelFile>()
  for (const word of new Set(words)) {
    const before = failures.length
    const found = await filesOf(stage, word, where, (path, what, why) => {
      const { message } = new SamepadError(stage, `the ${what} must be readable`, new Verbatim(why))
      failures.push({ file: shownName(path, where.cwd), error: message })
    })
    if (found.length === 0 && failures.length === before) throw nothingOf(stage, word, where.cwd)
    for (const file of found) files.set(typeof file.source === 'string' ? file.source : STANDARD, file)
  }
  return { files: [...files.values()], failures }
}

/**
 * The one file that a word names.
 *
 * @throws SamepadError where it names none or several, or cannot be read
 */
export async function modelFile(stage: string, word: string, where: Where): Promise<ModelFile> {
  const files = await filesOf(stage, word, where, (path, what, why) => {
    throw new FileError(stage, `the ${what} ${shownName(path, where.cwd)} must be readable`, new Verbatim(why))
  })
  if (files.length === 1) return files[0]
  if (files.length === 0) throw nothingOf(stage, word, where.cwd)
  throw new SamepadError(stage, 'there must be one file here', new Verbatim(`${files.length} of ${word}`))
}

/**
 * The two files that two words name.
 *
 * @throws SamepadError where there are not two words, or one of them names none or several files
 */
export async function twoModelFiles(
  stage: string,
  words: readonly string[],
  where: Where,
): Promise<readonly [ModelFile, ModelFile]> {
  if (words.length !== 2)
    throw new SamepadError(stage, 'there must be two model files', new Verbatim(String(words.length)))
  if (words.every((word) => word === STANDARD))
    throw new SamepadError(stage, 'standard input must be one of the files only', new Verbatim('both'))
  return [await modelFile(stage, words[0], where), await modelFile(stage, words[1], where)]
}

async function filesOf(stage: string, word: string, where: Where, onUnreadable: OnUnreadable): Promise<ModelFile[]> {
  if (word === STANDARD) return [{ name: word, source: await where.stdin() }]
  const paths = await pathsOf(stage, word, where.cwd, onUnreadable)
  return paths.map((path) => ({ name: shownName(path, where.cwd), source: path }))
}

/** Whether a word means a model and no setting: a file that is there, a name that ends like one, or standard input. */
export function isModelWord(word: string, cwd: string): boolean {
  return word === STANDARD || isModelName(word) || (word !== '' && kindOf(resolve(cwd, word), () => {}) === 'file')
}

/** Files below the folder where the command is typed are shown from there. */
export function shownName(path: string, cwd: string): string {
  const below = relative(cwd, path)
  return below === '' ? '.' : below.startsWith('..') ? path : below
}

/** Where the part of a pattern begins that is no plain path; undefined where there is none. */
function wildcardIn(word: string): number | undefined {
  const at = word.search(/[*?{]/)
  return at < 0 ? undefined : at
}

async function pathsOf(stage: string, word: string, cwd: string, onUnreadable: OnUnreadable): Promise<string[]> {
  if (word === '') throw new SamepadError(stage, 'a model file, a folder or a pattern must have a name', word)
  const path = resolve(cwd, word)
  const kind = kindOf(path, onUnreadable)
  if (kind === 'file') return [path]
  if (kind === 'folder') return await modelsBelow(path, onUnreadable)
  const wildcard = wildcardIn(word)
  if (kind === undefined || wildcard === undefined) return []
  if (word.length > LONGEST_PATTERN)
    throw new SamepadError(stage, `a pattern must have at most ${LONGEST_PATTERN} characters`, word.length)
  // What stands before the pattern is a path, whatever characters are in it.
  const begin = word.lastIndexOf('/', wildcard) + 1
  const root = resolve(cwd, word.slice(0, begin))
  const pattern = readPattern(posix.normalize(word.slice(begin)))
  const isMatched = (file: string): boolean => pattern.matches(relative(root, file).split(sep).join('/'))
  return kindOf(root, onUnreadable) === 'folder' ? [...filesBelow(root, isMatched, onUnreadable)] : []
}

/** Models in a folder. */
async function modelsBelow(folder: string, onUnreadable: OnUnreadable): Promise<string[]> {
  const models: string[] = []
  for (const path of filesBelow(folder, isModelName, onUnreadable, isSurelyModel)) {
    // What cannot be read is told where it is read.
    if (await isModelFile(path).catch(() => true)) models.push(path)
  }
  return models
}

/** Why a word names no file. */
function nothingOf(stage: string, word: string, cwd: string): FileError {
  if (kindOf(resolve(cwd, word), () => {}) === 'folder')
    return new FileError(stage, 'a folder must have model files in it', word)
  const must = wildcardIn(word) === undefined ? 'the file must exist' : 'the pattern must match a file'
  return new FileError(stage, must, word)
}

/**
 * The model in a file.
 *
 * @throws FileError with the file's name in front
 */
export async function modelIn({ name, source }: ModelFile): Promise<Model> {
  return withFile(name, () => readModel(source))
}

/** What came of some models. */
export interface FileOutcome<T> {
  readonly done: readonly T[]
  /** What could not be looked into, and the files that were no models. */
  readonly failures: readonly Failure[]
}

/**
 * Reads each model, does something with it, and tells how far it is. A file that cannot be read does not keep the others
 * from it.
 */
export async function forEachModel<T>(
  { files, failures }: NamedFiles,
  progress: Shell['progress'],
  action: (file: ModelFile, model: Model) => Promise<T>,
): Promise<FileOutcome<T>> {
  const done: T[] = []
  const failed = [...failures]
  for (const [index, file] of files.entries()) {
    progress(files.length > 1 ? `${index + 1} of ${files.length}  ${file.name}` : file.name)
    try {
      done.push(await action(file, await readModel(file.source)))
    } catch (error) {
      failed.push({ file: file.name, error: messageOf(error) })
    }
  }
  return { done, failures: failed }
}

/**
 * What is to be told on stderr, a line each: what failed, and what a run that was ended has left beside the files.
 *
 * @param goal a file that was to be written, too
 */
export function toldOf({ failures }: FileOutcome<unknown>, { files }: NamedFiles, goal?: string): string[] {
  const paths = files.flatMap(({ source }) => (typeof source === 'string' ? source : []))
  return [
    ...failures.map(({ file, error }) => `${file}: ${error}`),
    ...remainsBeside(goal === undefined ? paths : [...paths, goal]),
  ]
}

/** What is told of an error; one that is no answer of samepad is a fault of its own, and is called one. */
export function messageOf(error: unknown): string {
  if (error instanceof SamepadError) return error.message
  if (error instanceof Error && 'syscall' in error) return `samepad: the system must allow it, got ${error.message}`
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `samepad: this is a fault of samepad itself; please report it (${said})`
}
