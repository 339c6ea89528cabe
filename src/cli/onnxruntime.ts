import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SamepadError, Verbatim } from '../geometry.ts'
import { FileError } from './file-error.ts'
import type { ModelFile } from './model-files.ts'

/** A tensor of onnxruntime, by what is needed of it. */
export interface EngineTensor {
  readonly dims: readonly number[]
  readonly data: ArrayLike<number | bigint>
}

/** As much of onnxruntime-node as is needed. It is the user's; there are no types of it here. */
interface OnnxruntimeNode {
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => EngineTensor
  readonly InferenceSession: {
    create(
      source: string | Uint8Array,
      options: object,
    ): Promise<{
      run(feeds: Readonly<Record<string, EngineTensor>>): Promise<Record<string, EngineTensor>>
      release?(): Promise<void>
    }>
  }
}

/** How far onnxruntime may rewrite a model before it runs, in its own words: not at all, ..., as it does by default. */
export const optimizations = ['disabled', 'basic', 'extended', 'all'] as const

/** One of them. */
export type Optimization = (typeof optimizations)[number]

/** What runs models. */
export interface Runtime {
  /** As people call it, with its version where it is installed by them. */
  readonly name: string
  /** How far it may rewrite a model before it runs; none where that cannot be told. */
  readonly levels: readonly Optimization[]
  /** A tensor of one of ONNX's types of elements. */
  readonly tensor: (elementType: number, dims: readonly number[], value: (index: number) => number) => EngineTensor
  /** What a model computes of each input, run one after the other. */
  readonly run: (file: ModelFile, inputs: readonly Feeds[], optimization: Optimization) => Promise<readonly Outputs[]>
}

/** The inputs of a model by name. */
export type Feeds = Readonly<Record<string, EngineTensor>>

/** What a model computed, by the names of its outputs. */
export type Outputs = Readonly<Record<string, EngineTensor>>

type ElementFill = (count: number, value: (index: number) => number) => unknown

const whole = (value: number): number => Math.round(value)

/** ONNX's numbers for types that inputs have: onnxruntime's name, and how values are held. */
const types: Readonly<Record<number, readonly [name: string, fill: ElementFill]>> = {
  1: ['float32', (count, value) => Float32Array.from({ length: count }, (_, index) => value(index))],
  2: ['uint8', (count, value) => Uint8Array.from({ length: count }, (_, index) => whole(value(index)))],
  3: ['int8', (count, value) => Int8Array.from({ length: count }, (_, index) => whole(value(index)))],
  6: ['int32', (count, value) => Int32Array.from({ length: count }, (_, index) => whole(value(index)))],
  7: ['int64', (count, value) => BigInt64Array.from({ length: count }, (_, index) => BigInt(whole(value(index))))],
  9: ['bool', (count, value) => Uint8Array.from({ length: count }, (_, index) => (value(index) > 0 ? 1 : 0))],
  11: ['float64', (count, value) => Float64Array.from({ length: count }, (_, index) => value(index))],
}

/**
 * The onnxruntime-node that is installed where a command is typed.
 *
 * @throws SamepadError where there is none
 */
export async function loadRuntime(cwd: string): Promise<Runtime> {
  const require = createRequire(join(cwd, 'package.json'))
  const { module, version } = load(require)
  return {
    name: `onnxruntime-node ${version}`,
    levels: optimizations,
    tensor: (elementType, dims, value) => {
      const type = types[elementType]
      const must = `an input must be of the types ${Object.values(types)
        .map(([name]) => name)
        .join(', ')}`
      if (!type) throw new SamepadError('verify', must, new Verbatim(`ONNX's type ${elementType}`))
      const count = dims.reduce((product, size) => product * size, 1)
      return new module.Tensor(type[0], type[1](count, value), dims)
    },
    run: async ({ name, source }, inputs, optimization) => {
      try {
        const options = { logSeverityLevel: 4, graphOptimizationLevel: optimization }
        const session = await module.InferenceSession.create(source, options)
        const outputs: Outputs[] = []
        for (const feeds of inputs) outputs.push(await session.run(feeds))
        await session.release?.()
        return outputs
      } catch (error) {
        throw new FileError('verify', `onnxruntime must run ${name}`, new Verbatim((error as Error).message))
      }
    },
  }
}

function load(require: NodeJS.Require): { module: OnnxruntimeNode; version: string } {
  try {
    const { version } = require('onnxruntime-node/package.json') as { version: string }
    return { module: require('onnxruntime-node') as OnnxruntimeNode, version }
  } catch (error) {
    const isMissing = (error as { code?: string }).code === 'MODULE_NOT_FOUND'
    const must = 'onnxruntime-node must be installed where you are: npm install onnxruntime-node'
    throw new SamepadError('verify', must, new Verbatim(isMissing ? 'none' : (error as Error).message))
  }
}
