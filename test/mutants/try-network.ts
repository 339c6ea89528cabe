import { loadNetwork, type NetworkValue, type Tensor } from '../../src/graph.ts'
import { releaseMemory } from '../../src/index.ts'
import { modelBytes } from '../graph/onnx-bytes.ts'
import { caseBytes } from '../graph/operator-cases/case.ts'
import { operatorCases } from '../graph/operator-cases/index.ts'
import { sizeModels } from '../graph/size-models.ts'
import { SamepadError } from '../models/onnx/all.ts'
import type { Mutant } from './mutant.ts'
import { readSources, type Source } from './sources.ts'
import { type Outcome, SLOWEST } from './try-mutant.ts'

// Whether a spoilt model is refused or runs, within bounds of time and memory.

/** Models that run: one for each operator, such whose numbers say sizes, and ONNX's own where they are there. */
export async function sources(withTestdata: boolean): Promise<Source[]> {
  const cases = [...operatorCases].map(([name, one]) => ({ name, bytes: caseBytes(one), weight: 1 }))
  const sizes = sizeModels.map(([model], index) => ({ name: `sizes ${index}`, bytes: modelBytes(model), weight: 10 }))
  const tests = withTestdata ? (await readSources(true)).filter(({ weight }) => weight === 0.1) : []
  return [...cases, ...sizes, ...tests.map((one) => ({ ...one, weight: 0.3 }))]
}

/** Loads it, and runs it twice where it can be loaded. */
export async function tryMutant(_: number, { bytes, random }: Mutant): Promise<Outcome> {
  const failures: string[] = []
  const before = process.cpuUsage()
  let isRefused = false
  try {
    const network = await loadNetwork(bytes)
    const inputs = Object.fromEntries(network.inputs.map((input) => [input.name, tensorFor(input, random)]))
    network.run(inputs)
    network.run(inputs)
    network.release()
  } catch (error) {
    isRefused = true
    if (!(error instanceof SamepadError)) failures.push(`crashed: ${error instanceof Error ? error.stack : error}`)
    else if (!/^[a-z]\w*: [^\n]+, got [^\n]+$/i.test(error.message)) failures.push(`says ${error.message}`)
  }
  const { user, system } = process.cpuUsage(before)
  if ((user + system) / 1000 > SLOWEST) failures.push(`took ${Math.round((user + system) / 1000)} ms`)
  releaseMemory()
  return { isRefused, failures }
}

/** Small sizes for what is open or large, and numbers of the input's kind. */
function tensorFor({ shape, type }: NetworkValue, random: () => number): Tensor {
  const some = (): number => Math.floor(random() * 5) + Number(random() < 0.95)
  const sizes = (shape ?? Array.from({ length: some() }, some)).map((size) =>
    typeof size === 'number' && size <= 32 ? size : some(),
  )
  const length = sizes.reduce((product, size) => product * size, 1)
  const isSmall = length <= 2 ** 16
  const of =
    type === 'bool' ? () => Number(random() < 0.5) : type?.includes('int') ? () => some() - 1 : () => 2 * random() - 1
  if (!isSmall) return { data: Float32Array.from({ length: 1 }, of), shape: sizes.map(() => 1) }
  return { data: Float32Array.from({ length }, of), shape: sizes }
}
