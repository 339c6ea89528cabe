import type { Elements } from '../../models/onnx/read-elements.ts'
import { attributeOf, type Model, type Node } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import { FLOATING } from '../../operators/fact.ts'
import { follow } from './follow.ts'
import { storedAs, type WeightedModel } from './load.ts'

// What follows a convolution and only multiplies and adds a number for each channel becomes part of its weights and bias, and
// so does what stands before one that pads nothing: padding is zeros behind that, which no weights can stand for.

/** A factor and a shift for each channel, or for all of them. */
interface Affine {
  readonly factor: (channel: number) => number
  readonly shift: (channel: number) => number
}

/** The same model with normalizations, scales and shifts behind convolutions worked into them. */
export function foldAffine({ model, constants }: WeightedModel): WeightedModel {
  const folding = new Folding(model, constants)
  for (const node of model.graph.nodes) folding.take(node)
  return folding.result()
}

/** The operators whose weights can take numbers in. */
const convolutions: readonly string[] = ['Conv', 'ConvTranspose']

class Folding {
  readonly #model: Model
  readonly #constants: Map<string, Elements>
  readonly #uses = new Map<string, number>()
  /** Places of the nodes that make values. */
  readonly #made = new Map<string, number>()
  /** Undefined is what became part of another node. */
  readonly #nodes: (Node | undefined)[] = []
  #scope: Scope | undefined

