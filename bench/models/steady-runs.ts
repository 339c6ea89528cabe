// The process that `measure-models.ts` starts: one model on all engines with so many threads. Values first, then times in turns.

import { type Budget, interleave, quick, thorough } from '../interleave.ts'
import type { Values } from '../tensors.ts'
import { type BenchModel, inputOf } from './bench-models.ts'
import type { SteadyAnswer, SteadyQuestion } from './measure-models.ts'
import { modelEngines } from './model-engines.js'

type Outputs = Readonly<Record<string, Values>>

/** A difference from zero that is more than rounding. */
const FLIP = 1e-6

const { files, shape, most, threads, isQuick } = JSON.parse(process.argv[2]) as SteadyQuestion
process.send?.(await measure({ shape, most }, isQuick ? quick : thorough, threads), () => process.exit())

async function measure(
  model: Pick<BenchModel, 'shape' | 'most'>,
  budget: Budget,
  threads: number,
): Promise<SteadyAnswer> {
  const data = inputOf(model)
  const rows: { engine: string; run: () => unknown; outputs: Outputs }[] = []
  const errors: Record<string, string> = {}
  for (const [engine, open] of Object.entries(modelEngines)) {
    try {
      const run = await open(files, threads)
      if (run) rows.push({ engine, run: () => run(data, shape), outputs: await run(data, shape) })
    } catch (error) {
      errors[engine] = error instanceof Error ? error.message : String(error)
    }
  }
  const wanted = rows.find(({ engine }) => engine === 'onnxruntime-node')
  const times = await interleave(
    rows.map(({ run }) => run),
    budget,
    true,
  )
  return {
    errors,
    engines: Object.fromEntries(
      rows.map(({ engine, outputs }, index) => {
        return [engine, { ms: times[index], apart: wanted ? apart(outputs, wanted.outputs) : null }]
      }),
    ),
  }
}

/** The largest difference of all outputs, as a share of the range of each, or of 1 where that is smaller. */
function apart(found: Outputs, wanted: Outputs): number | null {
  const shares = Object.entries(wanted).map(([name, { data, shape }]) => {
    const other = found[name]
    if (String(other?.shape) !== String(shape)) return Number.POSITIVE_INFINITY
    let [least, highest, largest, flips] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
    for (let at = 0; at < data.length; at++) {
      const [a, b] = [Number(data[at]), Number(other.data[at])]
      least = Math.min(least, a)
      highest = Math.max(highest, a)
      // Outputs that are zero but for peaks: whether a cell is one depends on the last bit where neighbours are alike.
      if ((a === 0) !== (b === 0) && Math.abs(a - b) > FLIP) flips++
      else largest = Math.max(largest, Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b))
    }
    return flips > data.length / 100 ? Number.POSITIVE_INFINITY : largest / Math.max(1, highest - least)
  })
  const largest = Math.max(...shares)
  return Number.isFinite(largest) ? largest : null
}
