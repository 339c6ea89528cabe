import { expect, it } from 'vitest'
import { accelerate } from '../../src/tfjs.ts'
import { bundledLibrary, farthest, numbersOf, type Untyped } from './tfjs-accelerated.ts'

// Graphs of TensorFlow as the converter writes them, in memory: a loop and a branch, as frames and as functions.

const [FLOAT, INT, BOOL] = ['DT_FLOAT', 'DT_INT32', 'DT_BOOL']
const text = (value: string) => ({ s: btoa(value) })
const node = (op: string, name: string, input: readonly string[], type = FLOAT, attr: object = {}) => {
  return { name, op, input, attr: { T: { type }, ...attr } }
}
const ones = { list: { i: ['1', '1', '1', '1'] } }
const conv = (name: string, x: string, filter: string) =>
  node('Conv2D', name, [x, filter], FLOAT, {
    ...{ strides: ones, dilations: ones, padding: text('SAME'), data_format: text('NHWC') },
  })

/** Weights by their names. */
const weights: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[] }>> = {
  filter: { dtype: 'float32', shape: [3, 3, 4, 4] },
  other: { dtype: 'float32', shape: [3, 3, 4, 4] },
  bias: { dtype: 'float32', shape: [4] },
  zero: { dtype: 'int32', shape: [] },
  one: { dtype: 'int32', shape: [] },
  three: { dtype: 'int32', shape: [] },
}
const constant = (name: string) => {
  const dtype = { type: weights[name].dtype === 'int32' ? INT : FLOAT }
  return { name, op: 'Const', attr: { dtype, value: { tensor: { dtype: dtype.type, tensorShape: {} } } } }
}
const dims = [1, 9, 8, 4].map((size) => ({ size: `${size}` }))
const placeholder = { name: 'x', op: 'Placeholder', attr: { dtype: { type: FLOAT }, shape: { shape: { dim: dims } } } }

const enter = (name: string, of: string, type = FLOAT, isConstant = true) =>
  node('Enter', name, [of], type, { frame_name: text('loop'), is_constant: { b: isConstant } })

/** Three times x = x + relu(conv(x) + bias), in a frame; then the branch of a switch. */
const frames = [
  ...[enter('i0', 'zero', INT, false), enter('x0', 'x', FLOAT, false), enter('filter0', 'filter')],
  ...[enter('bias0', 'bias'), enter('one0', 'one', INT), enter('three0', 'three', INT)],
  ...[node('Merge', 'i', ['i0', 'i+'], INT), node('Merge', 'y', ['x0', 'y+'])],
  ...[node('Less', 'less', ['i', 'three0'], INT), node('LoopCond', 'goesOn', ['less'], BOOL)],
  ...[node('Switch', 'is', ['i', 'goesOn'], INT), node('Switch', 'ys', ['y', 'goesOn'])],
  ...[node('Identity', 'in', ['ys:1']), conv('convolved', 'in', 'filter0')],
  ...[node('BiasAdd', 'biased', ['convolved', 'bias0']), node('Relu', 'positive', ['biased'])],
  ...[node('AddV2', 'next', ['positive', 'in']), node('AddV2', 'count', ['is:1', 'one0'], INT)],
  ...[node('NextIteration', 'i+', ['count'], INT), node('NextIteration', 'y+', ['next'])],
  ...[node('Exit', 'left', ['ys']), node('Less', 'isLess', ['zero', 'one'], INT)],
  ...[conv('last', 'left', 'other'), node('Switch', 'way', ['last', 'isLess'])],
  ...[node('Relu6', 'then', ['way:1']), node('Sigmoid', 'else', ['way']), node('Merge', 'out', ['else', 'then'])],
]

const list = (types: readonly string[]) => ({ list: { type: types } })
const called = (name: string, given: Readonly<Record<string, string>>, ret: Readonly<Record<string, string>>) => ({
  inputArg: Object.entries(given).map(([name, type]) => ({ name, type })),
  outputArg: Object.keys(ret).map((name) => ({ name, type: FLOAT })),
  name,
})
const state = { n: INT, v: FLOAT, f: FLOAT, b: FLOAT }
const [keeps, body, branch] = [
  { o: 'ls:z:0' },
  { o0: 'm:z:0', o1: 's:z:0', o2: 'f', o3: 'b' },
  { o: 'r:activations:0' },
]