  constructor(model: Model, constants: ReadonlyMap<string, Elements>) {
    this.#model = model
    this.#constants = new Map(constants)
    const { nodes, outputs } = model.graph
    const names = [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]
    for (const name of names) this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1)
  }

  take(given: Node): void {
    const node = this.#withInput(given)
    const made = this.#folded(node)
    if (made) {
      this.#nodes[made.at] = made.node
      this.#made.set(made.node.outputs[0], made.at)
      return
    }
    for (const output of node.outputs) this.#made.set(output, this.#nodes.length)
    this.#nodes.push(node)
  }

  result(): WeightedModel {
    const initializers = [...this.#constants].map(([name, elements]) => storedAs(name, elements))
    const nodes = this.#nodes.filter((node) => node !== undefined)
    const graph = { ...this.#model.graph, nodes, initializers }
    return { model: { ...this.#model, graph }, constants: this.#constants }
  }

  /** A convolution with what stands before it worked in, where that is exact; any other node as it is. */
  #withInput(layer: Node): Node {
    const [value] = layer.inputs
    const at = this.#made.get(value)
    const before = at === undefined ? undefined : this.#nodes[at]
    const [weights, bias] = [1, 2].map((input) => this.#real(layer.inputs[input]))
    if (layer.opType !== 'Conv' || layer.domain !== '' || !before || before.domain !== '' || !weights) return layer
    if (this.#uses.get(value) !== 1 || (layer.inputs[2] && !bias) || !padsNothing(layer)) return layer
    const index = before.opType === 'BatchNormalization' ? 0 : before.inputs.findIndex((name) => !this.#real(name))
    const [out, inGroup] = weights.shape
    const channels = inGroup * groupsOf(layer)
    const affine = this.#affine(before, index, channels, weights.shape.length)
    if (index < 0 || !affine || this.#stretches(before, index, channels, weights.shape.length)) return layer
    this.#nodes[at as number] = undefined
    const taps = weights.data.length / out / inGroup
    const [data, sums] = [new Float32Array(weights.data.length), new Float64Array(out)]
    const [factors, shifts] = listed(affine, channels)
    for (let element = 0, channel = 0; channel < out; channel++) {
      const first = Math.floor((channel * groupsOf(layer)) / out) * inGroup
      for (let input = first; input < first + inGroup; input++) {
        for (let tap = 0; tap < taps; tap++, element++) {
          const weight = weights.data[element]
          data[element] = weight * factors[input]
          sums[channel] += weight * shifts[input]
        }
      }
    }
    const added = Float32Array.from(sums, (sum, channel) => (bias?.data[channel] ?? 0) + sum)
    return this.#withInput(this.#renewed(layer, before.inputs[index], layer.outputs[0], weights, { data, added }))
  }

  /** The convolution before a node with the node worked in, and its place. */
  #folded(node: Node): { readonly at: number; readonly node: Node } | undefined {
    const index = node.inputs.findIndex((name) =>
      convolutions.includes(this.#nodes[this.#made.get(name) ?? -1]?.opType ?? ''),
    )
    const value = node.inputs[index]
    if (value === undefined || this.#uses.get(value) !== 1 || node.domain !== '') return undefined
    const at = this.#made.get(value) as number
    const layer = this.#nodes[at] as Node
    const [weights, bias] = [1, 2].map((input) => this.#real(layer.inputs[input]))
    if (!weights || (layer.inputs[2] && !bias) || layer.domain !== '') return undefined
    const channels = outChannels(layer, weights)
    const affine = this.#affine(node, index, channels, weights.shape.length)
    return affine && { at, node: this.#with(layer, node.outputs[0], weights, bias, affine, channels) }
  }

  /** Whether a node may give what it reads more channels or dimensions, as constants for red, green and blue do with a grey picture. */
  #stretches({ opType, inputs }: Node, index: number, channels: number, rank: number): boolean {
    const other = inputs[1 - index]
    if (opType === 'BatchNormalization' || (this.#constants.get(other)?.shape.length ?? 0) <= 1) return false
    this.#scope ??= follow(this.#model)
    const shape = this.#scope.fact(inputs[index])?.shape
    return shape?.length !== rank || shape[1] !== channels
  }

  /** A constant of real numbers. */
  #real(name = ''): Elements | undefined {
    const found = this.#constants.get(name)
    return found && FLOATING.includes(found.elementType) ? found : undefined
  }

  /** What a node does to each channel, where that is all it does. */
  #affine(node: Node, index: number, channels: number, rank: number): Affine | undefined {
    if (node.opType === 'BatchNormalization') return index === 0 ? this.#normalization(node, channels) : undefined
    const other = this.#real(node.inputs[1 - index])
    if (!other || node.inputs.length !== 2) return undefined
    const one = perChannel(node, other, channels, rank)
    return one && arithmetic[node.opType]?.(one, index === 0)
  }

  #normalization(node: Node, channels: number): Affine | undefined {
    const lists = [1, 2, 3, 4].map((input) => this.#real(node.inputs[input])?.data)
    const [scale, bias, mean, variance] = lists
    const isPlain = node.outputs.slice(1).every((name) => name === '') && !attributeOf(node, 'training_mode')?.int
    if (!scale || !bias || !mean || !variance || !isPlain) return undefined
    if (lists.some((list) => list?.length !== channels)) return undefined
    const epsilon = attributeOf(node, 'epsilon')?.float ?? 1e-5
    const factor = (channel: number): number => scale[channel] / Math.sqrt(variance[channel] + epsilon)
    return { factor, shift: (channel) => bias[channel] - mean[channel] * factor(channel) }
  }

  #with(
    layer: Node,
    output: string,
    weights: Elements,
    bias: Elements | undefined,
    affine: Affine,
    channels: number,
  ): Node {
    const [factors, shifts] = listed(affine, channels)
    const data = new Float32Array(weights.data.length)
    const { outer, perGroup, taps } = channelsOfWeights(layer, weights)
    // A model has millions of weights, so that this is the time of a loop and nothing else.
    for (let element = 0, row = 0; row < outer.length; row++) {
      for (let channel = outer[row]; channel < outer[row] + perGroup; channel++) {
        const factor = factors[channel]
        for (const end = element + taps; element < end; element++) data[element] = weights.data[element] * factor
      }
    }
    const added = Float32Array.from({ length: channels }, (_, channel) => {
      return (bias?.data[channel] ?? 0) * factors[channel] + shifts[channel]
    })
    return this.#renewed(layer, layer.inputs[0], output, weights, { data, added })
  }

  /** A convolution with other weights and another bias. */
  #renewed(
    layer: Node,
    input: string,
    output: string,
    weights: Elements,
    { data, added }: Readonly<Record<'data' | 'added', Float32Array>>,
  ): Node {
    const names = [`${output} weights`, `${output} bias`]
    this.#constants.set(names[0], { ...weights, data })
    this.#constants.set(names[1], { shape: [added.length], elementType: weights.elementType, data: added })
    const inputs = [input, ...names]
    return { ...layer, inputs, inputFrames: inputs.map(() => layer.frame), outputs: [output] }
  }
}

/** Whether a convolution reads real cells alone. */
function padsNothing(layer: Node): boolean {
  const rule = attributeOf(layer, 'auto_pad')?.string ?? 'NOTSET'
  if (rule !== 'NOTSET') return rule === 'VALID'
  return (attributeOf(layer, 'pads')?.ints ?? []).every((pad) => pad === 0)
}

const groupsOf = (layer: Node): number => attributeOf(layer, 'group')?.int ?? 1

const outChannels = (layer: Node, { shape }: Elements): number =>
  layer.opType === 'Conv' ? shape[0] : shape[1] * groupsOf(layer)

/** Factors and shifts of all channels. */
const listed = ({ factor, shift }: Affine, channels: number): readonly Float64Array[] =>
  [factor, shift].map((of) => Float64Array.from({ length: channels }, (_, channel) => of(channel)))

/**
 * To which output channels weights belong, [out, in, ...taps], transposed [in, out of a group, ...taps]: of each element of the
 * first axis the first channel, how many there are, and how many weights each has there.
 */
function channelsOfWeights(
  layer: Node,
  { shape, data }: Elements,
): { readonly outer: readonly number[]; readonly perGroup: number; readonly taps: number } {
  const each = data.length / shape[0]
  const rows = Array.from({ length: shape[0] }, (_, row) => row)
  if (layer.opType === 'Conv') return { outer: rows, perGroup: 1, taps: each }
  const inGroup = shape[0] / groupsOf(layer)
  const outer = rows.map((row) => Math.floor(row / inGroup) * shape[1])
  return { outer, perGroup: shape[1], taps: each / shape[1] }
}

/** The number of a constant for each channel; undefined where it has others along other axes. */
function perChannel(
  node: Node,
  { shape, data }: Elements,
  channels: number,
  rank: number,
): ((channel: number) => number) | undefined {
  if (data.length === 1 && shape.length <= rank) return () => data[0]
  const first = attributeOf(node, 'axis')?.int ?? rank - shape.length
  const isIt = first >= 0 && shape.every((size, axis) => size === 1 || (axis + first === 1 && size === channels))
  return isIt ? (channel) => data[channel] : undefined
}

type PerChannel = (channel: number) => number
const one: PerChannel = () => 1
const zero: PerChannel = () => 0

/** What each operator does with the other operand; `isFirst` is where the convolution stands. */
const arithmetic: Readonly<Record<string, (other: PerChannel, isFirst: boolean) => Affine | undefined>> = {
  Add: (other) => ({ factor: one, shift: other }),
  Sub: (other, isFirst) =>
    isFirst ? { factor: one, shift: (channel) => -other(channel) } : { factor: () => -1, shift: other },
  Mul: (other) => ({ factor: other, shift: zero }),
  Div: (other, isFirst) => (isFirst ? { factor: (channel) => 1 / other(channel), shift: zero } : undefined),
}
