import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { TensorProtoSchema } from 'onnx-buf'
import { beforeAll, describe, expect, it } from 'vitest'
import { everyRule } from '../../src/conventions/rows/index.ts'
import { readTensor } from '../../src/models/onnx/read-tensor.ts'
import { Wire } from '../../src/models/onnx/wire.ts'
import { type Graph, type Model, readModel, type StoredTensor, spatialNodes, traceModel } from '../../src/models.ts'
import { walk } from '../../src/network/walk.ts'

// ONNX's own tests of every operator, as Debian's package libonnx-testdata has them: a model, inputs and outputs each.
const folder = '/usr/share/libonnx-testdata/data/node'

beforeAll(() => {
  if (!existsSync(folder)) throw new Error(`${folder} is missing; apt-get install libonnx-testdata brings it`)
})

const tests = existsSync(folder) ? readdirSync(folder).sort() : []
const readTest = (test: string): Promise<Model> => readModel(join(folder, test, 'model.onnx'))
const shapeOf = (test: string, output: number): number[] =>
  fromBinary(TensorProtoSchema, readFileSync(join(folder, test, 'test_data_set_0', `output_${output}.pb`))).dims.map(
    Number,
  )

describe('convolutions and pools', () => {
  it('each has the shape that is expected of it', async () => {
    const wrong: string[] = []
    let count = 0
    for (const test of tests) {
      const model = await readTest(test)
      const last = spatialNodes(bare(model, inputsOf(test, model.graph))).at(-1)
      if (!last) continue
      count++
      const [expected, found] = [shapeOf(test, 0), last.outputShape]
      const resolved = [...expected.slice(0, 2), ...(last.geometry?.axes.map(({ output }) => output) ?? [])]
      if (String(found) !== String(expected) || String(resolved) !== String(expected)) {
        wrong.push(`${test}: ${found} for ${expected}, ${last.reason}`)
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBe(50)
  })

  it('none is passed over', async () => {
    const named = tests.filter((test) => /conv|pool/.test(test) && !/global|roi/.test(test))
    const listed = await Promise.all(named.map(async (test) => spatialNodes(await readTest(test)).length > 0))
    expect(named.filter((_, index) => !listed[index])).toEqual([])
  })
})

it('every model that runs has sizes that meet', async () => {
  const root = dirname(folder)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.onnx'))
  const found: string[] = []
  for (const file of files) {
    const { conflicts } = traceModel(await readModel(join(root, file)))
    found.push(...conflicts.map(({ name, message }) => `${file} ${name}: ${message}`))
  }
  expect(files).toHaveLength(1072)
  expect(found).toEqual([])
})

describe('what is known before a model runs', () => {
  /** Tests whose files hold no tensors, or numbers of a type that is not what it says. */
  const strange = /^test_(identity_opt|identity_sequence|(cast|castlike)_.*BFLOAT16.*)$/

  it.each([
    ['without the values of its inputs', false],
    ['with them', true],
  ])('holds for every test, %s', async (_, withValues) => {
    const wrong: string[] = []
    let [shapes, values, signs] = [0, 0, 0]
    for (const test of tests.filter((name) => !strange.test(name))) {
      const model = await readTest(test)
      const scope = walk(bare(model, withValues ? inputsOf(test, model.graph) : []), {}, everyRule)
      for (const [index, { name }] of model.graph.outputs.entries()) {
        const found = scope.fact(name)
        const expected = tensorIn(test, `output_${index}.pb`)
        if (!found?.shape || !expected) continue
        shapes++
        const fits = found.shape.every((size, axis) => typeof size !== 'number' || size === expected.dims[axis])
        if (!fits || found.shape.length !== expected.dims.length)
          wrong.push(`${test}: ${found.shape} for ${expected.dims}`)
        const [computed, given] = [found.values, expected.values()]
        if (found.isNonNegative && given) {
          signs++
          if (given.some((value) => value < 0)) wrong.push(`${test}: below zero`)
        }
        if (!computed || !given) continue
        values++
        const isNear = (a: unknown, b: number): boolean =>
          typeof a !== 'number' || Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(b))
        if (!computed.every((value, at) => isNear(value, given[at]))) wrong.push(`${test}: ${computed} for ${given}`)
      }
    }
    expect(wrong).toEqual([])
    expect(shapes).toBeGreaterThan(700)
    expect(values).toBeGreaterThan(withValues ? 200 : 10)
    expect(signs).toBeGreaterThan(100)
  })
})

/** A model that does not say what its outputs are, and whose inputs may be constants. */
function bare(model: Model, constants: readonly StoredTensor[]): Model {
  const { graph } = model
  const outputs = graph.outputs.map((output) => ({ ...output, shape: undefined }))
  return { ...model, graph: { ...graph, outputs, values: [], initializers: [...graph.initializers, ...constants] } }
}

function inputsOf(test: string, { inputs }: Graph): StoredTensor[] {
  return inputs.flatMap(({ name }, index) => {
    const tensor = tensorIn(test, `input_${index}.pb`)
    return tensor ? [{ ...tensor, name }] : []
  })
}

/** A tensor of a test; undefined where there is none, as for sequences. */
function tensorIn(test: string, file: string): StoredTensor | undefined {
  const path = join(folder, test, 'test_data_set_0', file)
  if (!existsSync(path)) return undefined
  const bytes = new Uint8Array(readFileSync(path))
  try {
    return readTensor(new Wire([{ begin: 0, bytes }]), { start: 0, prefix: 0, begin: 0, end: bytes.length })
  } catch {
    return undefined
  }
}
