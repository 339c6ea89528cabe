import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { SamepadError } from '../../src/geometry/error.ts'
import { type LoadedNetwork, loadNetwork, type Tensor } from '../../src/graph.ts'
import { bytesField, textField } from '../../src/models/onnx/encode.ts'
import { readElements } from '../../src/models/onnx/read-elements.ts'
import { readTensor } from '../../src/models/onnx/read-tensor.ts'
import { fields } from '../../src/models/onnx/schema.ts'
import { Wire } from '../../src/models/onnx/wire.ts'
import { applyEdits, inputsOf, openSource, readModel } from '../../src/models.ts'
import { layouts } from '../../src/tensor/tensor.ts'

// ONNX's own tests of every operator, by values: a model, inputs and outputs each (Debian's libonnx-testdata).
const folder = '/usr/share/libonnx-testdata/data'
const groups = ['node', 'simple', 'pytorch-converted', 'pytorch-operator']

beforeAll(() => {
  if (!existsSync(folder)) throw new Error(`${folder} is missing; apt-get install libonnx-testdata brings it`)
})

interface TestTensor extends Tensor {
  readonly elementType: number
}

/** A tensor of a test; undefined where it is none, or one of texts or complex numbers. */
async function tensorIn(path: string): Promise<TestTensor | undefined> {
  try {
    const bytes = new Uint8Array(readFileSync(path))
    const stored = readTensor(new Wire([{ begin: 0, bytes }]), { start: 0, prefix: 0, begin: 0, end: bytes.length })
    const { data, shape, elementType } = await readElements(openSource(bytes), stored, async () => undefined)
    return { data: data instanceof Float32Array ? data : Float32Array.from(data), shape, elementType }
  } catch {
    return undefined
  }
}

/** What came of a test. */
interface Result {
  readonly test: string
  readonly is: 'passed' | 'out of scope' | 'failed'
  readonly why: string
}

/**
 * A model with its inputs, integers and truths as float32 numbers as well.
 *
 * @param kept as many inputs stay inputs; the tests give weights as inputs too
 */
async function prepared(
  test: string,
  set: string,
  kept: number,
): Promise<{ bytes: Uint8Array; inputs: Record<string, TestTensor> }> {
  const bytes = new Uint8Array(readFileSync(join(test, 'model.onnx')))
  const model = await readModel(bytes)
  const inputs: Record<string, TestTensor> = {}
  const constants: Uint8Array[] = []
  for (const [index, { name }] of inputsOf(model).entries()) {
    const path = join(set, `input_${index}.pb`)
    const tensor = existsSync(path) ? await tensorIn(path) : undefined
    if (tensor && Object.keys(inputs).length < kept) inputs[name] = tensor
    else if (tensor) {
      const message = [...readFileSync(path), ...textField(fields.tensor.name, name)]
      constants.push(bytesField(fields.graph.initializer, Uint8Array.from(message)))
    }
  }
  const { frame } = model.graph
  const edits = constants.map((field) => ({ begin: frame.end, end: frame.end, bytes: field, within: frame }))
  return { bytes: await applyEdits(bytes, edits), inputs }
}

/** Tests whose files hold bits of bfloat16 as integers. */
const strange = /BFLOAT16/

/** With every input given to a run, or where the operator needs constants with the first one alone. */
async function resultOf(test: string): Promise<Omit<Result, 'test'>> {
  const result = await runTest(test, Number.POSITIVE_INFINITY)
  return result.is === 'out of scope' ? runTest(test, 1) : result
}

async function runTest(test: string, kept: number): Promise<Omit<Result, 'test'>> {
  const set = join(test, readdirSync(test).find((name) => name.startsWith('test_data_set')) ?? '')
  let networks: readonly LoadedNetwork[]
  let feeds: Record<string, TestTensor>
  try {
    const { bytes, inputs } = await prepared(test, set, kept)
    feeds = inputs
    if (strange.test(test))
      return { is: 'out of scope', why: 'the file holds numbers of a type that is not what it says' }
    networks = await Promise.all(layouts.map((layout) => loadNetwork(bytes, { layout })))
  } catch (error) {
    if (!(error instanceof SamepadError)) throw error
    return { is: 'out of scope', why: error.message }
  }
  try {
    for (const network of networks) {
      const outputs = network.run(feeds)
      for (const [index, { name }] of network.outputs.entries()) {
        const problem = difference(outputs[name], await tensorIn(join(set, `output_${index}.pb`)))
        if (problem) return { is: 'failed', why: `${name}: ${problem}` }
      }
    }
    return { is: 'passed', why: '' }
  } catch (error) {
    if (!(error instanceof SamepadError)) throw error
    return { is: 'failed', why: error.message }
  } finally {
    for (const network of networks) network.release()
  }
}

