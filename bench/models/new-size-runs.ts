// The process that `measure-models.ts` starts: what a size costs that a model has not seen, on the engines that take any.

import { type Budget, compiled, timeOf, warmUp } from '../interleave.ts'
import { median } from '../statistics.ts'
import { inputOf } from './bench-models.ts'
import type { NewSizesAnswer, NewSizesQuestion } from './measure-models.ts'
import { modelEngines } from './model-engines.js'

/** A model has seen two sizes when new ones come. */
const SEEN = 2
const NEW = 9
/** Runs of a size from the third one on, which are steady. */
const STEADY = 5

const seen: Budget = {
  ...{ warmUp: 60, longestWarmUp: 1500, turn: 4 },
  ...{ least: { runs: 5, time: 16 }, slow: { runs: 3, time: 100 } },
}

const question = JSON.parse(process.argv[2]) as NewSizesQuestion
process.send?.(await measure(question), () => process.exit())

async function measure({ files, shape, most, grows }: NewSizesQuestion): Promise<NewSizesAnswer> {
  const inputs = Array.from({ length: SEEN + NEW }, (_, index) => {
    const sizes = shape.map(
      (size, axis) => size + grows[axis] * (axis === shape.length - 1 ? index : [0, 3, 2][index % 3]),
    )
    return { sizes, data: inputOf({ shape: sizes, most }) }
  })
  const engines: Record<string, { first: number; again: number; ratio: number }> = {}
  for (const engine of ['samepad', 'onnxruntime-web'] as const) {
    const run = await modelEngines[engine](files, 1)
    if (!run) continue
    for (const { sizes, data } of inputs.slice(0, SEEN)) await warmUp(() => run(data, sizes), seen)
    await compiled()
    const found: { first: number; again: number }[] = []
    for (const { sizes, data } of inputs.slice(SEEN)) {
      const times: number[] = []
      for (let index = 0; index < 2 + STEADY; index++) times.push((await timeOf(() => run(data, sizes))).time)
      found.push({ first: times[0], again: median(times.slice(2)) })
    }
    engines[engine] = {
      first: median(found.map(({ first }) => first)),
      again: median(found.map(({ again }) => again)),
      ratio: median(found.map(({ first, again }) => first / again)),
    }
  }
  const { loadNetwork } = await import('../../dist/graph.js')
  const network = await loadNetwork(files.path, { threads: 1 })
  return { steps: network.plan({ [network.inputs[0].name]: shape }).steps.length, engines }
}
