import { NetworkWriter } from './writer.ts'

// Classifiers of ImageNet: layers and sizes as their papers have them, normalizations worked in where exporters do that.

const picture = ['n', 3, 'h', 'w'] as const

/** He et al. 2015: bottlenecks, with the stride at the 3x3 convolution as PyTorch has it. */
export function resNet50(): Uint8Array {
  const net = new NetworkWriter()
  let x = net.pool('MaxPool', net.relu(net.conv('x', 3, 64, 7, { stride: 2 })), 3, 2, 1)
  let channels = 64
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    const width = 64 * 2 ** stage
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 && stage > 0 ? 2 : 1
      const narrow = net.relu(net.conv(x, channels, width, 1))
      const middle = net.relu(net.conv(narrow, width, width, 3, { stride }))
      const wide = net.conv(middle, width, 4 * width, 1, { gain: 0.4 })
      const residual = block === 0 ? net.conv(x, channels, 4 * width, 1, { stride, gain: 0.7 }) : x
      x = net.relu(net.add(wide, residual))
      channels = 4 * width
    }
  }
  return net.bytes(picture, [net.classes(x, channels)])
}

/** Iandola et al. 2016, version 1.1. */
export function squeezeNet(): Uint8Array {
  const net = new NetworkWriter()
  const pool = (x: string): string => net.pool('MaxPool', x, 3, 2)
  let x = pool(net.relu(net.conv('x', 3, 64, 3, { stride: 2, padding: 0 })))
  let channels = 64
  for (const [index, width] of [16, 16, 32, 32, 48, 48, 64, 64].entries()) {
    if (index === 2 || index === 4) x = pool(x)
    const squeezed = net.relu(net.conv(x, channels, width, 1))
    const expanded = [1, 3].map((kernel) => net.relu(net.conv(squeezed, width, 4 * width, kernel)))
    x = net.concat(expanded)
    channels = 8 * width
  }
  const scores = net.relu(net.conv(x, channels, 1000, 1))
  return net.bytes(picture, [net.node('Flatten', [net.node('GlobalAveragePool', [scores])])])
}

/** Huang et al. 2016, 121 layers: normalizations stand before the convolutions. */
export function denseNet(): Uint8Array {
  const net = new NetworkWriter()
  const growth = 32
  const normal = (x: string, channels: number): string => net.relu(net.normalization(x, channels))
  let channels = 64
  let x = net.pool('MaxPool', net.relu(net.conv('x', 3, channels, 7, { stride: 2 })), 3, 2, 1)
  for (const [stage, layers] of [6, 12, 24, 16].entries()) {
    const parts = [x]
    for (let layer = 0; layer < layers; layer++) {
      const all = parts.length === 1 ? parts[0] : net.concat(parts)
      const narrow = net.conv(normal(all, channels), channels, 4 * growth, 1)
      parts.push(net.conv(normal(narrow, 4 * growth), 4 * growth, growth, 3))
      channels += growth
    }
    x = normal(net.concat(parts), channels)
    if (stage === 3) break
    x = net.pool('AveragePool', net.conv(x, channels, channels / 2, 1), 2, 2)
    channels /= 2
  }
  return net.bytes(picture, [net.classes(x, channels)])
}

/** Channels of an inception: 1x1; 1x1 and 3x3; 1x1 and the last branch; behind the pool. */
type Widths = readonly [one: number, reduce3: number, three: number, reduce5: number, last: number, pooled: number]

/** Szegedy et al. 2014: branches of 1x1, 3x3, 5x5 and a pool, side by side; normalizations over neighbouring channels. */
export function googLeNet(): Uint8Array {
  const net = new NetworkWriter()
  const pool = (x: string): string => net.pool('MaxPool', x, 3, 2, 1)
  const local = (x: string): string => net.node('LRN', [x], { size: 5, alpha: { float: 1e-2 }, beta: { float: 0.75 } })
  const stem = local(pool(net.relu(net.conv('x', 3, 64, 7, { stride: 2 }))))
  const second = net.relu(net.conv(net.relu(net.conv(stem, 64, 64, 1)), 64, 192, 3))
  let x = pool(local(second))
  let channels = 192
  const blocks: readonly Widths[] = [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
  ]
  for (const [index, [one, reduce3, three, reduce5, last, pooled]] of blocks.entries()) {
    if (index === 2 || index === 7) x = pool(x)
    const layer = (from: string, inputs: number, outputs: number, kernel: number): string =>
      net.relu(net.conv(from, inputs, outputs, kernel))
    x = net.concat([
      layer(x, channels, one, 1),
      layer(layer(x, channels, reduce3, 1), reduce3, three, 3),
      layer(layer(x, channels, reduce5, 1), reduce5, last, 5),
      layer(net.pool('MaxPool', x, 3, 1, 1), channels, pooled, 1),
    ])
    channels = one + three + last + pooled
  }
  return net.bytes(picture, [net.classes(x, channels)])
}

/** Ioffe and Szegedy 2015: two 3x3 in place of a 5x5, averages, and blocks of stride 2 without a 1x1. */
export function inceptionV2(): Uint8Array {
  const net = new NetworkWriter()
  const layer = (from: string, inputs: number, outputs: number, kernel: number, stride = 1): string =>
    net.relu(net.normalization(net.conv(from, inputs, outputs, kernel, { stride }), outputs))
  const pool = (x: string): string => net.pool('MaxPool', x, 3, 2, 1)
  let x = pool(layer(layer(pool(layer('x', 3, 64, 7, 2)), 64, 64, 1), 64, 192, 3))
  let channels = 192
  const blocks: readonly Widths[] = [
    [64, 64, 64, 64, 96, 32],
    [64, 64, 96, 64, 96, 64],
    [0, 128, 160, 64, 96, 0],
    [224, 64, 96, 96, 128, 128],
    [192, 96, 128, 96, 128, 128],
    [160, 128, 160, 128, 160, 96],
    [96, 128, 192, 160, 192, 96],
    [0, 128, 192, 192, 256, 0],
    [352, 192, 320, 160, 224, 128],
    [352, 192, 320, 192, 224, 128],
  ]
  for (const [one, reduce3, three, reduce5, last, pooled] of blocks) {
    const stride = one === 0 ? 2 : 1
    const double = layer(layer(x, channels, reduce5, 1), reduce5, last, 3)
    const parts = [
      layer(layer(x, channels, reduce3, 1), reduce3, three, 3, stride),
      layer(double, last, last, 3, stride),
      one === 0 ? pool(x) : layer(net.pool('AveragePool', x, 3, 1, 1), channels, pooled, 1),
    ]
    x = net.concat(one === 0 ? parts : [layer(x, channels, one, 1), ...parts])
    channels = one + three + last + (one === 0 ? channels : pooled)
  }
  return net.bytes(picture, [net.classes(x, channels)])
}
