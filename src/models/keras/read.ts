import { readBytes } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { rootAttribute } from '../../bytes/hdf5.ts'
import { memberAt, valueIn } from '../../bytes/json-places.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { parseJson, readWhole } from '../../bytes/whole.ts'
import { readEntry, zipEntries } from '../../bytes/zip.ts'
import { storedPlace } from '../../bytes/zip-stored.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model } from '../../network/model.ts'
import { largest } from '../limits.ts'
import { respellText } from '../respell-text.ts'
import { buildKeras } from './build.ts'
import { type Config, isConfig, type Json, textOf } from './config.ts'
import { spellKeras } from './spell.ts'

/** The most bytes of a configuration. */
const LARGEST = largest.keras

/** Reads a `.keras` file: an archive, of which the configuration is read alone. */
export async function readKerasArchive(source: ByteSource): Promise<Model> {
  const entry = (await zipEntries(source)).find(({ name }) => name === 'config.json')
  if (!entry) throw fileError('keras', 'an archive must have a config.json', new Verbatim('none'))
  const bytes = await readEntry(source, entry, LARGEST)
  const config = parse(new TextDecoder().decode(bytes))
  const stored = await storedPlace(source, entry)
  if (!stored) return buildKeras(config, source)
  const text = { bytes, offset: stored.begin, place: valueIn(bytes), isText: false }
  const respell = respellText(bytes, spellKeras('as long as before'), stored.begin)
  return buildKeras(config, source, { respell, following: (edits) => stored.sums(bytes, edits) }, text)
}

/** Reads a `.h5` file of Keras 1 or 2, whose configuration is an attribute. */
export async function readKerasH5(source: ByteSource): Promise<Model> {
  const found = await readBytes(source, (bytes) => {
    const place = rootAttribute(bytes, 'model_config')
    return place && { offset: place.begin, bytes: bytes.range(place.begin, place.end).slice() }
  })
  if (!found) {
    const must = 'an HDF5 file must have the attribute model_config (one of weights alone holds no layers)'
    throw fileError('keras', must, new Verbatim('none'))
  }
  const { bytes, offset } = found
  const config = parse(new TextDecoder().decode(bytes))
  const text = { bytes, offset, place: valueIn(bytes), isText: false }
  return buildKeras(config, source, { respell: respellText(bytes, spellKeras('as long as before'), offset) }, text)
}

/** Reads a layers-model of TensorFlow.js (`model.json`): Keras's configuration, at one of three places. */
export async function readLayersModel(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, 'keras', 'a description', LARGEST)
  const json = parse(new TextDecoder().decode(bytes))
  const topology = isConfig(json.modelTopology) ? json.modelTopology : json
  const model = isConfig(topology.model_config) ? topology.model_config : topology
  const path = [
    ...(isConfig(json.modelTopology) ? ['modelTopology'] : []),
    ...(model === topology ? [] : ['model_config']),
  ]
  const whole = valueIn(bytes)
  const text = { bytes, offset: 0, place: memberAt(bytes, whole, ...path)?.value ?? whole, isText: true }
  const [producerVersion, respell] = [textOf(topology.keras_version), respellText(bytes, spellKeras())]
  return buildKeras(model, source, { ...(producerVersion !== undefined && { producerVersion }), respell }, text)
}

function parse(text: string): Config {
  const json = parseJson(text, 'keras', 'a configuration') as Json
  if (isConfig(json)) return json
  throw fileError('keras', 'a configuration must be an object', json)
}
