import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { coreml } from '../../src/models/coreml/format.ts'
import type { Format } from '../../src/models/format.ts'
import { layersModel } from '../../src/models/keras/format-json.ts'
import { nnef } from '../../src/models/nnef/format.ts'
import { paddle } from '../../src/models/paddle/format.ts'
import { graphDef, graphModel, savedModel } from '../../src/models/tensorflow/format.ts'
import { pt2, torchScript } from '../../src/models/torch/format.ts'
import type { Pick } from '../models/onnx/mutate.ts'
import { entries, message, packed } from '../models/proto.ts'
import { readAs } from '../models/shown.ts'
import { constant, graphDefOf, graphModelOf, input, savedModelOf, type TfNode, tf } from '../models/tensorflow-nodes.ts'
import type { Spoil, SpoiltFormat } from './spoilt-format.ts'

// Graphs in protocol buffers, JSON, archives and text, and ways to spoil them.

const strided = { strides: { list: [1, 2, 2, 1] }, padding: { s: 'SAME' } }
const nodes: readonly TfNode[] = [
  ...[input('x', 1, 9, 10, 4), constant('w', { dims: [3, 3, 4, 8] })],
  constant('rows', { dims: [4, 2], ints: [0, 0, 0, 1, 2, 3, 0, 0] }),
  tf('p: Pad(x rows)'),
  tf('c: Conv2D(p w)', strided),
  tf('call: PartitionedCall(c)', { f: { func: 'body' } }),
]
const functions = [{ name: 'body', inputs: ['a'], ret: { b: 'r:output:0' }, nodes: [tf('r: Relu(a)')] }]

const network = message({
  2: message({ 1: message({ 1: 'v', 3: message({ 5: message({ 1: packed(4, 9, 10) }) }) }) }),
  500: message({
    1: [
      message({ 1: 'c', 2: 'v', 3: 'w', 100: message({ 1: 8, 2: 4, 20: packed(3, 3), 50: message({}) }) }),
      message({ 1: 'p', 2: 'w', 3: 'y', 120: message({ 10: packed(2, 2), 32: message({ 10: packed(1, 1) }) }) }),
    ],
  }),
})
const numbers = message({ 3: message({ 1: message({ 2: message({ 1: packed(2, 2) }) }) }) })
const operations = [
  message({ 1: 'const', 3: message({ 1: 'k' }), 5: entries({ val: numbers }) }),
  message({
    1: 'max_pool',
    2: entries({ x: message({ 1: message({ 1: 'x' }) }), kernel_sizes: message({ 1: message({ 1: 'k' }) }) }),
    3: message({ 1: 'y' }),
  }),
]
const main = message({ 1: message({ 1: 'x' }), 3: entries({ CoreML8: message({ 2: 'y', 3: operations }) }) })
const program = message({ 502: message({ 2: entries({ main }) }) })

const variable = (name: string, ...dims: readonly number[]) =>
  message({ 1: name, 2: message({ 3: message({ 1: message({ 2: dims }) }) }) })
const names = (key: string, name: string) => message({ 1: key, 2: name })
const paddleProgram = message({
  1: message({
    3: [variable('x', 1, 4, 9, 10), variable('w', 4, 8, 3, 3)],
    4: [
      message({ 2: names('Out', 'x'), 3: 'feed' }),
      message({
        ...{ 1: [names('Input', 'x'), names('Filter', 'w')], 2: names('Output', 'y'), 3: 'conv2d_transpose' },
        4: [message({ 1: 'strides', 6: [2, 2] }), message({ 1: 'output_size', 6: [18, 19] })],
      }),
    ],
  }),
})

const exported = {
  graph_module: {
    graph: {
      ...{ inputs: [{ as_tensor: { name: 'x' } }], outputs: [{ as_tensor: { name: 'y' } }] },
      nodes: [
        {
          target: 'torch.ops.aten.max_pool2d.default',
          inputs: [
            { name: 'self', arg: { as_tensor: { name: 'x' } } },
            { name: 'kernel_size', arg: { as_ints: [2, 2] } },
            { name: 'padding', arg: { as_sym_ints: [{ as_int: 1 }, { as_int: 0 }] } },
          ],
          ...{ outputs: [{ as_tensor: { name: 'y' } }], metadata: { nn_module_stack: 'L,,A;L,pool,B' } },
        },
      ],
      tensor_values: { x: { sizes: [{ as_int: 1 }, { as_int: 4 }, { as_expr: { expr_str: 's0' } }, { as_int: 10 }] } },
    },
    signature: { input_specs: [{ user_input: { arg: { as_tensor: { name: 'x' } } } }] },
  },
}

