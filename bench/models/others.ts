import { NetworkWriter } from './writer.ts'

const picture = ['n', 3, 'h', 'w'] as const

/** Ronneberger et al. 2015 with padding and a quarter of the channels: what goes down comes back and is joined. */
export function unet(): Uint8Array {
  const net = new NetworkWriter()
  const twice = (x: string, inputs: number, outputs: number): string =>
    net.relu(net.conv(net.relu(net.conv(x, inputs, outputs, 3)), outputs, outputs, 3))
  const widths = [16, 32, 64, 128]
  const kept: string[] = []
  let [x, channels] = ['x', 3]
  for (const width of widths) {
    const made = twice(x, channels, width)
    kept.push(made)
    x = net.pool('MaxPool', made, 2, 2)
    channels = width
  }
  x = twice(x, channels, 256)
  channels = 256
  for (const width of widths.toReversed()) {
    const up = net.convTranspose(x, channels, width, 2, 2, 2)
    x = twice(net.concat([kept.pop() as string, up]), 2 * width, width)
    channels = width
  }
  return net.bytes(picture, [net.node('Sigmoid', [net.conv(x, channels, 2, 1)])])
}

/** Lin et al. 2016: a pyramid whose levels are enlarged and added; one head with the same weights reads all of them. */
export function detector(): Uint8Array {
  const net = new NetworkWriter()
  const layer = (x: string, inputs: number, outputs: number, stride: number): string =>
    net.node('LeakyRelu', [net.conv(x, inputs, outputs, 3, { stride })], { alpha: { float: 0.1 } })
  let x = layer(layer('x', 3, 16, 2), 16, 32, 2)
  const levels: { readonly value: string; readonly width: number }[] = []
  let channels = 32
  for (const width of [64, 128, 256]) {
    x = layer(x, channels, width, 2)
    x = net.relu(net.add(x, net.conv(layer(x, width, width, 1), width, width, 3, { gain: 0.5 })))
    levels.push({ value: x, width })
    channels = width
  }
  const scales = net.numbers([1, 1, 2, 2])
  const pyramid: string[] = []
  for (const { value, width } of levels.toReversed()) {
    const lateral = net.conv(value, width, 64, 1)
    const above = pyramid.at(-1)
    const up = above && net.node('Resize', [above, '', scales], { mode: 'nearest', nearest_mode: 'floor' })
    pyramid.push(up ? net.add(lateral, up) : lateral)
  }
  const weights = [
    [net.random([64, 64, 3, 3], Math.sqrt(6 / 576)), net.random([64], 0.1)],
    [net.random([36, 64, 3, 3], Math.sqrt(3 / 576)), net.random([36], 0.1)],
  ]
  const heads = pyramid.map((level) => {
    const apply = (value: string, index: number): string =>
      net.node('Conv', [value, ...weights[index]], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })
    const turned = net.node('Transpose', [apply(net.relu(apply(level, 0)), 1)], { perm: [0, 2, 3, 1] })
    const cells = net.node('Shape', [turned])
    const batch = net.node('Slice', [cells, net.integers(0), net.integers(1)])
    return net.node('Reshape', [turned, net.concat([batch, net.integers(-1, 6)], 0)])
  })
  const all = net.concat(heads, 1)
  const [boxes, scores] = net.nodes('Split', [all, net.integers(4, 2)], 2, { axis: 2 })
  return net.bytes(picture, [boxes, net.node('Softmax', [scores], { axis: 2 })])
}

/** Liu et al. 2022, the tiny one with one block in each stage: depthwise 7x7, then rows of channels normalized and multiplied. */
export function convNext(): Uint8Array {
  const net = new NetworkWriter()
  const normal = (x: string, channels: number): string =>
    net.node('LayerNormalization', [x, net.random([channels], 0.1, 1), net.random([channels], 0.1)], {
      ...{ axis: -1, epsilon: { float: 1e-6 } },
    })
  const last = (x: string): string => net.node('Transpose', [x], { perm: [0, 2, 3, 1] })
  const first = (x: string): string => net.node('Transpose', [x], { perm: [0, 3, 1, 2] })
  const rows = (x: string, inputs: number, outputs: number, gain: number): string =>
    net.add(
      net.node('MatMul', [x, net.random([inputs, outputs], gain * Math.sqrt(6 / inputs))]),
      net.random([outputs], 0.1),
    )
  let x = first(normal(last(net.conv('x', 3, 96, 4, { stride: 4, padding: 0 })), 96))
  for (const [stage, channels] of [96, 192, 384, 768].entries()) {
    if (stage > 0) {
      const normed = first(normal(last(x), channels / 2))
      x = net.conv(normed, channels / 2, channels, 2, { stride: 2, padding: 0 })
    }
    const deep = normal(last(net.conv(x, channels, channels, 7, { groups: channels })), channels)
    const wide = rows(deep, channels, 4 * channels, 1)
    const errors = net.node('Erf', [net.node('Div', [wide, net.numbers([Math.SQRT2], [])])])
    const gelu = net.node('Mul', [
      net.node('Mul', [wide, net.add(errors, net.numbers([1], []))]),
      net.numbers([0.5], []),
    ])
    const scaled = net.node('Mul', [rows(gelu, 4 * channels, channels, 1), net.random([channels], 0.1, 0.3)])
    x = net.add(x, first(scaled))
  }
  return net.bytes(picture, [net.classes(x, 768)])
}

/** Kong et al. 2020 with few channels: steps of 8, 8, 2 and 2 from frames of a spectrum to samples. */
export function vocoder(): Uint8Array {
  const net = new NetworkWriter()
  const leaky = (x: string): string => net.node('LeakyRelu', [x], { alpha: { float: 0.1 } })
  let x = net.conv('x', 80, 128, 7, { dimensions: 1 })
  let channels = 128
  for (const [kernel, stride] of [
    [16, 8],
    [16, 8],
    [4, 2],
    [4, 2],
  ]) {
    x = net.convTranspose(leaky(x), channels, channels / 2, kernel, stride, 1)
    channels /= 2
    const branches = [3, 7].map((size) => {
      let branch = x
      for (const dilation of [1, 3, 5]) {
        const first = net.conv(leaky(branch), channels, channels, size, { dilation, dimensions: 1, gain: 0.6 })
        const second = net.conv(leaky(first), channels, channels, size, { dimensions: 1, gain: 0.6 })
        branch = net.add(second, branch)
      }
      return branch
    })
    x = net.node('Div', [net.add(branches[0], branches[1]), net.numbers([2], [])])
  }
  return net.bytes(['n', 80, 't'], [net.node('Tanh', [net.conv(leaky(x), channels, 1, 7, { dimensions: 1 })])])
}
