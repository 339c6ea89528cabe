import type { Engine } from './engine.ts'
import { jaxWasm } from './jax.ts'
import { onnxruntimeNode } from './onnxruntime-node.ts'
import { onnxruntimeWeb } from './onnxruntime-web.ts'
import { samepadEngine } from './samepad.ts'
import { tfjsWasm } from './tfjs-wasm.ts'

/** All engines, in the order of the columns. */
export async function loadEngines(version: string): Promise<Engine[]> {
  return [
    samepadEngine('nchw', 'program memory', version),
    samepadEngine('nhwc', 'program memory', version),
    await tfjsWasm(),
    onnxruntimeWeb(),
    await jaxWasm(),
    onnxruntimeNode(),
  ]
}
