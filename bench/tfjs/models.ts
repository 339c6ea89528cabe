import type { Library, Untyped } from './library.ts'

/** A model of TensorFlow.js that people use. */
export interface LibraryModel {
  readonly name: string
  /** Of bench/node_modules. */
  readonly path: string
  /** Of its input, where the file leaves that open. */
  readonly shape?: readonly number[]
  /** Some operators of it answer in promises only. */
  readonly isAsync?: boolean
  /** How far outputs may be from those of the library's own kernels, as a share of their range. */
  readonly farthest: number
}

/** How far they may be apart as a rule. */
export const FARTHEST = 2e-5

const human = (name: string, more: Partial<LibraryModel> = {}): LibraryModel => {
  return { name, path: `@vladmandic/human/models/${name}.json`, farthest: FARTHEST, ...more }
}

export const libraryModels: readonly LibraryModel[] = [
  ...['antispoof', 'blazeface', 'emotion', 'facemesh', 'faceres', 'handlandmark-lite', 'iris'].map((name) =>
    human(name),
  ),
  human('liveness'),
  human('movenet-lightning'),
  human('centernet', { shape: [1, 512, 512, 3] }),
  human('handtrack', { shape: [1, 320, 320, 3], isAsync: true }),
  {
    ...{ name: 'basic-pitch', path: '@spotify/basic-pitch/model/model.json', shape: [1, 43844, 1] },
    // A logarithm of small powers makes much of the rounding in its filters, where the library's sums are the less exact ones.
    farthest: 5e-5,
  },
  {
    ...{ name: 'esrgan-slim', path: '@upscalerjs/esrgan-slim/models/x2/model.json', shape: [1, 64, 64, 3] },
    farthest: FARTHEST,
  },
]

/** Values of a model's outputs. */
export type Outputs = readonly Float32Array[]

/** A model that runs on an input of its own. */
export interface LoadedModel {
  run(): Outputs | Promise<Outputs>
  dispose(): void
}

/** Reads a model of either kind, a graph or layers. */
export async function loadModel(library: Library, { path, shape, isAsync }: LibraryModel): Promise<LoadedModel> {
  const { tf, converter, layers } = library
  const handler = { load: () => artifactsOf(library, path) }
  const isGraph = (await handler.load()).format !== 'layers-model'
  const model: Untyped = await (isGraph ? converter.loadGraphModel(handler) : layers.loadLayersModel(handler))
  const [input] = model.inputs
  const x = inputOf(tf, shape ?? input.shape.map((size: number) => (size > 0 ? size : 1)), input.dtype)
  const values = (result: Untyped): Outputs => {
    const outputs: Untyped[] = [result].flat()
    const read = outputs.map((output) => output.dataSync())
    tf.dispose(outputs)
    return read
  }
  const execute = (): Untyped => (isGraph ? model.execute({ [input.name]: x }) : model.predict(x))
  return {
    run: () => (isAsync ? model.executeAsync({ [input.name]: x }).then(values) : values(execute())),
    dispose() {
      model.dispose()
      x.dispose()
    },
  }
}

/** What a model's file and those beside it hold, as the library takes it. */
async function artifactsOf({ file }: Library, path: string): Promise<Untyped> {
  const text = new TextDecoder().decode(await file(path))
  const { modelTopology, weightsManifest, ...others } = JSON.parse(text)
  const beside = path.slice(0, path.lastIndexOf('/') + 1)
  const names: string[] = weightsManifest.flatMap((group: Untyped) => group.paths)
  const parts = await Promise.all(names.map((name) => file(beside + name)))
  return {
    ...{ ...others, modelTopology, weightSpecs: weightsManifest.flatMap((group: Untyped) => group.weights) },
    weightData: await new Blob(parts).arrayBuffer(),
  }
}

/** Noise from 0 to 1, or as integers to 255, the same each time. */
function inputOf(tf: Untyped, shape: readonly number[], dtype: string): Untyped {
  let state = 7
  const isInteger = dtype === 'int32'
  const length = shape.reduce((product, size) => product * size, 1)
  const values = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (isInteger ? 255 : 1) * (state / 2 ** 32)
  })
  return isInteger ? tf.tensor(Int32Array.from(values), shape, 'int32') : tf.tensor(values, shape)
}

/** The largest difference between outputs, as a share of the range of each. */
export function apart(found: Outputs, wanted: Outputs): number {
  const shares = wanted.map((values, index) => {
    const other = found[index]
    if (other?.length !== values.length) return Number.POSITIVE_INFINITY
    let [least, most, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
    for (let at = 0; at < values.length; at++) {
      least = Math.min(least, values[at])
      most = Math.max(most, values[at])
      const difference = Object.is(values[at], other[at]) ? 0 : Math.abs(values[at] - other[at])
      largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference)
    }
    return largest === 0 ? 0 : largest / (most - least || 1)
  })
  return Math.max(0, ...shares)
}
