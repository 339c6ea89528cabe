import { SamepadError } from '../../src/geometry/error.ts'
import { readModel, spatialNodes } from '../../src/models.ts'
import { cpuTime } from '../cpu-time.ts'
import { spoilt } from './mutate-bytes.ts'
import { randomOf } from './onnx/mutate.ts'

/** The longest that a small file may take, and the most that memory may grow, for all files together. */
const [SLOWEST, MOST_GROWTH] = [2000, 300e6]

/** What was tried, and what went wrong. */
export interface Tried {
  readonly refused: number
  readonly failures: readonly string[]
}

/**
 * Reads spoilt copies of a file, each made of a number.
 *
 * @param name by which its format is known
 */
export async function tryMutants(name: string, bytes: Uint8Array, from: number, count: number): Promise<Tried> {
  const failures: string[] = []
  const before = process.memoryUsage.rss()
  let refused = 0
  for (let number = from; number < from + count; number++) {
    const mutant = spoilt(bytes, randomOf(number))
    const elapsed = cpuTime()
    try {
      spatialNodes(await readModel({ size: mutant.length, path: name, whole: mutant, ...source(mutant) }))
    } catch (error) {
      refused++
      if (!(error instanceof SamepadError)) failures.push(`${number}: ${(error as Error).stack}`)
    }
    const took = elapsed()
    if (took > SLOWEST) failures.push(`${number} took ${took} ms`)
    const growth = process.memoryUsage.rss() - before
    if (growth > MOST_GROWTH) {
      failures.push(`${number}: memory grew by ${growth} bytes`)
      break
    }
  }
  return { refused, failures }
}

const source = (bytes: Uint8Array) => ({
  read: (begin: number, end: number): Uint8Array => bytes.subarray(begin, end),
  close(): void {},
})
