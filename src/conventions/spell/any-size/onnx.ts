import { effectiveKernel, type Pads } from '../../../geometry/index.ts'
import { tensorsOf } from '../layer.ts'
import { groupOf, Nodes, type OnnxConstant, type OnnxNode, onnxText, windowsOf } from '../onnx.ts'
import { each, transposedOf } from '../windows.ts'
import { type AnySizeAxis, type AnySizeLayer, isSamePads, type SamePads } from './layer.ts'
import { titleOf } from './title.ts'

/**
 * A layer for any size as ONNX nodes in operator set 19: one node where an attribute says it to every runtime, else a
 * graph that works the pads out from the shape. `auto_pad` is used without dilation and where no kernel is smaller than
 * its stride: elsewhere ONNX Runtime refuses it or reads it otherwise.
 */
export function nodesOf(layer: AnySizeLayer): OnnxNode[] {
  const nodes = new Nodes()
  builders[layer.op](nodes, layer)
  return nodes.finish()
}

/** The same as Python that makes the nodes. */
export function onnxGraph(layer: AnySizeLayer): string {
  return onnxText(nodesOf(layer), `${titleOf(layer)} Operator set 19 or later.`)
}

const builders: Readonly<Record<AnySizeLayer['op'], (nodes: Nodes, layer: AnySizeLayer) => void>> = {
  conv: (nodes, layer) => {
    const { axes } = layer
    const [x, attributes] = input(nodes, axes, 0, () => true)
    nodes.add('Conv', [x, ...tensorsOf(layer).slice(1)], {
      ...windowsOf({ axes }, undefined),
      ...attributes,
      group: groupOf(layer),
    })
  },
  convTranspose: (nodes, layer) => {
    const { axes } = layer
    const crops = axes.map(fixedCrop)
    const samples = crops.map((crop): Pads => [0, crop.samples])
    const outputPadding = each(crops, 'outputPadding')
    nodes.add('ConvTranspose', [nodes.pad('x', samples, 0), ...tensorsOf(layer).slice(1)], {
      ...windowsOf({ axes }, each(crops, 'crop')),
      output_padding: outputPadding.some((cells) => cells > 0) ? outputPadding : undefined,
      group: groupOf(layer),
    })
  },
  maxPool: (nodes, { axes }) => {
    const [x, attributes] = input(nodes, axes, Number.NEGATIVE_INFINITY, padsFit)
    nodes.add('MaxPool', [x], { ...windowsOf({ axes }, undefined), ...attributes })
  },
  averagePool,
}

const MANY = 1000 // cells of some input; none of a transposed layer's attributes depends on it

function fixedCrop({ pads, ...window }: AnySizeAxis): ReturnType<typeof transposedOf> {
  const [padBegin, padEnd] = pads as Pads
  const output = (MANY - 1) * window.stride + effectiveKernel(window) - padBegin - padEnd
  return transposedOf({ ...window, input: MANY, padBegin, padEnd: Math.max(0, padEnd), output })
}

/** ONNX Runtime wants a pooling's pads below the kernel, not the effective one. */
const padsFit = ({ pads, kernel }: AnySizeAxis): boolean => !isSamePads(pads) && pads.every((cells) => cells < kernel)

type Attributes = Record<string, string | readonly number[] | undefined>

/** The input of a node and the attributes that pad it: one of them, or a `Pad` before it. */
function input(
  nodes: Nodes,
  axes: readonly AnySizeAxis[],
  fill: number,
  fits: (axis: AnySizeAxis) => boolean,
): [x: string, attributes: Attributes] {
  const word = autoPad(axes)
  if (word !== undefined) return ['x', { auto_pad: word }]
  const fixed = axes.flatMap(({ pads }) => (isSamePads(pads) ? [] : [pads]))
  if (fixed.length === axes.length && axes.every(fits))
    return ['x', { pads: windowsOf({ axes }, fixed).pads as readonly number[] | undefined }]
  if (fixed.length === axes.length) return [nodes.pad('x', fixed, fill), {}]
  const pads = dynamicPads(nodes, axes)
  return [nodes.add('Pad', fill === 0 ? ['x', pads] : ['x', pads, nodes.scalar('fill', fill)]), {}]
}

