import { SamepadError } from '../../src/geometry.ts'
import { type Model, spatialNodes } from '../../src/models.ts'
import { cpuTime } from '../cpu-time.ts'
import { type Pick, pickBy, randomOf } from '../models/onnx/mutate.ts'

/** Makes a mutant. */
export type Spoil = (pick: Pick, random: () => number) => Uint8Array

/** A small file of a format, and what spoils it. */
export interface SpoiltFormat {
  readonly name: string
  readonly isText: boolean
  readonly spoil: Spoil
  readonly read: (mutant: Uint8Array) => Promise<Model>
}

/** The most milliseconds of the processor that a mutant may take (they take about one), and bytes that memory may grow. */
const [SLOWEST, MOST_GROWTH] = [2000, 300e6]

/** What came of mutants. */
export interface Tried {
  readonly read: number
  readonly refused: number
  readonly failures: readonly string[]
}

/** The mutant of a number. */
export function mutantOf({ spoil }: SpoiltFormat, number: number): Uint8Array {
  const random = randomOf(number)
  for (let warmth = 0; warmth < 3; warmth++) random() // neighbouring seeds begin alike
  return spoil(pickBy(random), random)
}

/**
 * Reads mutants of a format and follows their windows: each must be read, or refused by an error of samepad's own.
 *
 * @param from the first one's number
 */
export async function tryFormat(format: SpoiltFormat, from: number, count: number): Promise<Tried> {
  const failures: string[] = []
  const before = process.memoryUsage.rss()
  let [read, refused] = [0, 0]
  for (let number = from; number < from + count; number++) {
    const mutant = mutantOf(format, number)
    const elapsed = cpuTime()
    try {
      spatialNodes(await format.read(mutant))
      read++
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
  return { read, refused, failures }
}
