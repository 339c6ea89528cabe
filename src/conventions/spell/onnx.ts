import { type Axis, type Geometry, type Pads, SamepadError } from '../../geometry/index.ts'
import { padsTo } from '../argument-orders.ts'
import { joined, python, unless } from './language.ts'
import { checkLayer, type SpelledLayer, type SpellOptions, shapesOf, tensorsOf } from './layer.ts'
import { countedCells, each, somePads, transposedOf, writtenPads } from './windows.ts'

/** A constant input of a node; an `initializer` of the graph. */
export interface OnnxConstant {
  readonly name: string
  readonly type: 'float' | 'int64'
  /** `[]` for a single number. */
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** A node of an ONNX graph, in operator set 19 or later. */
export interface OnnxNode {
  readonly opType: string
  /** Names; the graph's inputs are `x`, `weight` and `bias`. */
  readonly inputs: readonly string[]
  /** Names; the graph's output is `y`. */
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>
  /** Those of its inputs that are constants. */
  readonly constants: readonly OnnxConstant[]
}

type Attributes = Record<string, number | string | readonly number[] | undefined>

/**
 * A layer as ONNX nodes: one, with `Pad` before it where an attribute cannot say it. There is no `auto_pad` (runtimes
 * disagree on it) and no `ceil_mode`. Source: the operators Conv, ConvTranspose, MaxPool, AveragePool and Pad of the
 * ONNX specification; what ONNX Runtime 1.30 refuses beyond it is avoided.
 *
 * @throws SamepadError as `spell` does
 */
export function onnxNodes(geometry: Geometry, options: SpellOptions = {}): OnnxNode[] {
  return nodesOf(checkLayer('onnxNodes', geometry, options, 'nchw'))
}

/** ONNX, as Python that makes the nodes with `onnx.helper`. */
export function onnx(layer: SpelledLayer): string {
  return onnxText(nodesOf(layer), `${shapesOf(layer, 'y ')}; operator set 19 or later`)
}

/** Nodes as Python that makes them. */
export function onnxText(nodes: readonly OnnxNode[], comment: string): string {
  const constants = nodes.flatMap((node) => node.constants)
  const quoted = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`
  const list = (value: number | string | readonly number[]): string =>
    typeof value === 'string' ? `'${value}'` : typeof value === 'number' ? String(value) : written(value)
  const written = (values: readonly number[]): string => `[${values.map(number).join(', ')}]`
  const types = { float: 'TensorProto.FLOAT', int64: 'TensorProto.INT64' }
  return joined([
    ...(constants.length ? ['from onnx import TensorProto'] : []),
    `from onnx.helper import make_node${constants.length ? ', make_tensor' : ''}`,
    '',
    python.comment(comment),
    'nodes = [',
    ...nodes.map(({ opType, inputs, outputs, attributes }) => {
      const given = Object.entries(attributes).map(([name, value]) => `, ${name}=${list(value)}`)
      return `    make_node('${opType}', ${quoted(inputs)}, ${quoted(outputs)}${given.join('')}),`
    }),
    ']',
    ...(constants.length ? ['initializers = ['] : []),
    ...constants.map(
      ({ name, type, shape, values }) =>
        `    make_tensor('${name}', ${types[type]}, ${written(shape)}, ${written(values)}),`,
    ),
    ...(constants.length ? [']'] : []),
  ])
}

const number = (value: number): string => (value === Number.NEGATIVE_INFINITY ? "float('-inf')" : String(value))

/** Nodes in the making: each has one output, and the last one's is `y`. */
export class Nodes {
  readonly list: OnnxNode[] = []
  private taken = 0

  /** Adds a node; inputs are names or constants. */
  add(opType: string, inputs: readonly (string | OnnxConstant)[], attributes: Attributes = {}): string {
    const output = `t${++this.taken}`
    const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
    this.list.push({
      opType,
      inputs: inputs.map((input) => (typeof input === 'string' ? input : input.name)),
      outputs: [output],
      attributes: Object.fromEntries(given) as OnnxNode['attributes'],
      constants: inputs.filter((input) => typeof input !== 'string'),
    })
    return output
  }

  integers(name: string, values: readonly number[], shape: readonly number[] = [values.length]): OnnxConstant {
    return { name: `${name}${++this.taken}`, type: 'int64', shape, values }
  }

  scalar(name: string, value: number): OnnxConstant {
    return { name: `${name}${++this.taken}`, type: 'float', shape: [], values: [value] }
  }

  pad(x: string, pads: readonly Pads[], value: number): string {
    if (!somePads(pads)) return x
    const everyDimension: Pads[] = [[0, 0], [0, 0], ...pads]
    const order = this.integers('pads', padsTo('onnx', everyDimension) as readonly number[])
    return this.add('Pad', value === 0 ? [x, order] : [x, order, this.scalar('fill', value)])
  }

  /** The nodes with the last output called `y`. */
  finish(): OnnxNode[] {
    return this.list.map((node, index) => (index === this.list.length - 1 ? { ...node, outputs: ['y'] } : node))
  }
}

function nodesOf(layer: SpelledLayer): OnnxNode[] {
  const nodes = new Nodes()
  const rank = layer.axes.length
  const spatial = layer.axes.map((_, axis) => axis + 1)
  const channelsLast = layer.layout === 'nhwc'
  const x = channelsLast ? nodes.add('Transpose', ['x'], { perm: [0, rank + 1, ...spatial] }) : 'x'
  const y = builders[layer.op](nodes, layer, x)
  if (channelsLast) nodes.add('Transpose', [y], { perm: [0, ...spatial.map((axis) => axis + 1), 1] })
  return nodes.finish()
}

const builders: Readonly<Record<SpelledLayer['op'], (nodes: Nodes, layer: SpelledLayer, x: string) => string>> = {
  conv: (nodes, layer, x) =>
    nodes.add('Conv', [x, ...tensorsOf(layer).slice(1)], {
      ...windowsOf(layer, layer.axes.map(writtenPads)),
      group: groupOf(layer),
    }),
  convTranspose,
  maxPool: (nodes, { axes }, x) => {
    const pads = axes.map(writtenPads)
    const input = axes.every(padsFit) ? x : nodes.pad(x, pads, Number.NEGATIVE_INFINITY)
    return nodes.add('MaxPool', [input], windowsOf({ axes }, input === x ? pads : undefined))
  },
  averagePool,
}

/** The attribute `group`, a number; undefined where it is 1. */
export function groupOf({ groups }: Pick<SpelledLayer, 'groups'>): number | undefined {
  if (groups !== 'depthwise') return groups === 1 ? undefined : groups
  throw new SamepadError('code', 'ONNX needs the number of groups of a depthwise layer, such as g32 behind it', groups)
}

/** The attributes that all four operators have; what is usual is left out. */
export function windowsOf(
  { axes }: { axes: readonly Pick<Axis, 'kernel' | 'stride' | 'dilation'>[] },
  pads: readonly Pads[] | undefined,
): Attributes {
  return {
    kernel_shape: each(axes, 'kernel'),
    strides: unless(1, each(axes, 'stride')),
    dilations: unless(1, each(axes, 'dilation')),
    pads: pads && somePads(pads) ? (padsTo('onnx', pads) as readonly number[]) : undefined,
  }
}

/** ONNX Runtime wants a pooling's pads below the kernel, not the effective one. */
const padsFit = (axis: Axis): boolean => writtenPads(axis).every((width) => width < axis.kernel)

function convTranspose(nodes: Nodes, layer: SpelledLayer, x: string): string {
  const crops = layer.axes.map(transposedOf)
  const samples = crops.map((crop): Pads => [0, crop.samples])
  return nodes.add('ConvTranspose', [nodes.pad(x, samples, 0), ...tensorsOf(layer).slice(1)], {
    ...windowsOf(layer, each(crops, 'crop')),
    output_padding: unless(0, each(crops, 'outputPadding')),
    group: groupOf(layer),
  })
}

function averagePool(nodes: Nodes, { axes, countIncludePad }: SpelledLayer, x: string): string {
  const pads = axes.map(writtenPads)
  const counted = countedCells(axes, countIncludePad)
  const fit = axes.every(padsFit)
  if (fit && !(counted && countIncludePad)) {
    const count_include_pad = countIncludePad && somePads(pads) ? 1 : undefined
    return nodes.add('AveragePool', [x], { ...windowsOf({ axes }, pads), count_include_pad })
  }
  const mean = (input: string, around: readonly Pads[]): string => {
    const padded = nodes.pad(input, around, 0)
    return fit ? nodes.add('AveragePool', [padded], windowsOf({ axes }, undefined)) : meanOfTaps(nodes, axes, padded)
  }
  if (!counted) return mean(x, pads)
  // The mean with zeros, divided by the mean of ones where cells count and zeros elsewhere.
  const sum = mean(x, pads)
  const real = nodes.add('Expand', [nodes.scalar('one', 1), nodes.integers('cells', [1, 1, ...counted.cells])])
  return nodes.add('Div', [sum, mean(real, counted.pads)])
}

/**
 * Averages one axis after the other, by looking up the cells of all taps. ONNX Runtime writes a `Pad` before an
 * `AveragePool` back into the pool's attributes, also where it then refuses them.
 */
function meanOfTaps(nodes: Nodes, axes: readonly Axis[], x: string): string {
  return axes.reduce((input, { kernel, stride, dilation, output }, index) => {
    const taps = Array.from({ length: output * kernel }, (_, at) => {
      return Math.floor(at / kernel) * stride + (at % kernel) * dilation
    })
    const cells = nodes.add('Gather', [input, nodes.integers('taps', taps, [output, kernel])], { axis: index + 2 })
    return nodes.add('ReduceMean', [cells, nodes.integers('axes', [index + 3])], { keepdims: 0 })
  }, x)
}
