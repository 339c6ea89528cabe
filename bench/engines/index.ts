import type { Engine } from './engine.ts'
import { jaxWasm } from './jax.ts'
import { liteRt } from './litert.ts'
import { onnxruntimeNode } from './onnxruntime-node.ts'
import { onnxruntimeWeb } from './onnxruntime-web.ts'
import type { Packages } from './packages.ts'
import type { Peer } from './peers.ts'
import { samepadEngine } from './samepad.ts'
import { tfjsTflite } from './tfjs-tflite.ts'
import { tfjsWasm } from './tfjs-wasm.ts'

const loaders: Readonly<Record<Peer, (packages: Packages) => Promise<Engine>>> = {
  tfjs: tfjsWasm,
  'ort-web': onnxruntimeWeb,
  litert: liteRt,
  tflite: tfjsTflite,
  jax: jaxWasm,
  'ort-node': onnxruntimeNode,
}

/** samepad in both layouts and some other engines, in the order of the columns. */
export async function loadEngines(version: string, peers: readonly Peer[], packages: Packages): Promise<Engine[]> {
  const engines = [samepadEngine('nchw', 'program memory', version), samepadEngine('nhwc', 'program memory', version)]
  for (const [name, load] of Object.entries(loaders)) {
    if (peers.includes(name as Peer)) engines.push(await load(packages))
  }
  return engines
}
