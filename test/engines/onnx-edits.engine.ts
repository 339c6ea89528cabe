import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSafetensors } from '../../src/index.ts'
import {
  addInitializer,
  applyEdits,
  attributeOf,
  type Edit,
  insertNode,
  readModel,
  removeAttribute,
  setAttribute,
  setInput,
  spatialNodes,
} from '../../src/models.ts'
import { randomOf } from '../models/onnx/mutate.ts'
import { bytesOf, type RealModel, realModels, realNames } from '../models/onnx/real-models.ts'
import { engine } from './engine.ts'

type Output = { readonly dims: readonly number[]; readonly data: Float32Array }
type Feeds = Record<string, unknown>

/** What ONNX Runtime makes of a model. */
async function run(bytes: Uint8Array, feeds: Feeds): Promise<Record<string, Output>> {
  const { InferenceSession } = engine('onnxruntime-node')
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3, intraOpNumThreads: 1 })
  const outputs = await session.run(feeds)
  await session.release()
  return outputs
}

/** Inputs for a model: the photo for BlazeFace, noise for the others. */
function feedsOf(name: RealModel): Feeds {
  const { Tensor } = engine('onnxruntime-node')
  const random = randomOf(7)
  if (name === 'blazeface') {
    const { data, shape } = readSafetensors(
      join(import.meta.dirname, '../../examples/face/data/expected.safetensors'),
    ).get('input')
    return { 'input:0': new Tensor('float32', data, shape) }
  }
  const noise = (shape: readonly number[]): unknown => {
    const length = shape.reduce((product, size) => product * size, 1)
    return new Tensor(
      'float32',
      Float32Array.from({ length }, () => random() - 0.5),
      shape,
    )
  }
  const feeds = Object.fromEntries(
    Object.entries(realModels[name].inputs).map(([input, shape]) => [input, noise(shape)]),
  )
  return name.startsWith('voice') ? { ...feeds, sr: new Tensor('int64', BigInt64Array.of(16000n), []) } : feeds
}

it.each(realNames)('%s: the shapes that are found are those that ONNX Runtime computes', async (name) => {
  const { path, inputs } = realModels[name]
  const model = await readModel(path)
  const nodes = spatialNodes(model, { inputs }).filter(({ path }) => path === 'main')
  // Every convolution and pool of the main graph becomes an output of it.
  const seen = nodes.map(({ node }) => node.outputs[0])
  const edits = seen.map((output): Edit => {
    const name = new TextEncoder().encode(output)
    const value = [(1 << 3) | 2, ...lengthOf(name), ...name]
    const bytes = Uint8Array.from([(12 << 3) | 2, ...lengthOf(value), ...value])
    return { begin: model.graph.frame.end, end: model.graph.frame.end, bytes, within: model.graph.frame }
  })
  const outputs = await run(await applyEdits(path, edits), feedsOf(name))
  expect(nodes.map(({ outputShape }) => outputShape)).toEqual(seen.map((output) => [...outputs[output].dims]))
  expect(nodes.length > 0).toBe(!name.startsWith('voice'))
})

const lengthOf = ({ length }: ArrayLike<number>): number[] =>
  length < 128 ? [length] : [(length & 127) | 128, length >> 7]

it('BlazeFace with auto_pad, with its pads again, and with Pad nodes computes the same', async () => {
  const bytes = bytesOf('blazeface')
  const feeds = feedsOf('blazeface')
  const wanted = await run(bytes, feeds)
  const expectSame = async (edited: Uint8Array): Promise<void> => {
    const outputs = await run(edited, feeds)
    for (const [name, { data }] of Object.entries(wanted))
      expect(Buffer.compare(bytesIn(outputs[name].data), bytesIn(data))).toBe(0)
  }
  const convs = (await spatial(bytes)).filter(({ node }) => attributeOf(node, 'pads'))
  const automatic = await applyEdits(
    bytes,
    convs.flatMap(({ node }) => [removeAttribute(node, 'pads'), setAttribute(node, 'auto_pad', 'SAME_UPPER')]),
  )
  await expectSame(automatic)

  const solved = (await spatial(automatic)).filter(({ node }) => attributeOf(node, 'auto_pad'))
  expect(solved).toHaveLength(convs.length)
  const explicit = await applyEdits(
    automatic,
    solved.flatMap(({ node, axes }) => {
      const pads = [0, 1].flatMap((side) => axes.map((axis) => axis.pads?.[side] ?? Number.NaN))
      return [removeAttribute(node, 'auto_pad'), setAttribute(node, 'pads', pads)]
    }),
  )
  await expectSame(explicit)

  const { graph } = await readModel(bytes)
  const pads = convs.flatMap(({ node, axes }, index) => {
    const [begin, end] = [0, 1].map((side) => axes.map((axis) => axis.pads?.[side] ?? Number.NaN))
    const [sizes, padded] = [`pads ${index}`, `padded ${index}`]
    return [
      addInitializer(graph, { name: sizes, type: 'int64', values: [0, 0, ...begin, 0, 0, ...end] }),
      insertNode(graph, node, {
        opType: 'Pad',
        name: padded,
        inputs: [node.inputs[0], sizes],
        outputs: [padded],
        attributes: {},
      }),
      setInput(node, 0, padded),
      removeAttribute(node, 'pads'),
    ]
  })
  const withNodes = await applyEdits(bytes, pads)
  await expectSame(withNodes)
  const feeding = (await spatial(withNodes)).filter(({ pad }) => pad)
  expect(feeding.map(({ pad }) => pad?.pads)).toEqual(convs.map(({ axes }) => axes.map((axis) => axis.pads)))
})

const spatial = async (bytes: Uint8Array) => spatialNodes(await readModel(bytes))
const bytesIn = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
