import { readModel, SamepadError } from '../models/onnx/all.ts'
import { mutations, NothingToMutate, type Pick, pickBy, randomOf, targetOf } from '../models/onnx/mutate.ts'
import type { Source } from './sources.ts'

/** A spoilt model. */
export interface Mutant {
  /** What it was made of. */
  readonly source: Source
  /** How it was spoilt, one way after another. */
  readonly ways: readonly string[]
  readonly bytes: Uint8Array
  /** Random numbers of its own, for what is done with it. */
  readonly random: () => number
}

const WAYS = Object.keys(mutations)
/** The most ways in which one model is spoilt. */
const MOST_WAYS = 4

/** The mutant of a number, which is its seed: the same for the same sources on every machine. */
export async function mutantOf(number: number, sources: readonly Source[]): Promise<Mutant> {
  const random = randomOf(number)
  for (let warmth = 0; warmth < 3; warmth++) random() // neighbouring seeds begin alike
  const pick = pickBy(random)
  const source = weighted(sources, random)
  const ways: string[] = []
  let { bytes } = source
  for (let count = 1 + Math.floor(random() ** 2 * MOST_WAYS); count > 0; count--) {
    const way = pick(WAYS)
    const spoilt = await spoil(bytes, way, pick, random)
    if (!spoilt) break
    ways.push(way)
    bytes = spoilt
  }
  return { source, ways, bytes, random }
}

/** Undefined where nothing can be mutated: it is no model any more, or has no such part. */
async function spoil(
  bytes: Uint8Array,
  way: string,
  pick: Pick,
  random: () => number,
): Promise<Uint8Array | undefined> {
  try {
    return await mutations[way](targetOf(await readModel(bytes), bytes), pick, random)
  } catch (error) {
    if (error instanceof NothingToMutate || error instanceof SamepadError) return undefined
    throw error
  }
}

function weighted(sources: readonly Source[], random: () => number): Source {
  let rest = random() * sources.reduce((sum, { weight }) => sum + weight, 0)
  for (const source of sources) {
    rest -= source.weight
    if (rest < 0) return source
  }
  return sources[sources.length - 1]
}
