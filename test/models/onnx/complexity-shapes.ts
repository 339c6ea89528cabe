import { bytesField, integerField, join, textField } from '../../../src/models/onnx/encode.ts'

// Models whose size says little of the work that a careless reader does: each is made for a number of bytes.

type Bytes = Uint8Array<ArrayBuffer>

/** A field of parts; there may be more of them than a call takes arguments. */
const field = (number: number, ...parts: readonly (Uint8Array | readonly Uint8Array[])[]): Uint8Array =>
  bytesField(number, join(parts.flat()))

/** A node as bytes. */
const made = (
  opType: string,
  inputs: readonly string[],
  output: string,
  ...attributes: readonly (Uint8Array | readonly Uint8Array[])[]
): Uint8Array =>
  field(
    1,
    inputs.map((name) => textField(1, name)),
    textField(2, output),
    textField(4, opType),
    ...attributes,
  )

const list = (name: string, values: readonly number[]): Uint8Array =>
  field(5, textField(1, name), ...values.map((value) => integerField(8, value)), integerField(20, 7))

const int = (name: string, value: number): Uint8Array =>
  field(5, textField(1, name), integerField(3, value), integerField(20, 2))

/** A value of float32 and of such sizes, as an input or an output. */
const value = (number: number, name: string, sizes: readonly number[]): Uint8Array =>
  field(
    number,
    textField(1, name),
    field(2, field(1, integerField(1, 1), field(2, ...sizes.map((size) => field(1, integerField(1, size)))))),
  )

const vector = (name: string, values: readonly number[]): Uint8Array =>
  field(
    5,
    integerField(1, values.length),
    integerField(2, 7),
    ...values.map((one) => integerField(7, one)),
    textField(8, name),
  )

const window = (kernel: number, stride: number): Uint8Array =>
  join([list('kernel_shape', [kernel, kernel]), list('strides', [stride, stride])])

/** A file of operator set 17 with a graph, and functions of the domain `f`. */
function file(graph: readonly Uint8Array[], functions: readonly Uint8Array[] = []): Bytes {
  return Uint8Array.from(
    join([
      integerField(1, 8),
      field(7, graph),
      field(8, integerField(2, 17)),
      ...functions,
      ...(functions.length > 0 ? [field(8, textField(1, 'f'), integerField(2, 1))] : []),
    ]),
  )
}

/** Parts until they come to so many bytes. */
function until(bytes: number, make: (index: number) => Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let length = 0, index = 0; length < bytes; index++) {
    const part = make(index)
    parts.push(part)
    length += part.length
  }
  return parts
}

const v = (index: number): string => index.toString(36)

/** A chain of nodes with short names, from `x` on. */
const chainOf = (
  opType: string,
  bytes: number,
  from = 'x',
  ...attributes: readonly (Uint8Array | readonly Uint8Array[])[]
): Uint8Array[] => until(bytes, (index) => made(opType, [index === 0 ? from : v(index - 1)], v(index), ...attributes))

const picture = value(11, 'x', [1, 2, 32, 32])
const deep = value(11, 'x', new Array<number>(64).fill(2))
const ends = value(12, '0', [])

