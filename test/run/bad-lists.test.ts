import { averagePool, conv, explicit, maxPool, pad, padsFrom, padsTo } from '../../src/index.ts'
import { type Bad, holes, pooled, refuses, solved, type Wrong, w, x, zeros } from './bad-calls.ts'

const wide = new Array(2 ** 32 - 1) // as long as an array can be, without an entry
const sparse: Bad[] = [
  [
    'strides',
    () => solved({ input: [5, 5], strides: holes(2) }),
    'resolve: strides of axis 0 must be an integer of at least 1, got undefined',
  ],
  [
    'input',
    () => solved({ input: holes(5) }),
    'resolve: input of axis 0 must be an integer of at least 1, got undefined',
  ],
  [
    'padding',
    () => solved({ padding: holes(1) }),
    'resolve: padding of axis 0 must be one of same, same-upper, same-lower, keep, valid, full, causal, a number, or [begin, end], got undefined',
  ],
  [
    'a pair',
    () => solved({ padding: [holes(1)] }),
    'resolve: padding of axis 0 must be an integer of at least 0, got undefined',
  ],
  [
    'outputPadding',
    () => solved({ op: 'convTranspose', input: [5, 5], outputPadding: holes(0) }),
    'resolve: outputPadding of axis 0 must be an integer of at least 0, got undefined',
  ],
  [
    'a shape',
    () => conv({ data: x.data, shape: holes(7) }, w),
    'conv: input.shape[0] must be an integer of at least 1, got undefined',
  ],
  ['pads', () => pad(x, holes([1, 1])), 'pad: pads of dimension 2 must be [begin, end], got undefined'],
  [
    'a pair of pads',
    () => pad(x, [holes(1), [0, 0]] as Wrong),
    'pad: pads of dimension 2 must be an integer of at least -7, got undefined',
  ],
  [
    'pads to write',
    () => padsTo('onnx', holes([1, 1])),
    'padsTo: pads of axis 0 must be two integers, begin and end, got undefined',
  ],
  [
    'a pair to write',
    () => padsTo('onnx', [holes(1)]),
    'padsTo: pads of axis 0 must be two integers, begin and end, got [undefined, 1]',
  ],
  [
    'pads to read',
    () => padsFrom('jax', new Array(2), 2),
    'padsFrom: pads of axis 0 must be two integers, begin and end, got undefined',
  ],
  [
    'flat pads to read',
    () => padsFrom('onnx', holes(1), 1),
    'padsFrom: pads of axis 0 must be two integers, begin and end, got [undefined, 1]',
  ],
]

const huge: Bad[] = [
  ['input', () => solved({ input: wide }), 'resolve: there must be 1 to 16 axes, got 4294967295'],
  ['strides', () => solved({ strides: wide }), 'resolve: there must be 1 to 16 axes, got 4294967295'],
  [
    'one list of many',
    () => solved({ input: [5, 5], dilations: wide }),
    `resolve: dilations must have one entry for each of the 2 axes, got [${'undefined, '.repeat(7).trimEnd()}...`,
  ],
  [
    'shape',
    () => conv({ data: x.data, shape: wide }, w),
    'conv: input must have at most 64 dimensions, got 4294967295',
  ],
  [
    'pads',
    () => pad(x, wide),
    `pad: pads must have a [begin, end] for each of 2 spatial axes or 4 dimensions, got [${'undefined, '.repeat(7).trimEnd()}...`,
  ],
  ['rank to read', () => padsFrom('pytorch', [], 1e8), 'padsFrom: there must be 1 to 16 axes, got 100000000'],
  [
    'pads to read',
    () => padsFrom('pytorch', wide, 2),
    `padsFrom: pads must have an even number of entries, at most 4, for 2 axes in the order of pytorch, got [${'undefined, '.repeat(7).trimEnd()}...`,
  ],
  ['pads to write', () => padsTo('jax', new Array(4e8)), 'padsTo: there must be 1 to 16 axes, got 400000000'],
  [
    'outputs of a pooling',
    () => maxPool(zeros(1, 1, 5), { kernel: 2 ** 45, strides: 1, padding: 'full' }),
    'maxPool: output must fit into memory, got 35184372088836 elements',
  ],
]

