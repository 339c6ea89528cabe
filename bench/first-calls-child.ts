// The process that `first-calls.ts` starts: answers one question and ends.

import { type Geometry, resolve } from '../dist/index.js'
import { planProgram } from '../dist/plan/choose.js'
import { emitPlan, packFilter } from '../dist/run/programs/strategies.js'
import { createMemory, instantiate, probeFeatures } from '../dist/wasm/engine.js'
import { filterOf } from './agreement.ts'
import { layerOf } from './engines/samepad.ts'
import type { Answer, Question } from './first-calls.ts'
import { type BenchLayer, readLayers } from './layers.ts'
import { readJson } from './options.ts'
import { taskOf } from './tensors.ts'

const { mode, layers, only } = JSON.parse(process.argv[2]) as Question
const measure = { stages: timeStages, call: timeCall }[mode]
const answer: Record<string, Answer[string]> = {}
for (const layer of readLayers(readJson(layers), only)) answer[layer.name] = measure(layer)
process.send?.(answer, () => process.exit())

/** resolve, plan, emit and compile in the default layout, and the packing of the weights. */
function timeStages(layer: BenchLayer): Answer[string] {
  const { batch, inChannels, outChannels, groups, padding } = layer
  const { weights } = taskOf(layer)
  const times: Record<string, number> = {}
  const timed = <T>(stage: string, work: () => T): T => {
    const start = performance.now()
    const result = work()
    times[stage] = performance.now() - start
    return result
  }
  const geometry = timed('resolve', () => resolveAgain(layer.geometry, padding))
  const problem = { geometry, batch, inChannels, outChannels, groups, layout: 'nchw' } as const
  const plan = timed('plan', () => planProgram(problem, probeFeatures(), false))
  if (!plan) return { ...times, emit: 0, compile: 0, pack: 0, bytes: 0 }
  const bytes = timed('emit', () => emitPlan(plan))
  const memory = createMemory(1)
  timed('compile', () => instantiate(bytes, memory))
  if (weights.data.length > 0) timed('pack', () => packFilter(plan, filterOf(layer, weights)))
  return { pack: 0, ...times, bytes: bytes.length }
}

function resolveAgain({ op, axes }: Geometry, padding: BenchLayer['padding']): Geometry {
  const [input, kernel] = [axes.map((axis) => axis.input), axes.map((axis) => axis.kernel)]
  const [strides, dilations] = [axes.map((axis) => axis.stride), axes.map((axis) => axis.dilation)]
  return resolve({ op, input, kernel, strides, dilations, padding })
}

/** From weights in an array to the first output. */
function timeCall(layer: BenchLayer): Answer[string] {
  const task = taskOf(layer)
  const start = performance.now()
  layerOf(task, 'nchw').run(task.x)
  return { call: performance.now() - start }
}
