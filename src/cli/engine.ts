import { SamepadError } from '../geometry.ts'
import { loadNetwork } from '../graph.ts'
import type { Request } from './command.ts'
import { withFile } from './file-error.ts'
import type { ModelFile } from './model-files.ts'
import { type Feeds, loadRuntime, type Outputs, type Runtime } from './onnxruntime.ts'

/** What can run models for `verify`: samepad itself, or what is installed where the command is typed. */
const engines: Readonly<Record<string, (cwd: string) => Promise<Runtime>>> = {
  samepad: async () => ownRuntime,
  onnxruntime: loadRuntime,
}

/** The engine that `--engine` names; samepad by default, and onnxruntime where its optimiser is asked for. */
export async function engineOf(stage: string, { options }: Request, cwd: string): Promise<Runtime> {
  const names = Object.keys(engines)
  const [own, withLevels] = names
  const { engine = options.optimization === undefined ? own : withLevels } = options
  if (typeof engine !== 'string' || !names.includes(engine)) {
    throw new SamepadError(stage, `--engine must be one of ${names.join(', ')}`, engine)
  }
  if (options.optimization !== undefined && engine === own) {
    throw new SamepadError(stage, `--optimization must stand with --engine ${withLevels}`, engine)
  }
  return engines[engine](cwd)
}

/** A tensor of float32 numbers, which are all that samepad computes with. */
export const floatTensor: Runtime['tensor'] = (_, dims, value) => {
  const count = dims.reduce((product, size) => product * size, 1)
  return { dims, data: Float32Array.from({ length: count }, (__, index) => value(index)) }
}

/** What samepad does not run, another engine may. */
function withAdvice(error: unknown): never {
  if (error instanceof SamepadError)
    error.message += '; --engine onnxruntime, which is your own onnxruntime-node, may run it'
  throw error
}

const ownRuntime: Runtime = {
  name: 'samepad',
  levels: [],
  tensor: floatTensor,
  run: async ({ name, source }: ModelFile, inputs: readonly Feeds[]) => {
    const network = await withFile(name, () => loadNetwork(source)).catch(withAdvice)
    const outputs = inputs.map((feeds): Outputs => {
      const given = Object.entries(feeds).map(([name, { dims, data }]) => {
        return [name, { dims, data: Float32Array.from(data, Number) }] as const
      })
      const found = Object.entries(network.run(Object.fromEntries(given)))
      return Object.fromEntries(found.map(([name, { shape, data }]) => [name, { dims: shape, data }]))
    })
    network.release()
    return outputs
  },
}
