import { expect, it } from 'vitest'
import { readModel } from '../../src/models.ts'
import { tiles } from '../../src/tiles/tiles.ts'
import { constant, model, node } from '../models/onnx/make-model.ts'
import { checkLaw } from '../tiles/law.ts'
import { comparePieces, type Engine, picture, type Value } from '../tiles/run-pieces.ts'
import { sameByShape } from '../tiles/same-by-shape.ts'
import { engine } from './engine.ts'

// The law of tiles: what the pieces of a picture give is what the whole picture gives, bit for bit on integers.
//
//   SAMEPAD_TILES=3000 SAMEPAD_SEED=7 npx vitest run --config vitest.engines.config.ts tiles

const COUNT = Number(process.env.SAMEPAD_TILES ?? 300)
const SEED = Number(process.env.SAMEPAD_SEED ?? 1)

const { InferenceSession, Tensor } = engine('onnxruntime-node')
const options = { graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1 }

type Session = {
  inputNames: readonly string[]
  run(feeds: object): Promise<Record<string, Value>>
  release(): Promise<void>
}

/** A session as an engine for pieces. */
const runBy =
  (session: Session): Engine =>
  ({ dims, data }) =>
    session.run({ [session.inputNames[0]]: new Tensor('float32', data, dims) })

it(`pieces give what the whole gives, on ${COUNT} networks`, { timeout: 600_000 }, async () => {
  await checkLaw(COUNT, SEED, async (bytes, { dims, data }) => {
    const session: Session | undefined = await InferenceSession.create(bytes, options).catch(() => undefined)
    if (!session) return 'refused by onnxruntime'
    const runs = await session.run({ v0: new Tensor('float32', data, dims) }).catch(() => undefined)
    if (runs) return { run: runBy(session), release: () => session.release() }
    await session.release()
    return 'does not run'
  })
})

it.each([
  [1, 3],
  [2, 3],
  [3, 3],
  [3, 4],
  [4, 7],
])('padding that is computed of the shape, stride %i and kernel %i, on every remainder', async (stride, kernel) => {
  const { nodes, initializers } = sameByShape(stride, kernel)
  const sides = { kernel_shape: [kernel, kernel], strides: [stride, stride] }
  const weights = Array.from({ length: 4 * kernel ** 2 }, (_, index) => ((index * 7) % 5) - 2)
  const bytes = model({
    nodes: [...nodes, node('Conv', 'padded weights', 'y', sides)],
    inputs: { x: [1, 2, 'h', 'w'] },
    outputs: { y: [1, 2, 'a', 'b'] },
    initializers: [...initializers, constant('weights', 'float', [2, 2, kernel, kernel], weights)],
  })
  const read = await readModel(bytes)
  const session: Session = await InferenceSession.create(bytes, options)
  for (let size = 36; size < 36 + 2 * stride; size++) {
    const shape = [1, 2, size, 41]
    const plan = tiles(read, { inputs: { x: shape }, tile: 26 })
    expect(plan.pieces).toBeGreaterThan(3)
    expect(await comparePieces(runBy(session), plan, picture(shape))).toEqual([])
  }
  await session.release()
})
