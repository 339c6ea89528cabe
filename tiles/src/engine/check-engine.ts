import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SamepadError, Verbatim } from 'samepad/geometry'
import type { EngineName } from './engine.ts'

/** Checks, before anything is made, that an engine is there. */
export function checkEngine(name: EngineName): void {
  if (name === 'onnxruntime-node') ofRuntime((require) => require.resolve(name))
}

/** Something of the user's own onnxruntime, of the folder where the command is typed. */
export function ofRuntime<T>(get: (require: NodeJS.Require) => T): T {
  try {
    return get(createRequire(join(process.cwd(), 'package.json')))
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new SamepadError(
      'engine',
      'onnxruntime-node must be installed in this folder (npm install onnxruntime-node)',
      new Verbatim(why),
    )
  }
}
