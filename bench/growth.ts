import type { Engine } from './engines/engine.ts'
import { type Budget, interleave } from './interleave.ts'
import { type BenchLayer, layerOf, operationsOf } from './layers.ts'
import { progress } from './progress.ts'
import type { Growth } from './results.ts'
import { taskOf } from './tensors.ts'
import { gflops } from './time-layers.ts'

const sizes = { area: [14, 28, 56, 112, 224], channels: [8, 16, 32, 64, 128, 256], batch: [1, 2, 4, 8] } as const

/** A 3x3 convolution with stride 2, which all engines have, as its input, its channels and its batch grow. */
export async function measureGrowth(engines: readonly Engine[], budget: Budget): Promise<Growth[]> {
  const found: Growth[] = []
  const shown = engines.filter(({ kind, name }) => kind === 'samepad' || /tfjs-wasm|onnxruntime-web|LiteRT/.test(name))
  for (const along of ['area', 'channels', 'batch'] as const) {
    for (const size of sizes[along]) {
      progress(`growth along ${along}: ${size}`)
      found.push(...(await measure(shown, budget, along, size)))
    }
  }
  return found
}

async function measure(
  engines: readonly Engine[],
  budget: Budget,
  along: Growth['along'],
  size: number,
): Promise<Growth[]> {
  const layer = layerAt(along, size)
  const task = taskOf(layer)
  const ready = await Promise.all(engines.map(async (engine) => ({ engine, prepared: await engine.prepare(task) })))
  const times = await interleave(
    ready.map(({ prepared }) => prepared.run),
    budget,
  )
  for (const { prepared } of ready) await prepared.release()
  const cells = along === 'area' ? size * size : size
  return ready.map(({ engine }, index) => {
    const ms = times[index]
    return { along, size: cells, engine: engine.name, ms, gflops: gflops(operationsOf(layer), ms) }
  })
}

function layerAt(along: Growth['along'], size: number): BenchLayer {
  const channels = along === 'channels' ? size : 64
  const side = along === 'area' ? size : 56
  return layerOf({
    ...{ name: `${along} ${size}`, kind: 'growth', op: 'conv', in: channels, out: channels },
    ...{ input: [side, side], kernel: [3, 3], strides: [2, 2], batch: along === 'batch' ? size : 1 },
  })
}
