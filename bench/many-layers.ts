import { type BenchLayer, layerOf, product, shapesOf } from './layers.ts'

/** The kinds of layers that the list takes in turns: what small networks are made of. */
const kinds = [
  { name: '3x3', op: 'conv', kernel: [3, 3] },
  { name: '1x1', op: 'conv', kernel: [1, 1] },
  { name: 'depthwise 3x3', op: 'conv', kernel: [3, 3], depthwise: true },
  { name: '3x3 s2', op: 'conv', kernel: [3, 3], strides: [2, 2] },
  { name: '5x5', op: 'conv', kernel: [5, 5] },
  { name: '1-D k5', op: 'conv', kernel: [5] },
  { name: 'depthwise 5x5 s2', op: 'conv', kernel: [5, 5], strides: [2, 2], depthwise: true },
  { name: '3x3 d2', op: 'conv', kernel: [3, 3], dilations: [2, 2] },
  { name: 'up k4 s2', op: 'convTranspose', kernel: [4, 4], strides: [2, 2] },
  { name: 'max pool 3x3 s2', op: 'maxPool', kernel: [3, 3], strides: [2, 2] },
  { name: 'up k2 s2', op: 'convTranspose', kernel: [2, 2], strides: [2, 2] },
  { name: 'average pool 3x3', op: 'averagePool', kernel: [3, 3] },
] as const
const channels = [8, 12, 16, 24, 32, 40] as const

/**
 * So many layers of which no two are alike, with tensors of so many bytes in all: inputs, outputs and weights. The list is
 * the same each time.
 */
export function manyLayers(count: number, bytes: number): BenchLayer[] {
  const layers: BenchLayer[] = []
  const seen = new Set<string>()
  for (let attempt = 0, rest = bytes; layers.length < count; attempt++) {
    const layer = layerAt(attempt, rest / (count - layers.length))
    const { name: _, ...content } = layer
    const key = JSON.stringify(content)
    if (seen.has(key)) continue
    seen.add(key)
    layers.push(layer)
    rest -= bytesOf(layer)
  }
  return layers
}

/** Bytes of a layer's tensors. */
export function bytesOf(layer: BenchLayer): number {
  const { x, y, weights } = shapesOf(layer)
  return 4 * (product(x) + product(y) + (weights.length > 0 ? product(weights) : 0))
}

/** The widest layer of a kind and some channels whose tensors have so many bytes. */
function layerAt(attempt: number, bytes: number): BenchLayer {
  const kind = kinds[attempt % kinds.length]
  // Steps without a common factor with the lengths of the lists, so that all pairs come about.
  const inChannels = channels[(attempt * 7 + Math.floor(attempt / kinds.length)) % channels.length]
  const sameChannels = 'depthwise' in kind || kind.op === 'maxPool' || kind.op === 'averagePool'
  const out = sameChannels ? inChannels : channels[Math.floor(attempt / 5) % channels.length]
  const at = (width: number): BenchLayer =>
    layerOf({
      ...kind,
      ...{ name: `${kind.name} ${attempt}`, kind: 'many', in: inChannels, out },
      groups: 'depthwise' in kind ? inChannels : 1,
      input: kind.kernel.length === 1 ? [width * 10] : [width + (attempt % 3), width],
    })
  let width = 5
  while (bytesOf(at(width + 1)) <= bytes) width++
  return at(width)
}
