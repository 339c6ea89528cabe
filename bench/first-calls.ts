import { resolve } from '../dist/geometry/index.js'
import { planProgram } from '../dist/plan/choose.js'
import { strategyOf } from '../dist/run/strategies.js'
import { createMemory, instantiate, probeFeatures } from '../dist/wasm/engine.js'
import { layerOf } from './engines/samepad.ts'
import { type BenchLayer, shapesOf } from './layers.ts'
import type { FirstCall } from './results.ts'
import { taskOf } from './tensors.ts'

/** What stands between an input that arrives and its first output, layer after layer, each met for the first time. */
export function firstCalls(layers: readonly BenchLayer[]): FirstCall[] {
  const features = probeFeatures()
  const memory = createMemory(1)
  return layers.map((layer): FirstCall => {
    const { geometry, batch, inChannels, outChannels, groups, padding, name } = layer
    const task = taskOf(layer)
    const { axes, op } = geometry
    const of = (key: 'input' | 'kernel' | 'stride' | 'dilation'): number[] => axes.map((axis) => axis[key])
    const sizes = { op, input: of('input'), kernel: of('kernel'), strides: of('stride'), dilations: of('dilation') }
    const times: number[] = [performance.now()]
    const stage = <T>(value: T): T => {
      times.push(performance.now())
      return value
    }
    const resolved = stage(resolve({ ...sizes, padding } as Parameters<typeof resolve>[0]))
    const problem = { geometry: resolved, batch, inChannels, outChannels, groups, layout: 'nchw' } as const
    const plan = stage(planProgram(problem, features, false))
    const bytes = stage(plan ? strategyOf(plan).emit(plan) : new Uint8Array(0))
    stage(plan && instantiate(bytes, memory))
    stage(plan && strategyOf(plan).pack(plan, task.weights.data, undefined))
    const spent = times.slice(1).map((time, index) => time - times[index])
    const prepared = layerOf(task, 'nchw')
    const begin = performance.now()
    prepared.run({ data: task.x.data, shape: shapesOf(layer).x })
    const call = performance.now() - begin
    prepared.release()
    const [resolve_, plan_, emit, compile, pack] = spent
    return { layer: name, resolve: resolve_, plan: plan_, emit, compile, pack, call, bytes: bytes.length }
  })
}