/** The `auto_pad` that says these pads, to ONNX Runtime too. */
function autoPad(axes: readonly AnySizeAxis[]): string | undefined {
  const words = { 'smaller half': 'SAME_UPPER', 'larger half': 'SAME_LOWER', all: undefined, none: undefined }
  const found = axes.map(({ pads, kernel, stride, dilation }) => {
    const isPlain = isSamePads(pads) && pads.reach === kernel && dilation === 1 && kernel >= stride
    return isPlain ? words[pads.begin] : undefined
  })
  return found.every((word) => word === found[0]) ? found[0] : undefined
}

/** The name of the tensor of pads: total = max(0, reach - 1 - (n - 1) mod stride) on each axis, and its two parts. */
function dynamicPads(nodes: Nodes, axes: readonly AnySizeAxis[]): string {
  const row = (name: string, of: (axis: AnySizeAxis) => number): OnnxConstant => nodes.integers(name, axes.map(of))
  const rules = axes.map(({ pads }) => pads)
  const { begin: share } = rules.find(isSamePads) as SamePads
  const reach = ({ pads }: AnySizeAxis): number => (isSamePads(pads) ? pads.reach - 1 : 0)
  const last = nodes.add('Sub', [nodes.add('Shape', ['x'], { start: 2 }), row('one', () => 1)])
  const over = nodes.add('Mod', [last, row('stride', ({ stride }) => stride)])
  const total = nodes.add('Max', [nodes.add('Sub', [row('reach', reach), over]), row('zero', () => 0)])
  const half = nodes.add('Div', [total, row('two', () => 2)])
  const rest = nodes.add('Sub', [total, half])
  const zero = (): string => nodes.add('Sub', [total, total])
  const [begin, end] =
    share === 'smaller half'
      ? [half, rest]
      : share === 'larger half'
        ? [rest, half]
        : share === 'all'
          ? [total, zero()]
          : [zero(), total]
  const fixed = (side: 0 | 1, name: string): string => {
    const cells = rules.map((pads) => (isSamePads(pads) ? 0 : pads[side]))
    return cells.some((count) => count !== 0) ? nodes.add('Add', [name, nodes.integers('fixed', cells)]) : name
  }
  const none = nodes.integers('none', [0, 0])
  return nodes.add('Concat', [none, fixed(0, begin), nodes.integers('none', [0, 0]), fixed(1, end)], { axis: 0 })
}

function averagePool(nodes: Nodes, { axes, countIncludePad }: AnySizeLayer): void {
  const word = countIncludePad ? undefined : autoPad(axes)
  const fixed = axes.flatMap(({ pads }) => (isSamePads(pads) ? [] : [pads]))
  const windows = windowsOf({ axes }, undefined)
  if (word !== undefined || (fixed.length === axes.length && axes.every(padsFit))) {
    const pads = word === undefined ? (windowsOf({ axes }, fixed).pads as readonly number[] | undefined) : undefined
    nodes.add('AveragePool', ['x'], {
      ...windows,
      auto_pad: word,
      pads,
      count_include_pad: countIncludePad && pads ? 1 : undefined,
    })
    return
  }
  const dynamic = fixed.length < axes.length
  const pads = dynamic ? dynamicPads(nodes, axes) : undefined
  const mean = (name: string): string =>
    nodes.add('AveragePool', [pads ? nodes.add('Pad', [name, pads]) : nodes.pad(name, fixed, 0)], windows)
  const sum = mean('x')
  if (countIncludePad) return
  const shape = nodes.add('Concat', [nodes.integers('channels', [1, 1]), nodes.add('Shape', ['x'], { start: 2 })], {
    axis: 0,
  })
  nodes.add('Div', [sum, mean(nodes.add('Expand', [nodes.scalar('one', 1), shape]))])
}
