import { expect, it } from 'vitest'
import { isSameFunction } from '../../src/analysis/same-function.ts'
import { findConvention, solve } from '../../src/geometry.ts'
import { diff, readModel, spatialNodes } from '../../src/models.ts'
import fc from '../fast-check.ts'
import { bytesOf, type Network, textOf } from '../models/onnx/random-network.ts'
import { type NetworkPair, networkPairs } from '../models/onnx/vary-network.ts'
import { engine } from './engine.ts'

// What `diff` says of two networks, held against what onnxruntime computes of both.
//
//   SAMEPAD_PAIRS=20000 SAMEPAD_SEED=7 npx vitest run --config vitest.engines.config.ts diff-verify
//
// With SAMEPAD_EXAMPLES=1 it also prints the smallest pair of each kind that is written otherwise and called different.

const PAIRS = Number(process.env.SAMEPAD_PAIRS ?? 2000)
const SEED = Number(process.env.SAMEPAD_SEED ?? 1)
const EXAMPLES = process.env.SAMEPAD_EXAMPLES === '1'

const { InferenceSession, Tensor } = engine('onnxruntime-node')
const options = { graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1 }

interface Output {
  readonly dims: readonly number[]
  readonly data: ArrayLike<number>
}

/** Small integers for an input of two channels. */
function feed(spatial: readonly number[]): { x: Output } {
  const dims = [1, 2, ...spatial]
  const length = dims.reduce((product, size) => product * size, 1)
  let state = 7
  const data = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 16) % 9) - 4
  })
  return { x: new Tensor('float32', data, dims) }
}

/** What a network gives at each of some sizes; undefined where onnxruntime refuses it. */
async function outputsOf(bytes: Uint8Array, sizes: readonly (readonly number[])[]): Promise<(Output | undefined)[]> {
  const session = await InferenceSession.create(bytes, options).catch(() => undefined)
  const outputs: (Output | undefined)[] = []
  for (const size of sizes) {
    const found = await session?.run(feed(size)).catch(() => undefined)
    outputs.push(found?.y)
  }
  await session?.release()
  return outputs
}

/** Sums of integers are exact; averages are not, in whatever order they are added. */
function areEqual(a: Output, b: Output): boolean {
  if (String(a.dims) !== String(b.dims)) return false
  let [largest, apart] = [0, 0]
  for (let index = 0; index < a.data.length; index++) {
    const [one, two] = [a.data[index], b.data[index]]
    if (Object.is(one, two) || one === two) continue
    if (Number.isNaN(one) !== Number.isNaN(two)) return false
    largest = Math.max(largest, Math.abs(one), Math.abs(two))
    apart = Math.max(apart, Math.abs(one - two))
  }
  return apart <= 3e-6 * largest
}

/** Where onnxruntime's own rule for a node gives something else than the specification's: the rule's name. */
async function faultsOf(bytes: Uint8Array, sizes: readonly (readonly number[])[]): Promise<string[]> {
  const model = await readModel(bytes)
  return sizes.flatMap((size) =>
    spatialNodes(model, { inputs: { x: [1, 2, ...size] } }).flatMap(({ axes, op, written }) =>
      axes.flatMap(({ setting, input }) => {
        if (!setting || input === undefined) return []
        const word = setting.convention.split('.').at(-1) as string
        // With VALID it rounds up where it is told to, which the specification does not.
        const rounds = word === 'valid' && written.ceilMode && op.endsWith('Pool')
        const own = findConvention('onnxruntime', op, rounds ? 'explicit' : word)
        if (!own) return []
        const theirs = { ...setting, convention: own.id, ...(rounds && { pads: [0, 0] as const, ceilMode: true }) }
        const equal = isSameFunction(setting, solve(setting, input), theirs, solve(theirs, input))
        return equal ? [] : [rounds ? `${own.id}, rounded up with VALID` : own.id]
      }),
    ),
  )
}

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

/** Sizes at which a pair is run: its own, and where the file leaves them open two more. */
const sizesOf = ({ input, open }: Network): (readonly number[])[] =>
  open ? [input, input.map((size) => size + 1), input.map((size, axis) => size + 4 + axis)] : [input]

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