/** The same as functions: a while, and an if. */
const functions = {
  nodes: [
    node('StatelessWhile', 'loop', ['zero', 'x', 'filter', 'bias'], FLOAT, {
      ...{ T: list(Object.values(state)), cond: { func: { name: 'keeps' } }, body: { func: { name: 'body' } } },
    }),
    ...[node('Less', 'isLess', ['zero', 'one'], INT), node('Identity', 'left', ['loop:1'])],
    node('StatelessIf', 'out', ['isLess', 'left', 'other'], FLOAT, {
      ...{ Tcond: { type: BOOL }, Tin: list([FLOAT, FLOAT]), Tout: list([FLOAT]) },
      ...{ then_branch: { func: { name: 'then' } }, else_branch: { func: { name: 'else' } } },
    }),
  ],
  library: [
    {
      signature: called('keeps', state, keeps),
      nodeDef: [constant('three'), node('Less', 'ls', ['n', 'three'], INT)],
      ret: keeps,
    },
    {
      signature: called('body', state, body),
      nodeDef: [
        ...[constant('one'), node('AddV2', 'm', ['n', 'one'], INT), conv('c', 'v', 'f')],
        ...[node('BiasAdd', 'cb', ['c:output:0', 'b']), node('Relu', 'p', ['cb:output:0'])],
        node('AddV2', 's', ['p:activations:0', 'v']),
      ],
      ret: body,
    },
    ...(['then', 'else'] as const).map((name) => ({
      signature: called(name, { a: FLOAT, w: FLOAT }, branch),
      nodeDef: [conv('k', 'a', 'w'), node(name === 'then' ? 'Relu6' : 'Sigmoid', 'r', ['k:output:0'])],
      ret: branch,
    })),
  ],
}

const graphs = [
  { name: 'frames', nodes: frames, library: [] },
  { name: 'functions', ...functions },
]

const library = bundledLibrary("export { loadGraphModel } from '@tensorflow/tfjs-converter'")

it.each(graphs)(
  'a loop and a branch as $name give what they give without, one after the other and at once',
  async (graph) => {
    const tf = await library
    await tf.setBackend('wasm')
    const random = numbersOf(11)
    const values: Record<string, readonly number[]> = { zero: [0], one: [1], three: [3], bias: [0.1, -0.1, 0.2, 0] }
    for (const name of ['filter', 'other']) values[name] = Array.from({ length: 144 }, () => random() / 2 - 0.25)
    const weightSpecs = Object.entries(weights).map(([name, of]) => ({ name, ...of }))
    const weightData = await new Blob(
      weightSpecs.map(({ name, dtype }) =>
        dtype === 'int32' ? Int32Array.from(values[name]) : Float32Array.from(values[name]),
      ),
    ).arrayBuffer()
    const modelTopology = {
      node: [placeholder, ...Object.keys(weights).map(constant), ...graph.nodes],
      ...{ library: { function: graph.library }, versions: { producer: 27 } },
    }
    const model = await tf.loadGraphModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) })
    const x = tf.tensor(
      Float32Array.from({ length: 288 }, () => random() - 0.5),
      [1, 9, 8, 4],
    )
    const run = async (): Promise<Float32Array> => {
      const y: Untyped = await model.executeAsync({ x }, 'out')
      const data = await y.data()
      y.dispose()
      return data
    }
    const wanted = await run()
    const before = tf.memory()
    const acceleration = accelerate(tf)
    const ours = [await run(), await run(), ...(await Promise.all([run(), run(), run()]))]
    expect(Math.max(...wanted)).toBeGreaterThan(0.1)
    for (const one of ours) expect(farthest(one, wanted)).toBeLessThan(1e-5)
    expect(tf.memory()).toEqual(before)
    expect(acceleration.used).toBeGreaterThan(0) // packed weights: its convolutions were samepad's
    acceleration.stop()
    model.dispose()
    x.dispose()
  },
)
