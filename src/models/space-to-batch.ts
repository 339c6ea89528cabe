import { shared } from '../geometry/padding.ts'
import type { Attribute, Node } from '../network/model.ts'
import type { ModelBuilder } from './builder.ts'

// TensorFlow wrote a dilated convolution as three operators: the cells of each residue become a batch of their own
// (SpaceToBatchND), a convolution without padding runs over all of them, and the cells go back (BatchToSpaceND).

/** What the two operators are called where they have no row. */
const [FOLD, UNFOLD] = ['SpaceToBatchND', 'BatchToSpaceND']

/** What may stand between the convolution and the way back: each cell by itself. */
const between: readonly string[] = [
  'Add',
  'Mul',
  'BatchNormalization',
  'Relu',
  'LeakyRelu',
  'PRelu',
  'Clip',
  'Identity',
]

/** Puts one dilated convolution in the place of each such three. Where a step between is unclear, they stay as they are. */
export function joinSpaceToBatch(builder: ModelBuilder): void {
  builder.rewrite((nodes) => {
    if (!nodes.some(({ opType }) => opType === FOLD)) return nodes
    const readers = readersOf(nodes)
    const changed = new Map<Node, Node | undefined>()
    for (const node of nodes) if (node.opType === FOLD) join(node, readers, builder, changed)
    return nodes.flatMap((node) => (changed.has(node) ? (changed.get(node) ?? []) : [node]))
  })
}

function readersOf(nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
  const readers = new Map<string, Node[]>()
  for (const node of nodes) {
    for (const name of new Set(node.inputs)) {
      const list = readers.get(name)
      if (list) list.push(node)
      else readers.set(name, [node])
    }
  }
  return readers
}

function join(
  fold: Node,
  readers: ReadonlyMap<string, readonly Node[]>,
  builder: ModelBuilder,
  changed: Map<Node, Node | undefined>,
): void {
  const only = ({ outputs }: Node): Node | undefined => {
    const found = outputs.length === 1 ? (readers.get(outputs[0]) ?? []) : []
    return found.length === 1 && !changed.has(found[0]) ? found[0] : undefined
  }
  const window = only(fold)
  if (window?.opType !== 'Conv' || window.inputs[0] !== fold.outputs[0]) return
  const chain = [window]
  let last = only(window)
  while (last && last.opType !== UNFOLD && between.includes(last.opType)) {
    chain.push(last)
    last = only(last)
  }
  if (last?.opType !== UNFOLD) return
  const found = dilated(window, fold, last, builder)
  if (!found) return
  const { attributes, sides } = found
  changed.set(last, undefined)
  // Values between have other shapes now than the file says of them, so they get names of their own.
  const renamed = new Map([[fold.outputs[0], sides ? `${fold.outputs[0]} in place` : fold.inputs[0]]])
  changed.set(fold, sides && padNode(fold, sides, renamed.get(fold.outputs[0]) as string, builder))
  chain.forEach((node, index) => {
    const [output] = index === chain.length - 1 ? (last as Node).outputs : [`${node.outputs[0]} in place`]
    const inputs = node.inputs.map((name) => renamed.get(name) ?? name)
    renamed.set(node.outputs[0], output)
    changed.set(node, { ...node, inputs, outputs: [output], ...(node === window && { attributes }) })
  })
}

/** Cells around [batch, ...cells, channels], from begin and end of each axis of cells. */
function padNode(fold: Node, sides: readonly number[], output: string, builder: ModelBuilder): Node {
  const pads = [0, 1].flatMap((side) => [0, ...sides.filter((_, index) => index % 2 === side), 0])
  const inputs = [fold.inputs[0], builder.made([pads.length], pads)]
  return { ...fold, opType: 'Pad', domain: '', inputs, inputFrames: fold.inputFrames.slice(0, 2), outputs: [output] }
}

/** What does the work of the three. */
interface Dilated {
  readonly attributes: readonly Attribute[]
  /** Cells to add before it, begin and end of each axis; undefined where its own padding does. */
  readonly sides: readonly number[] | undefined
}

/** The convolution that does the work of three; undefined where they are something else. */
function dilated(window: Node, fold: Node, unfold: Node, builder: ModelBuilder): Dilated | undefined {
  const list = (name: string): readonly number[] | undefined => window.attributes.find((one) => one.name === name)?.ints
  const kernel = builder.dimsOf(window.inputs[1] ?? '')?.slice(2)
  const [block, back] = [fold, unfold].map(({ inputs }) => builder.valuesOf(inputs[1] ?? ''))
  const [paddings, crops] = [fold, unfold].map(({ inputs }) => builder.valuesOf(inputs[2] ?? ''))
  if (!kernel || !block || !paddings || !crops || `${block}` !== `${back}`) return undefined
  if (kernel.length !== block.length || paddings.length !== 2 * block.length || crops.length !== 2 * block.length)
    return undefined
  const isPlain = ['strides', 'dilations'].every((name) => list(name)?.every((step) => step === 1) ?? true)
  if (!isPlain || wordOf(window) !== 'valid') return undefined
  // Cells that are cropped behind a window of stride 1 are cells less before it.
  const sides = paddings.map((cells, index) => cells - crops[index])
  const same = kernel.every((taps, axis) => {
    const [begin, end] = shared((taps - 1) * block[axis], 'smaller half')
    return sides[2 * axis] === begin && sides[2 * axis + 1] === end
  })
  const { frame } = window
  const kept = window.attributes.filter(({ name }) => !['auto_pad', 'dilations'].includes(name))
  return {
    attributes: [
      ...kept,
      { frame, name: 'dilations', ints: block },
      { frame, name: 'auto_pad', string: same ? 'same' : 'valid' },
    ],
    sides: same || sides.every((cells) => cells === 0) ? undefined : sides,
  }
}

const wordOf = ({ attributes }: Node): string | undefined => attributes.find(({ name }) => name === 'auto_pad')?.string