/** What each is, and how it is made for a number of bytes. */
export const complexityShapes: Readonly<Record<string, (bytes: number) => Bytes>> = {
  'a vector of 1024 numbers through a long chain': (bytes) => {
    const size = vector('n', [1024])
    return file([size, made('ConstantOfShape', ['n'], 'x'), ...chainOf('Neg', bytes), ends])
  },
  'a vector of 1024 numbers that is added to itself': (bytes) => {
    const nodes = until(bytes, (index) =>
      made('Add', index === 0 ? ['x', 'x'] : [v(index - 1), v(index - 1)], v(index)),
    )
    return file([vector('n', [1024]), made('ConstantOfShape', ['n'], 'x'), ...nodes, ends])
  },
  'a sum of many inputs of rank 64': (bytes) =>
    file([deep, made('Sum', new Array<string>(Math.floor(bytes / 3)).fill('x'), '0'), ends]),
  'a sum of many vectors of 1024 numbers': (bytes) =>
    file([
      ...[vector('n', [1024]), made('ConstantOfShape', ['n'], 'x')],
      ...[made('Sum', new Array<string>(Math.floor(bytes / 3)).fill('x'), '0'), ends],
    ]),
  'many transposes of rank 64': (bytes) => file([deep, ...chainOf('Transpose', bytes), ends]),
  'many transposes of 1024 numbers': (bytes) =>
    file([
      vector('n', new Array<number>(10).fill(2)),
      made('ConstantOfShape', ['n'], 'x'),
      ...chainOf('Transpose', bytes),
      ends,
    ]),
  'a chain of elementwise nodes of rank 64': (bytes) => file([deep, ...chainOf('Add', bytes), ends]),
  'a chain of reshapes of rank 64': (bytes) => {
    const shape = vector('s', new Array<number>(64).fill(2))
    return file([
      deep,
      shape,
      ...until(bytes, (index) => made('Reshape', [index === 0 ? 'x' : v(index - 1), 's'], v(index))),
      ends,
    ])
  },
  'a split into many of rank 64': (bytes) => {
    const outputs = until(bytes, (index) => textField(2, v(index)))
    return file([deep, field(1, textField(1, 'x'), outputs, textField(4, 'Split')), ends])
  },
  'a comb of pools with a branch at each': (bytes) => {
    const teeth = until(bytes, (index) => {
      const before = index === 0 ? 'x' : v(index - 1)
      const pool = window(1, 1)
      return join([made('MaxPool', [before], v(index), pool), made('MaxPool', [v(index)], `${v(index)}b`, pool)])
    })
    return file([picture, ...teeth, ends])
  },
  'a comb of pools of many kernels': (bytes) => {
    const teeth = until(bytes, (index) => {
      const before = index === 0 ? 'x' : v(index - 1)
      const side = window(1 + (index % 29), 1 + (index % 3))
      return join([
        made('MaxPool', [before], v(index), window(1, 1)),
        made('MaxPool', [v(index)], `${v(index)}b`, side),
      ])
    })
    return file([picture, ...teeth, ends])
  },
  'many attributes of one node': (bytes) =>
    file([
      picture,
      made(
        'MaxPool',
        ['x'],
        '0',
        window(2, 2),
        until(bytes, (index) => int(v(index), 1)),
      ),
      ends,
    ]),
  'many graphs in an attribute': (bytes) => {
    const graphs = until(bytes, () => field(11))
    return file([picture, made('If', ['x'], '0', field(5, textField(1, 'g'), graphs)), ends])
  },
  'many nodes with a graph each': (bytes) =>
    file([
      picture,
      ...until(bytes, (index) => made('If', ['x'], v(index), field(5, textField(1, 'then_branch'), field(6)))),
      ends,
    ]),
  'functions that call each other twice': (bytes) => {
    const count = Math.min(90, Math.max(2, Math.floor(bytes / 60)))
    const functions = Array.from({ length: count }, (_, index) => {
      const call = (output: string) =>
        field(7, textField(1, 'x'), textField(2, output), textField(4, `f${index + 1}`), textField(7, 'f'))
      const pool = field(7, textField(1, 'x'), textField(2, 'y'), textField(4, 'MaxPool'), window(1, 1))
      const nodes = index === count - 1 ? [pool] : [call('z'), call('y')]
      return field(25, textField(1, `f${index}`), textField(10, 'f'), textField(4, 'x'), textField(5, 'y'), nodes)
    })
    const start = field(1, textField(1, 'x'), textField(2, '0'), textField(4, 'f0'), textField(7, 'f'))
    return file([picture, start, ends], functions)
  },
  'one function that is called often': (bytes) => {
    const inside = chainOf('MaxPool', bytes / 2, 'x', window(1, 1))
    const nodes = inside.map((node) => {
      // The same node as one of a function: its field is 7 instead of 1.
      const copy = node.slice()
      copy[0] = (7 << 3) | 2
      return copy
    })
    const definition = field(25, textField(1, 'f0'), textField(10, 'f'), textField(4, 'x'), textField(5, '0'), nodes)
    const calls = until(bytes / 2, (index) =>
      field(1, textField(1, 'x'), textField(2, v(index)), textField(4, 'f0'), textField(7, 'f')),
    )
    return file([picture, ...calls, ends], [definition])
  },
  'a foreign output_shape on pools': (bytes) =>
    file([
      picture,
      ...chainOf(
        'MaxPool',
        bytes,
        'x',
        window(1, 1),
        list('output_shape', [2 ** 40, 2 ** 40]),
        list('output_padding', [2 ** 30, 1]),
      ),
      ends,
    ]),
  'transposed windows of huge sizes': (bytes) => {
    const weights = field(
      5,
      integerField(1, 2),
      integerField(1, 2),
      integerField(1, 3),
      integerField(1, 3),
      integerField(2, 1),
      textField(8, 'w'),
    )
    const sizes = (index: number) => [
      list('output_shape', [2 ** 31 - index, 2 ** 31]),
      list('output_padding', [2 ** 20, 2]),
    ]
    const nodes = until(bytes, (index) =>
      made('ConvTranspose', ['x', 'w'], v(index), list('strides', [2 + (index % 1000), 4093]), ...sizes(index)),
    )
    return file([value(11, 'x', [1, 2, 2 ** 20, 2 ** 31 - 1]), weights, ...nodes, ends])
  },
  'windows of huge primes on open sizes': (bytes) => {
    const nodes = until(bytes, (index) =>
      made(
        'MaxPool',
        ['x'],
        v(index),
        list('kernel_shape', [3 + (index % 997), 7]),
        list('strides', [4093 - (index % 89), 4091]),
        list('pads', [1, 2, 0, 3]),
      ),
    )
    return file([field(11, textField(1, 'x')), ...nodes, ends])
  },
  'middling strides on open sizes': (bytes) => {
    const node = (index: number) =>
      made(
        ...(['MaxPool', ['x'], v(index)] as const),
        list('kernel_shape', [100 + (index % 97), 90 + (index % 89)]),
        list('strides', [20 + (index % 43), 30 + (index % 41)]),
        list('pads', [index % 3, 2, index % 7, 3]),
      )
    return file([field(11, textField(1, 'x')), ...until(bytes, node), ends])
  },
  'averages of many kernels, strides and pads': (bytes) => {
    const nodes = until(bytes, (index) =>
      made(
        'AveragePool',
        ['x'],
        v(index),
        list('kernel_shape', [1 + (index % 61), 1 + (index % 53)]),
        list('strides', [1 + (index % 17), 1 + (index % 13)]),
        list('pads', [index % 3, index % 2, index % 5, 0]),
      ),
    )
    return file([value(11, 'x', [1, 2, 2000, 3000]), ...nodes, ends])
  },
  'pads in a row': (bytes) => {
    const nodes = chainOf('Pad', bytes / 2, 'x', list('pads', [0, 0, 1, 0, 0, 0, 0, 1]))
    const last = v(nodes.length - 1)
    return file([
      picture,
      ...nodes,
      ...until(bytes / 2, (index) => made('MaxPool', [last], `p${v(index)}`, window(2, 2))),
      ends,
    ])
  },
  'a value of many users': (bytes) => {
    const node = (index: number) => made('MaxPool', ['x'], v(index), window(2, 2))
    return file([picture, ...until(bytes, node), ends])
  },
}