function difference({ data, shape }: Tensor, wanted: TestTensor | undefined): string | undefined {
  if (!wanted) return 'no tensor'
  if (String(shape) !== String(wanted.shape)) return `shape ${shape} for ${wanted.shape}`
  for (let at = 0; at < data.length; at++) {
    const [a, b] = [data[at], wanted.data[at]]
    if (Object.is(a, b) || a === b) continue
    // Their own tolerance: a thousandth, and 1e-7.
    if (!(Math.abs(a - b) <= 1e-3 * Math.abs(b) + 1e-7)) return `${a} for ${b} at ${at}`
  }
  return undefined
}

it('passes all that is in scope, and nothing fails', { timeout: 600_000 }, async () => {
  const results: Result[] = []
  for (const group of groups) {
    for (const name of readdirSync(join(folder, group)).sort()) {
      const test = join(folder, group, name)
      if (existsSync(join(test, 'model.onnx'))) results.push({ test: name, ...(await resultOf(test)) })
    }
  }
  print(results)
  const are = (is: Result['is']): Result[] => results.filter((one) => one.is === is)
  expect(are('failed').map(({ test, why }) => `${test}: ${why}`)).toEqual([])
  expect(are('passed').length).toBeGreaterThanOrEqual(844)
  // Of the operators that networks of vision and audio have, only what is told here.
  const own = are('out of scope').filter(({ why }) => listed.some((name) => why.includes(`(${name})`)))
  const reasons = own.map(({ why }) => why.match(/\((\w+\) [a-z ]+)/)?.[1])
  expect([...new Set(reasons)].sort()).toEqual(['Cast) makes texts', 'CastLike) makes texts'])
  expect(
    are('out of scope').filter(({ why }) => listed.some((name) => new RegExp(` is ${name}\\b`).test(why))),
  ).toEqual([])
})

/** Operators that must run. */
const listed = (
  'Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool Concat Add Reshape Relu Mul Softmax ' +
  'Transpose Gemm Cast CastLike Slice Equal Clip Div Resize Upsample BatchNormalization Sigmoid Shape Squeeze Gather Pad Unsqueeze ' +
  'Pow Sqrt Identity ConstantOfShape Constant Expand Tile Range ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ' +
  'ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare Sub Sum MatMul LayerNormalization InstanceNormalization ' +
  'GroupNormalization Gelu HardSigmoid HardSwish Elu Selu Celu LeakyRelu PRelu Tanh Exp Log Erf Neg Abs Min Max Where Less ' +
  'LessOrEqual Greater GreaterOrEqual And Or Not Xor Split LRN Mean DepthToSpace SpaceToDepth ArgMax ArgMin TopK NonMaxSuppression ' +
  'NonZero Compress Flatten If OneHot ScatterND ScatterElements GatherND GatherElements GridSample Einsum Mod CumSum Trilu Softplus ' +
  'Softsign LogSoftmax Hardmax Shrink ThresholdedRelu QuantizeLinear DequantizeLinear MeanVarianceNormalization LpNormalization'
).split(' ')

/** The table: how many passed, and why the others are out of scope. */
function print(results: readonly Result[]): void {
  const reasons = new Map<string, number>()
  for (const { is, why } of results) {
    if (is !== 'out of scope') continue
    // The operator without the names of nodes.
    const reason = why
      .replace(/^.*, got /, '')
      .replace(/^\S+ '[^']*' /, '')
      .slice(0, 60)
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  const count = (is: Result['is']): number => results.filter((one) => one.is === is).length
  console.log(
    `ONNX's tests by values: ${count('passed')} passed, ${count('failed')} failed, ${count('out of scope')} out of scope`,
  )
  for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1]))
    console.log(`${String(times).padStart(5)}  ${reason}`)
}
