import { expect, it } from 'vitest'
import { type Fixed, type FixOptions, fix } from '../../src/models.ts'
import fc from '../fast-check.ts'
import { bytesOf, type Network, networks, textOf } from '../models/onnx/random-network.ts'
import { areEqual, faultsOf, type Output, outputsOf, sizesOf } from './random-runs.ts'

// What `fix` writes, held against what onnxruntime computes before and after.
//
//   SAMEPAD_NETWORKS=2000 SAMEPAD_SEED=7 npx vitest run --config vitest.engines.config.ts fix-verify

const NETWORKS = Number(process.env.SAMEPAD_NETWORKS ?? 120)
const SEED = Number(process.env.SAMEPAD_SEED ?? 1)

const ways: Readonly<Record<string, FixOptions>> = {
  mended: {},
  'mended, unsafe': { unsafe: true },
  explicit: { to: 'explicit' },
  'auto-pad': { to: 'auto-pad' },
  'pad-node': { to: 'pad-node' },
}

type Runs = readonly (Output | undefined)[]

/** Whether what ran before runs after, and gives the same. */
const isKept = (before: Runs, after: Runs): boolean =>
  before.every((one, index) => {
    const other = after[index]
    return one === undefined || (other !== undefined && areEqual(one, other))
  })

const shown = (way: string, network: Network, { changes }: Fixed): string =>
  `${way}: ${textOf(network)}: ${changes.map(({ before, after }) => `${before} -> ${after}`).join('; ')}`

it(`fix keeps what ${NETWORKS} networks compute wherever it says so`, { timeout: 3_600_000 }, async () => {
  const broken: string[] = []
  let kept = 0
  for (const network of fc.sample(networks, { numRuns: NETWORKS, seed: SEED })) {
    const [bytes, sizes] = [bytesOf(network), sizesOf(network)]
    const before = await outputsOf(bytes, sizes)
    for (const [way, options] of Object.entries(ways)) {
      const fixed = await fix(bytes, options)
      if (!fixed.changes.some(({ same }) => same === 'always') || fixed.changes.some(({ same }) => same === 'no'))
        continue
      if (isKept(before, await outputsOf(fixed.bytes, sizes))) kept++
      else if ([...(await faultsOf(bytes, sizes)), ...(await faultsOf(fixed.bytes, sizes))].length === 0)
        broken.push(shown(way, network, fixed))
    }
  }
  expect(broken).toEqual([])
  expect(kept).toBeGreaterThan(NETWORKS / 2)
})
