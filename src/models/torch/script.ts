import { fileError } from '../../bytes/file-error.ts'
import { isObject, readPickle } from '../../bytes/pickle.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { readEntry, type ZipEntry, zipEntries } from '../../bytes/zip.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { ScriptRun } from './script-run.ts'
import { readScript, type ScriptClass, type ScriptCode, type ScriptFunction } from './script-text.ts'

/** The most bytes of a file of code, and of the pickle that says what the model is made of. */
const [LARGEST_CODE, LARGEST_DATA] = [2 ** 22, 2 ** 26]

/** Reads a TorchScript model (`.pt`, `.ptl`): its code is followed from `forward` on, as far as it runs straight. */
export async function readTorchScript(source: ByteSource): Promise<Model> {
  const entries = await zipEntries(source)
  const data = entries.find(({ name }) => /(^|\/)data\.pkl$/.test(name))
  if (!data) throw fileError('torchscript', 'an archive must have a data.pkl', new Verbatim('none'))
  const root = readPickle(await readEntry(source, data, LARGEST_DATA))
  if (!isObject(root)) throw fileError('torchscript', 'data.pkl must hold a module', new Verbatim('no module'))
  const builder = new ModelBuilder()
  new ScriptRun(await codeOf(source, entries), builder).main(root)
  return builder.model(source, { producerName: 'TorchScript', framework: 'pytorch' })
}

/** Files of code are named for what they define: `code/__torch__/a/b.py` has `__torch__.a.b`. */
async function codeOf(source: ByteSource, entries: readonly ZipEntry[]): Promise<ScriptCode> {
  const [classes, functions] = [new Map<string, ScriptClass>(), new Map<string, ScriptFunction>()]
  for (const entry of entries) {
    const [, path] = /(?:^|\/)code\/(.*)\.py$/.exec(entry.name) ?? []
    if (path === undefined) continue
    const module = path.replaceAll('/', '.')
    const file = readScript(new TextDecoder().decode(await readEntry(source, entry, LARGEST_CODE)))
    for (const [name, one] of file.classes) classes.set(`${module}.${name}`, one)
    for (const [name, one] of file.functions) functions.set(`${module}.${name}`, one)
  }
  return { classes, functions }
}
