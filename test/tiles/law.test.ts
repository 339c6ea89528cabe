import { expect, it } from 'vitest'
import { type LoadedNetwork, loadNetwork } from '../../src/graph.ts'
import { readModel } from '../../src/models.ts'
import { tiles } from '../../src/tiles.ts'
import fc from '../fast-check.ts'
import { checkLaw } from './law.ts'
import { graphBytes, type RandomCase, type RandomGraph, randomCases } from './random-graph.ts'
import type { Engine } from './run-pieces.ts'

// The law of tiles with samepad's own engine: what the pieces of a picture give is what the whole gives, bit for bit on
// integers. Layers are summed directly (`deterministic`), since Winograd rounds.
//
//   SAMEPAD_TILES=3000 SAMEPAD_SEED=7 npx vitest run test/tiles/law.test.ts

const COUNT = Number(process.env.SAMEPAD_TILES ?? 200)
const SEED = Number(process.env.SAMEPAD_SEED ?? 1)

const engineOf =
  (network: LoadedNetwork): Engine =>
  ({ dims, data }) =>
    Object.fromEntries(
      Object.entries(network.run({ v0: { data, shape: dims } })).map(([name, value]) => [
        name,
        { dims: value.shape, data: value.data },
      ]),
    )

it(`pieces give what the whole gives, on ${COUNT} networks`, { timeout: 3_600_000 }, async () => {
  await checkLaw(COUNT, SEED, async (bytes) => {
    const network = await loadNetwork(bytes, { deterministic: true })
    return { run: engineOf(network), release: () => network.release() }
  })
})

/** The network without what may hide a cell: maxima. */
const open = (graph: RandomGraph): RandomGraph => ({
  ...graph,
  steps: graph.steps.map((step) => (step.op === 'MaxPool' ? { ...step, op: 'AveragePool', ceil: false } : step)),
})

/**
 * Whether the outermost cells of the halo matter, before and behind: each changes something that the piece in the middle
 * keeps. Weights are positive and so is the picture, so that nothing is cancelled.
 */
async function matters({ graph, size, tile }: RandomCase): Promise<readonly boolean[] | undefined> {
  const bytes = graphBytes(open(graph), true)
  const shape = [1, 2, ...size]
  const plan = await readModel(bytes).then((model) => {
    try {
      return tiles(model, { inputs: { v0: shape }, tile })
    } catch {
      return undefined // what is refused is the subject of the law above
    }
  })
  const [axis] = plan?.axes ?? []
  if (!axis || axis.pieces.length < 3) return undefined
  const [, { own, keep }] = axis.pieces
  const outer = [own[0] - axis.halo[0], own[1] + axis.halo[1] - 1]
  if (outer.some((cell) => cell < 0 || cell >= axis.size)) return undefined
  const network = await loadNetwork(bytes, { deterministic: true })
  const inner = shape.slice(axis.axis + 1).reduce((a, b) => a * b, 1)
  const run = (changed?: number) => {
    const count = shape.reduce((a, b) => a * b, 1)
    const data = Float32Array.from({ length: count }, (_, index) =>
      Math.floor(index / inner) % axis.size === changed ? 2 : 1,
    )
    return network.run({ v0: { data, shape } })
  }
  const before = run()
  const changes = outer.map((cell) => {
    const after = run(cell)
    return keep.some(({ output, axis: at, cells: [from, to] }) => {
      const { data, shape: sizes } = before[output]
      const own = sizes.slice(at + 1).reduce((a, b) => a * b, 1)
      return data.some((one, index) => {
        const place = Math.floor(index / own) % sizes[at]
        return place >= from && place < to && one !== after[output].data[index]
      })
    })
  })
  network.release()
  return changes
}

/**
 * Transposed layers that are dilated, or whose kernel is smaller than their stride, leave cells out; halos are intervals, and
 * may have a cell more. A Slice drops cells at the border of the picture, which here is never far.
 */
const hasHoles = ({ steps }: RandomGraph): boolean =>
  steps.some(
    (step) =>
      step.op === 'Slice' ||
      (step.op === 'ConvTranspose' && step.windows.some((one) => one.dilation > 1 || one.kernel < one.stride)),
  )

it(`the halo is the smallest, on ${COUNT} networks`, { timeout: 3_600_000 }, async () => {
  const found = new Map<string, number>()
  const wrong: string[] = []
  await fc.assert(
    fc.asyncProperty(randomCases, async (one) => {
      const said = hasHoles(one.graph) ? undefined : await matters(one)
      found.set(String(said), (found.get(String(said)) ?? 0) + 1)
      if (said?.includes(false)) wrong.push(JSON.stringify([said, one]))
    }),
    { numRuns: COUNT, seed: SEED },
  )
  console.log(
    found,
    wrong
      .sort((a, b) => a.length - b.length)
      .slice(0, 5)
      .join('\n'),
  )
  expect(wrong).toEqual([])
  expect(found.get('true,true')).toBeGreaterThan(COUNT / 20)
})
