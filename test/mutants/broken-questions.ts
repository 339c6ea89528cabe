import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from './try-mutant.ts'

// Questions that go wrong in every way that is watched for, by the number of the mutant.

/** What is kept on purpose, so that it is not collected. */
const kept: unknown[] = []

const ways: Readonly<Record<number, () => void>> = {
  2: () => {
    for (;;) kept.length = 0
  },
  3: () => {
    for (;;) kept.push(`${kept.length} of many`)
  },
  4: () => {
    for (;;) if (kept.length < 40) kept.push(new Uint8Array(10_000_000).fill(1))
  },
  5: () => {
    throw new TypeError('a fault')
  },
  6: () => writeFileSync(join(import.meta.dirname, 'written'), 'x'),
}

export async function tryMutant(number: number): Promise<Outcome> {
  ways[number]?.()
  return { isRefused: false, failures: number === 7 ? ['said so'] : [] }
}
