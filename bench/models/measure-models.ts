import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ask } from '../children.ts'
import { nodePackages } from '../engines/packages-node.ts'
import { progress, progressEnds } from '../progress.ts'
import { processor, samepadVersion } from '../run.ts'
import { median } from '../statistics.ts'
import { benchModels } from './bench-models.ts'
import type { ModelFiles } from './model-engines.js'
import { type ShippedBytes, shippedBytes } from './shipped-bytes.ts'

/** What whole models take on one host. Times in milliseconds. */
export interface ModelResults {
  readonly cpu: string
  readonly cores: number
  /** `Node v24.21.0`. */
  readonly host: string
  readonly versions: Readonly<Record<string, string>>
  readonly shipped: ShippedBytes
  readonly models: readonly ModelResult[]
}

export interface ModelResult {
  readonly model: string
  readonly shape: readonly number[]
  /** A run of each engine, with one thread and with two: all engines in turns. */
  readonly steady: Readonly<Record<1 | 2, SteadyAnswer>>
  /** From the start of a process to its first result, by engine: the quickest of some processes, and the most memory that it had. */
  readonly first: Readonly<Record<string, FirstResult>>
  /** Runs of sizes that it had not seen; undefined of a model for one size. */
  readonly newSizes?: NewSizesAnswer | undefined
}

export interface FirstResult {
  readonly ms: number
  readonly bytes: number
}

export interface NewSizesQuestion {
  readonly files: ModelFiles
  readonly shape: readonly number[]
  readonly most: number
  readonly grows: readonly number[]
}

export interface NewSizesAnswer {
  /** Steps of samepad's schedule. */
  readonly steps: number
  /** By engine, medians over some sizes: the first run, a run from the third one on, and how many times as long the first one is. */
  readonly engines: Readonly<Record<string, { readonly first: number; readonly again: number; readonly ratio: number }>>
}

export interface SteadyQuestion {
  readonly files: ModelFiles
  readonly shape: readonly number[]
  readonly most: number
  readonly threads: number
  readonly isQuick: boolean
}

export interface SteadyAnswer {
  /**
   * By engine: the median of runs, and how far its values are from those of onnxruntime-node, as a share of the range; null
   * where they are other numbers altogether.
   */
  readonly engines: Readonly<Record<string, { readonly ms: number; readonly apart: number | null }>>
  readonly errors: Readonly<Record<string, string>>
}

export const modelEngineNames = ['samepad', 'onnxruntime-web', 'onnxruntime-node'] as const
/** What runs the models of which there is a file of TFLite. */
export const LITE = 'LiteRT.js'

/** Processes of which the quickest counts: other processes of the machine only make it later. */
const [FEW, MANY] = [3, 7]

/** Runs all models whose names have a text in them on every engine, in processes of their own. */
export async function measureModels(only: string, isQuick: boolean): Promise<ModelResults> {
  const models: ModelResult[] = []
  for (const model of benchModels.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))) {
    const { name, shape, most, tflite, grows } = model
    const files = { path: model.file(), tflite }
    const steady = async (threads: 1 | 2): Promise<SteadyAnswer> => {
      progress(`${name}: ${threads === 1 ? 'one thread' : 'two threads'}`)
      return ask<SteadyAnswer>('models/steady-runs.ts', { files, shape, most, threads, isQuick })
    }
    const [one, two] = [await steady(1), await steady(2)]
    progress(`${name}: new sizes`)
    const asked: NewSizesQuestion | undefined = grows && { files, shape, most, grows }
    const newSizes = asked && (await ask<NewSizesAnswer>('models/new-size-runs.ts', asked))
    models.push({
      model: name,
      shape,
      steady: { 1: one, 2: two },
      first: await firstResults(name, files, shape, isQuick),
      newSizes,
    })
  }
  progressEnds()
  const versions = { samepad: samepadVersion() }
  for (const name of modelEngineNames)
    if (name !== 'samepad') Object.assign(versions, { [name]: nodePackages.version(name) })
  Object.assign(versions, { [LITE]: nodePackages.version('@litertjs/core') })
  return { ...processor(), host: `Node ${process.version}`, versions, shipped: await shippedBytes(), models }
}

async function firstResults(
  model: string,
  files: ModelFiles,
  shape: readonly number[],
  isQuick: boolean,
): Promise<Record<string, FirstResult>> {
  progress(`${model}: first results`)
  const found: Record<string, FirstResult[]> = {}
  for (let index = 0; index < (isQuick ? FEW : MANY); index++) {
    for (const engine of [...modelEngineNames, ...(files.tflite ? [LITE] : [])]) {
      const answer = await firstResult({ engine, shape, ...files })
      found[engine] = [...(found[engine] ?? []), answer]
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([engine, list]) => {
      return [engine, { ms: Math.min(...list.map(({ ms }) => ms)), bytes: median(list.map(({ bytes }) => bytes)) }]
    }),
  )
}

/** Starts a process without the loader of TypeScript that this one has. */
async function firstResult(question: object): Promise<FirstResult> {
  const child = fork(join(import.meta.dirname, 'first-result.js'), [JSON.stringify(question)], { execArgv: [] })
  const failure = once(child, 'exit').then(([code]) => {
    throw new Error(`first-result.js ended with code ${code} of ${JSON.stringify(question)}`)
  })
  const [answer] = (await Promise.race([once(child, 'message'), failure])) as [FirstResult]
  return answer
}