/** A file that was made for samepad. */
const ours = (name: string) => readFileSync(join(import.meta.dirname, '../models/files', name))

type Json = null | string | number | boolean | Json[] | { [key: string]: Json }

/** A value in the place of another one, anywhere. */
function spoiltJson(text: string, pick: Pick, random: () => number): string {
  const root = JSON.parse(text) as Json
  const places: (() => void)[] = []
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return
    const holder = value as { [key: string]: Json }
    for (const key of Object.keys(holder)) {
      places.push(() => {
        holder[key] = pick<Json>([null, -1, 0, 1e300, 2 ** 31, '', 'x', true, [], {}, [[]], [null], { a: null }, '-5'])
      })
      visit(holder[key])
    }
  }
  visit(root)
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--) pick(places)()
  return JSON.stringify(root)
}

/** Bytes that are changed, taken out, put in or cut off at one to four places. */
function spoiltBytes(bytes: Uint8Array, pick: Pick, random: () => number): Uint8Array {
  let found = [...bytes]
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    const at = Math.floor(random() * (found.length + 1))
    const byte = pick([0, 1, 2, 8, 10, 127, 128, 255, 40, 41, 44, 91, 93, 45, 57, Math.floor(random() * 256)])
    const part = found.slice(at, at + Math.floor(random() * 40))
    const ways = [
      () => found.map((one, index) => (index === at ? byte : one)),
      () => found.toSpliced(at, 1),
      () => found.toSpliced(at, 0, byte),
      () => found.toSpliced(at, 0, ...part),
      () => found.toSpliced(at, part.length),
      () => found.slice(0, Math.max(8, at)),
    ]
    found = pick(ways)()
  }
  return Uint8Array.from(found)
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const bytesOf =
  (bytes: Uint8Array): Spoil =>
  (pick, random) =>
    spoiltBytes(bytes, pick, random)
const jsonOf =
  (text: string): Spoil =>
  (pick, random) =>
    encode(spoiltJson(text, pick, random))
const zipped =
  (name: string, text: string): Spoil =>
  (pick, random) =>
    zipSync({ [name]: encode(spoiltJson(text, pick, random)) }, { level: 0 })

/** A TorchScript archive, one of whose files is spoilt: that of the module, or code. */
function script(file: string): Spoil {
  const archive = unzipSync(Uint8Array.from(ours(file)))
  const small = Object.fromEntries(Object.entries(archive).filter(([name]) => /data\.pkl$|\.py$/.test(name)))
  return (pick, random) => {
    const name = pick(Object.keys(small))
    return zipSync({ ...small, [name]: spoiltBytes(small[name], pick, random) }, { level: 0 })
  }
}

const text = `version 1.0; graph g(x) -> (y) { x = external(shape = [1, 4, 9, 10]); w = variable(shape = [4, 8, 3, 3]);
 p = max_pool(x, size = [1, 1, 3, 3], padding = [(0, 0), (0, 0), (1, 1), (0, 1)], stride = [1, 1, 2, 2]);
 d = deconv(p, w, stride = [2, 2], output_shape = [1, 8, 10, 10]); y = conv(d, w, border = 'reflect', groups = 0); }`

const cases: readonly (readonly [name: string, format: Format, spoil: Spoil, isText?: true])[] = [
  ['TensorFlow.js graph-model', graphModel, jsonOf(graphModelOf(nodes, functions).text), true],
  ['TensorFlow.js layers-model', layersModel, jsonOf(ours('tiny-layers.model.json').toString()), true],
  ['GraphDef', graphDef, bytesOf(graphDefOf(nodes, functions))],
  ['SavedModel', savedModel, bytesOf(savedModelOf(nodes, functions))],
  ['Core ML, neural network', coreml, bytesOf(network)],
  ['Core ML, ML Program', coreml, bytesOf(program)],
  ['Paddle', paddle, bytesOf(paddleProgram)],
  ['torch.export', pt2, zipped('a/models/model.json', JSON.stringify(exported))],
  ['TorchScript, traced', torchScript, script('tiny.traced.pt')],
  ['TorchScript, scripted', torchScript, script('tiny.scripted.pt')],
  ['NNEF', nnef, bytesOf(encode(text)), true],
]

export const graphFormats: readonly SpoiltFormat[] = cases.map(([name, format, spoil, isText = false]) => ({
  ...{ name, isText, spoil },
  read: (mutant) => readAs(format, mutant),
}))
