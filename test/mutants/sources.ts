import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModel } from '../models/onnx/all.ts'
import { firstNodes } from '../models/onnx/mutate.ts'
import { realModels, realNames } from '../models/onnx/real-models.ts'

/** A model that mutants are made of. */
export interface Source {
  readonly name: string
  readonly bytes: Uint8Array
  /** How often it is taken, against the others. */
  readonly weight: number
}

const cases = join(import.meta.dirname, '../audit/cases')

/** ONNX's own tests of its operators, where Debian's package libonnx-testdata is installed. */
const testdata = '/usr/share/libonnx-testdata/data/node'

/** Nodes of the short forms of real models. */
const LENGTHS = [4, 12, 40]
/** Bytes from which on a model is taken seldom, since it is slow to copy. */
const LARGE = 100_000

/**
 * The models that mutants are made of, in an order that is the same everywhere.
 *
 * @param withTestdata whether ONNX's own tests are among them, which not every machine has
 */
export async function readSources(withTestdata: boolean): Promise<Source[]> {
  const read = (folder: string, names: readonly string[], weight: number): Source[] =>
    names.map((name) => ({ name, bytes: Uint8Array.from(readFileSync(join(folder, name))), weight }))
  const own = readdirSync(cases, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.onnx'))
  const others = withTestdata && existsSync(testdata) ? readdirSync(testdata).sort() : []
  const tests = others.map((name) => join(name, 'model.onnx')).filter((name) => existsSync(join(testdata, name)))
  const real: Source[] = []
  for (const name of realNames) {
    const bytes = Uint8Array.from(readFileSync(realModels[name].path))
    const model = await readModel(bytes)
    const shortened = LENGTHS.map(async (length) => {
      return { name: `${name}, ${length} nodes`, bytes: await firstNodes(model, bytes, length) }
    })
    for (const one of [{ name, bytes }, ...(await Promise.all(shortened))])
      real.push({ ...one, weight: one.bytes.length > LARGE ? 0.05 : 1 })
  }
  return [...read(cases, own.sort(), 2), ...real, ...read(testdata, tests, 0.1)]
}
