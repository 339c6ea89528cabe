import { message } from './proto.ts'

// One network of TensorFlow, written as the JSON of TensorFlow.js and as a GraphDef.

/** An attribute: a text, a number, truth, a list of numbers, a shape (-1 is open), a constant, a function's name. */
export type TfValue =
  | { readonly s: string }
  | { readonly i: number }
  | { readonly b: boolean }
  | { readonly list: readonly number[] }
  | { readonly shape: readonly number[] }
  | { readonly tensor: TfConstant }
  | { readonly func: string }

/** A constant of int32, or of float32 without its values. */
export interface TfConstant {
  readonly dims: readonly number[]
  readonly ints?: readonly number[]
  /** Written as bytes, as a list, or as its first number alone. */
  readonly as?: 'content' | 'list' | 'first'
}

export interface TfNode {
  readonly name: string
  readonly op: string
  readonly inputs: readonly string[]
  readonly attributes: Readonly<Record<string, TfValue>>
}

export interface TfFunction {
  readonly name: string
  readonly inputs: readonly string[]
  /** What is returned, by the name of an output. */
  readonly ret: Readonly<Record<string, string>>
  readonly nodes: readonly TfNode[]
}

/** A node: `name: op(inputs)`. */
export function tf(text: string, attributes: Readonly<Record<string, TfValue>> = {}): TfNode {
  const [, name, op, inputs] = /^(\S+): (\w+)\((.*)\)$/.exec(text) as unknown as string[]
  return { name, op, inputs: inputs.split(' ').filter((one) => one !== ''), attributes }
}

export const int = (name: string, ...ints: readonly number[]): TfNode => constant(name, { dims: [ints.length], ints })
export const constant = (name: string, tensor: TfConstant): TfNode => tf(`${name}: Const()`, { value: { tensor } })
export const input = (name: string, ...shape: readonly number[]): TfNode =>
  tf(`${name}: Placeholder()`, { shape: { shape } })

// Protobuf.

const shapeMessage = (dims: readonly number[]): Uint8Array => message({ 2: dims.map((size) => message({ 1: size })) })

function tensorMessage({ dims, ints, as = 'content' }: TfConstant): Uint8Array {
  const shape = shapeMessage(dims)
  if (!ints) return message({ 1: 1, 2: shape })
  if (as === 'content') return message({ 1: 3, 2: shape, 4: new Uint8Array(Int32Array.from(ints).buffer) })
  return message({ 1: 3, 2: shape, 7: as === 'first' ? ints.slice(0, 1) : ints })
}

function valueMessage(value: TfValue): Uint8Array {
  if ('s' in value) return message({ 2: value.s })
  if ('i' in value) return message({ 3: value.i })
  if ('b' in value) return message({ 5: value.b })
  if ('shape' in value) return message({ 7: shapeMessage(value.shape) })
  if ('tensor' in value) return message({ 8: tensorMessage(value.tensor) })
  if ('func' in value) return message({ 10: message({ 1: value.func }) })
  return message({ 1: message({ 3: value.list }) })
}

const nodeMessage = ({ name, op, inputs, attributes }: TfNode): Uint8Array =>
  message({
    ...{ 1: name, 2: op, 3: inputs },
    5: Object.entries(attributes).map(([key, value]) => message({ 1: key, 2: valueMessage(value) })),
  })

const functionMessage = ({ name, inputs, ret, nodes }: TfFunction): Uint8Array =>
  message({
    1: message({
      ...{ 1: name, 2: inputs.map((one) => message({ 1: one })) },
      3: Object.keys(ret).map((one) => message({ 1: one })),
    }),
    3: nodes.map(nodeMessage),
    4: Object.entries(ret).map(([key, value]) => message({ 1: key, 2: value })),
  })

/** A GraphDef. */
export const graphDefOf = (nodes: readonly TfNode[], functions: readonly TfFunction[] = []): Uint8Array =>
  message({
    1: nodes.map(nodeMessage),
    2: functions.length > 0 ? message({ 1: functions.map(functionMessage) }) : undefined,
  })

/** A SavedModel of it. */
export const savedModelOf = (...given: Parameters<typeof graphDefOf>): Uint8Array =>
  message({ 1: 1, 2: message({ 1: message({ 4: 'serve' }), 2: graphDefOf(...given) }) })

// JSON of TensorFlow.js: texts are base64, integers texts, values of constants in other files.

function valueJson(value: TfValue): object {
  if ('s' in value) return { s: btoa(value.s) }
  if ('i' in value) return { i: String(value.i) }
  if ('b' in value) return value
  if ('shape' in value) return { shape: { dim: value.shape.map((size) => ({ size: String(size) })) } }
  if ('tensor' in value) return { tensor: { dtype: 'DT_INT32', tensorShape: {} } }
  if ('func' in value) return { func: { name: value.func, attr: {} } }
  return { list: value.list.length > 0 ? { i: value.list.map(String) } : {} }
}

const nodeJson = ({ name, op, inputs, attributes }: TfNode): object => ({
  ...{ name, op },
  ...(inputs.length > 0 && { input: inputs }),
  attr: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, valueJson(value)])),
})

const constantsOf = (nodes: readonly TfNode[]): (TfConstant & { readonly name: string })[] =>
  nodes.flatMap(({ name, attributes: { value } }) => (value && 'tensor' in value ? [{ name, ...value.tensor }] : []))

/** A model.json, and the bytes of its weights. */
export function graphModelOf(nodes: readonly TfNode[], functions: readonly TfFunction[] = [], paths = ['weights.bin']) {
  const constants = constantsOf([nodes, ...functions.map((one) => one.nodes)].flat())
  const weights = constants.map(({ name, dims, ints }) => ({ name, shape: dims, dtype: ints ? 'int32' : 'float32' }))
  const values = constants.flatMap(
    ({ dims, ints }) => ints ?? new Array<number>(dims.reduce((a, b) => a * b, 1)).fill(-7),
  )
  const library = {
    function: functions.map(({ name, inputs, ret, nodes: body }) => ({
      signature: {
        ...{ name, inputArg: inputs.map((one) => ({ name: one })) },
        outputArg: Object.keys(ret).map((one) => ({ name: one })),
      },
      ...{ nodeDef: body.map(nodeJson), ret },
    })),
  }
  const json = {
    ...{ format: 'graph-model', generatedBy: '2.4.0', convertedBy: 'TensorFlow.js Converter v3' },
    modelTopology: { node: nodes.map(nodeJson), ...(functions.length > 0 && { library }) },
    weightsManifest: [{ paths, weights }],
  }
  return { text: JSON.stringify(json), weights: new Uint8Array(Int32Array.from(values).buffer) }
}