const nulls: Bad[] = [
  ...['strides', 'dilations', 'kernel', 'input'].map((name): Bad => {
    const must = `resolve: ${name} of axis 0 must be an integer of at least 1, got null`
    return [name, () => solved({ [name]: null }), must]
  }),
  [
    'padding',
    () => solved({ padding: null }),
    'resolve: padding of axis 0 must be one of same, same-upper, same-lower, keep, valid, full, causal, a number, or [begin, end], got null',
  ],
  ['op', () => solved({ op: null }), 'resolve: op must be one of conv, convTranspose, maxPool, averagePool, got null'],
  ['ceilMode', () => pooled({ ceilMode: null }), 'resolve: ceilMode must be true or false, got null'],
  [
    'outputShape',
    () => solved({ op: 'convTranspose', outputShape: null }),
    'resolve: outputShape of axis 0 must be an integer of at least 1, got null',
  ],
  [
    'paddingMode',
    () => conv(x, w, { paddingMode: null } as Wrong),
    'conv: paddingMode must be one of zeros, reflect, replicate, circular, got null',
  ],
  ['layout', () => conv(x, w, { layout: null } as Wrong), 'conv: layout must be one of nchw, nhwc, got null'],
  ['groups', () => conv(x, w, { groups: null } as Wrong), 'conv: groups must be an integer of at least 1, got null'],
  ['bias', () => conv(x, w, { bias: null } as Wrong), 'conv: bias must be a tensor { data, shape }, got null'],
  [
    'shape',
    () => conv({ data: x.data, shape: null, dims: x.shape } as Wrong, w),
    'conv: input.shape must be an array of sizes, got null',
  ],
  ['emptyWindow', () => pooled({ emptyWindow: null }), 'maxPool: emptyWindow must be one of error, identity, got null'],
  [
    'countIncludePad',
    () => averagePool(x, { kernel: 2, countIncludePad: null } as Wrong),
    'averagePool: countIncludePad must be true or false, got null',
  ],
  ['value', () => pad(x, 1, { value: null } as Wrong), 'pad: value must be a number, got null'],
  [
    'mode',
    () => pad(x, 1, { mode: null } as Wrong),
    'pad: mode must be one of constant, reflect, replicate, circular, got null',
  ],
]

class Defaults {
  get kernel(): number {
    return 2
  }
}

const objects: Bad[] = [
  ['a Map', () => conv(x, w, new Map([['strides', 2]]) as Wrong), 'conv: options must be a plain object, got a Map'],
  ['a Date', () => conv(x, w, new Date(0) as Wrong), 'conv: options must be a plain object, got a Date'],
  [
    'an instance, which inherits',
    () => maxPool(x, new Defaults()),
    'maxPool: options must be a plain object, got an object with no keys',
  ],
  [
    'an inherited misspelling',
    () => conv(x, w, Object.create({ stride: 2 })),
    'conv: options must be a plain object, got an object with no keys',
  ],
  [
    'a typed array for strides',
    () => solved({ strides: Int32Array.of(1) }),
    'resolve: strides must be an array, got an Int32Array of 1 elements',
  ],
  [
    'a typed array for padding',
    () => solved({ padding: Uint8Array.of(1) }),
    'resolve: padding must be an array, got a Uint8Array of 1 elements',
  ],
  [
    'a typed array for a shape',
    () => conv({ data: x.data, shape: Int32Array.from(x.shape) } as Wrong, w),
    'conv: input.shape must be an array of sizes, got an Int32Array of 4 elements',
  ],
  [
    'null for a geometry',
    () => explicit(null as Wrong),
    'explicit: the geometry must be one that resolve returned, got null',
  ],
  [
    'a geometry made by hand',
    () => explicit({ op: 'conv', axes: [] } as Wrong),
    'explicit: the geometry must be one that resolve returned, got an object with keys op, axes',
  ],
]

refuses('holes in lists', sparse)
refuses('lists as long as can be', huge)
refuses('null, which is not undefined', nulls)
refuses('other objects', objects)
