import { readBytes } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { rootAttribute } from '../../bytes/hdf5.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { parseJson, readWhole } from '../../bytes/whole.ts'
import { readEntry, zipEntries } from '../../bytes/zip.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model } from '../../network/model.ts'
import { buildKeras } from './build.ts'
import { type Config, isConfig, type Json, textOf } from './config.ts'

/** The most bytes of a configuration. */
const LARGEST = 2 ** 26

/** Reads a `.keras` file: an archive, of which the configuration is read alone. */
export async function readKerasArchive(source: ByteSource): Promise<Model> {
  const entry = (await zipEntries(source)).find(({ name }) => name === 'config.json')
  if (!entry) throw fileError('keras', 'an archive must have a config.json', new Verbatim('none'))
  const text = new TextDecoder().decode(await readEntry(source, entry, LARGEST))
  return buildKeras(parse(text), source)
}

/** Reads a `.h5` file of Keras 1 or 2, whose configuration is an attribute. */
export async function readKerasH5(source: ByteSource): Promise<Model> {
  const text = await readBytes(source, (bytes) => rootAttribute(bytes, 'model_config'))
  if (text === undefined) {
    const must = 'an HDF5 file must have the attribute model_config (one of weights alone holds no layers)'
    throw fileError('keras', must, new Verbatim('none'))
  }
  return buildKeras(parse(text), source)
}

/** Reads a layers-model of TensorFlow.js (`model.json`): Keras's configuration, at one of three places. */
export async function readLayersModel(source: ByteSource): Promise<Model> {
  const json = parse(new TextDecoder().decode(await readWhole(source, 'keras', 'a description', LARGEST)))
  const topology = isConfig(json.modelTopology) ? json.modelTopology : json
  const model = isConfig(topology.model_config) ? topology.model_config : topology
  return buildKeras(model, source, textOf(topology.keras_version))
}

function parse(text: string): Config {
  const json = parseJson(text, 'keras', 'a configuration') as Json
  if (isConfig(json)) return json
  throw fileError('keras', 'a configuration must be an object', json)
}
