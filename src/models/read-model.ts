import { withoutMark } from '../bytes/byte-order-mark.ts'
import { readBytes } from '../bytes/bytes.ts'
import { fileIn, openSource, type SourceLike } from '../bytes/source.ts'
import { zipEntries } from '../bytes/zip.ts'
import { SamepadError, Verbatim } from '../geometry/error.ts'
import type { Model } from '../network/model.ts'
import { companionOf } from './companion.ts'
import { fileKindOf, weightsNamed } from './file-kinds.ts'
import type { FileHead, Format } from './format.ts'
import { formats } from './formats.ts'

/** First bytes by which a file is known. */
const HEAD = 4096

/**
 * Reads a model file of any format, without its weights: only what stands between them is loaded, from files of any size.
 * The source must not change while the model is in use. Files beside it, such as the shards of a TensorFlow.js model, are
 * read in Node where they lie in the same folder.
 *
 * @param source a path or a `file:` URL (in Node), that of a folder too where a model is one (SavedModel, .mlpackage), a Blob or a File, whose name counts as a path's does, or bytes; a source of
 * one's own is left open
 * @throws SamepadError with the place in the file where it is damaged; a file that holds no network is told by what it is
 */
export async function readModel(source: SourceLike): Promise<Model> {
  const isPath = typeof source === 'string'
  const inside = isPath
    ? fileIn(
        source,
        formats.flatMap(({ inFolder = [] }) => inFolder),
      )
    : undefined
  const opened = openSource(inside ?? source)
  const companion = companionOf(opened.path)
  try {
    const readable = await withoutMark(opened)
    const head = await headOf(readable, nameOf(inside ?? source, opened))
    const format = formats.find((one) => one.matches(head))
    if (!format) throw unknown(head)
    const model = await read(format, readable, companion.open, head)
    return { ...model, format: format.name, missing: [...companion.missing] }
  } finally {
    companion.close()
    if (opened !== source) opened.close()
  }
}

/**
 * Reads an edited version of a file: in the same format, with the files that lie beside the first one.
 *
 * @param model what the file was before
 */
export async function readAgain(model: Model, source: SourceLike): Promise<Model> {
  const format = formats.find(({ name }) => name === model.format)
  if (!format) return readModel(source)
  const opened = openSource(source)
  const companion = companionOf(model.path)
  try {
    const read = await format.read({ ...(await withoutMark(opened)), path: model.path }, companion.open)
    return { ...read, format: format.name, missing: [...companion.missing] }
  } finally {
    companion.close()
    if (opened !== source) opened.close()
  }
}

/**
 * Whether a file in a folder is meant as a model: by how its name ends, and where other kinds of files end so too, by its
 * first bytes.
 */
export async function isModelFile(path: string): Promise<boolean> {
  return isSurelyModel(path) || matchesAny(formatsNamed(path), path)
}

/** Whether a name ends like that of a model and of nothing else. */
export const isSurelyModel = (path: string): boolean => formatsNamed(path).some(({ sharesEndings }) => !sharesEndings)

/** Whether a name ends like that of a model. */
export const isModelName = (path: string): boolean => formatsNamed(path).length > 0

function formatsNamed(path: string): Format[] {
  const name = path.toLowerCase()
  return formats.filter(({ endings }) => endings.some((ending) => name.endsWith(ending)))
}

async function matchesAny(named: readonly Format[], path: string): Promise<boolean> {
  const source = openSource(path)
  try {
    const head = await headOf(await withoutMark(source), nameOf(path, source))
    return named.some((format) => format.matches(head))
  } finally {
    source.close()
  }
}

type Opened = ReturnType<typeof openSource>

/** Where a file that was taken for a model by its name cannot be read, its first bytes may tell what it is instead. */
async function read(
  format: Format,
  source: Opened,
  open: Parameters<Format['read']>[1],
  head: FileHead,
): Promise<Model> {
  try {
    return await format.read(source, open)
  } catch (error) {
    // What matches without its name is what it seems to be, and its reader knows best what is wrong with it.
    const isNamed = format.endings.some((ending) => head.name.endsWith(ending))
    const isSure = format.matches({ ...head, name: '' })
    const isOther = isNamed ? !isSure && fileKindOf(head.bytes) : weightsNamed(head.name)
    throw isOther ? unknown(head) : error
  }
}

/** The name of a file without its folder, as its path or a browser's File has it. */
function nameOf(source: SourceLike, { path = '' }: Opened): string {
  const isNamed = typeof source === 'object' && 'name' in source && typeof source.name === 'string'
  const name = isNamed ? (source.name as string) : path
  return name.replace(/^.*[/\\]/, '').toLowerCase()
}

async function headOf(source: Opened, name: string): Promise<FileHead> {
  const bytes = await readBytes(source, ({ size, range }) => range(0, Math.min(HEAD, size)))
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return { name, bytes, text, entries: text.startsWith('PK\x03\x04') ? await entriesOf(source) : [] }
}

/** Names of the files in an archive; none where it is damaged, which its first bytes then tell. */
async function entriesOf(source: Opened): Promise<string[]> {
  try {
    return (await zipEntries(source)).map(({ name }) => name)
  } catch (error) {
    if (error instanceof SamepadError) return []
    throw error
  }
}

function unknown({ name, bytes }: FileHead): SamepadError {
  const { is, advice } = fileKindOf(bytes) ?? weightsNamed(name) ?? { is: 'bytes of no known kind' }
  const named = formatsNamed(name)
  const must = `the file must be a model of ${named.length === 1 ? named[0].name : 'a known format'}`
  return new SamepadError('model', must, new Verbatim(advice ? `${is}; ${advice}` : is))
}
