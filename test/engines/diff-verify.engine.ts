import { expect, it } from 'vitest'
import { diff } from '../../src/models.ts'
import fc from '../fast-check.ts'
import { bytesOf, textOf } from '../models/onnx/random-network.ts'
import { type NetworkPair, networkPairs } from '../models/onnx/vary-network.ts'
import { areEqual, faultsOf, type Output, outputsOf, sizesOf } from './random-runs.ts'

// What `diff` says of two networks, held against what onnxruntime computes of both.
//
//   SAMEPAD_PAIRS=20000 SAMEPAD_SEED=7 npx vitest run --config vitest.engines.config.ts diff-verify
//
// With SAMEPAD_EXAMPLES=1 it also prints the smallest pair of each kind that is written otherwise and called different.

const PAIRS = Number(process.env.SAMEPAD_PAIRS ?? 2000)
const SEED = Number(process.env.SAMEPAD_SEED ?? 1)
const EXAMPLES = process.env.SAMEPAD_EXAMPLES === '1'

const verdicts = [
  'alike, and equal',
  'different, and so are they',
  'alike, but different',
  'different, but equal',
  'a fault row applies',
  'one does not run',
  'neither runs',
] as const
type Verdict = (typeof verdicts)[number]

interface Judged {
  readonly verdict: Verdict
  readonly equal: boolean | undefined
  readonly faults: readonly string[]
}

async function judge({ a, b }: NetworkPair): Promise<Judged> {
  const [first, second] = [bytesOf(a), bytesOf(b)]
  const sizes = sizesOf(a)
  const [ones, others] = [await outputsOf(first, sizes), await outputsOf(second, sizes)]
  const runs = sizes.map((_, index) => [ones[index], others[index]] as const)
  const both = runs.filter((run): run is readonly [Output, Output] => run[0] !== undefined && run[1] !== undefined)
  const said = (await diff(first, second)).equal
  const faults = [...new Set([...(await faultsOf(first, sizes)), ...(await faultsOf(second, sizes))])]
  const equal = both.length > 0 ? both.every((run) => areEqual(...run)) : undefined
  if (both.length === 0)
    return { verdict: runs.some((run) => run[0] ?? run[1]) ? 'one does not run' : 'neither runs', equal, faults }
  if (faults.length > 0 && said === !equal) return { verdict: 'a fault row applies', equal, faults }
  if (equal) return { verdict: said ? 'alike, and equal' : 'different, but equal', equal, faults }
  return { verdict: said ? 'alike, but different' : 'different, and so are they', equal, faults }
}

/** A table of counts, the kinds of variations down and what came of them across. */
function tally(counts: ReadonlyMap<string, ReadonlyMap<Verdict, number>>): string {
  const rows = [...counts].sort(([one], [two]) => one.localeCompare(two))
  const line = (name: string, of: (verdict: Verdict) => string): string =>
    name.padEnd(40) + verdicts.map((verdict) => of(verdict).padStart(8)).join('')
  const heads = ['=, =', '!, !', '=, !', '!, =', 'fault', 'one', 'none']
  return [
    line('said, found', (verdict) => heads[verdicts.indexOf(verdict)]),
    ...rows.map(([kind, found]) => line(kind, (verdict) => String(found.get(verdict) ?? ''))),
  ].join('\n')
}

const shown = ({ kind, a, b }: NetworkPair): string => `${kind}\n  ${textOf(a)}\n  ${textOf(b)}`
const nameOf = ({ rewritten, kind }: NetworkPair): string => `${rewritten ? 'rewritten' : 'changed'}: ${kind}`

/** The smallest pair of a kind that comes to a verdict. */
async function smallest(name: string, verdict: Verdict): Promise<NetworkPair | undefined> {
  const property = fc.asyncProperty(networkPairs, async (pair) => {
    return nameOf(pair) !== name || (await judge(pair)).verdict !== verdict
  })
  return (await fc.check(property, { seed: SEED, numRuns: PAIRS })).counterexample?.[0]
}

it(`diff says Different wherever onnxruntime computes something else, over ${PAIRS} pairs`, {
  timeout: 3_600_000,
}, async () => {
  const counts = new Map<string, Map<Verdict, number>>()
  const faults = new Map<string, number>()
  const broken: NetworkPair[] = []
  for (const pair of fc.sample(networkPairs, { numRuns: PAIRS, seed: SEED })) {
    const { verdict, equal, faults: rows } = await judge(pair)
    const name = nameOf(pair)
    const found = counts.get(name) ?? new Map<Verdict, number>()
    counts.set(name, found.set(verdict, (found.get(verdict) ?? 0) + 1))
    for (const row of rows) faults.set(row, (faults.get(row) ?? 0) + 1)
    if (pair.rewritten && equal === false && rows.length === 0) broken.push(pair)
  }
  console.log(`seed ${SEED}\n${tally(counts)}\n${[...faults].map(([row, count]) => `${row}: ${count}`).join('\n')}`)
  expect(broken.map(shown), 'rewrites that are none').toEqual([])
  const examples = async (verdict: Verdict, start = ''): Promise<(string | undefined)[]> => {
    const kinds = [...counts]
      .filter(([name, found]) => found.has(verdict) && name.startsWith(start))
      .map(([name]) => name)
    const pairs = await Promise.all(kinds.map((name) => smallest(name, verdict)))
    return pairs.map((pair) => pair && shown(pair))
  }
  if (EXAMPLES) console.log((await examples('different, but equal', 'rewritten')).join('\n'))
  expect(await examples('alike, but different')).toEqual([])
})
