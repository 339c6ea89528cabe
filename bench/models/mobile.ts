import { NetworkWriter } from './writer.ts'

const picture = ['n', 3, 'h', 'w'] as const

/** Zhang et al. 2017 with three groups: 1x1 convolutions of groups, whose channels are shuffled. */
export function shuffleNet(): Uint8Array {
  const net = new NetworkWriter()
  const groups = 3
  let x = net.pool('MaxPool', net.relu(net.conv('x', 3, 24, 3, { stride: 2 })), 3, 2, 1)
  let channels = 24
  const shuffled = (from: string, width: number, cells: string): string => {
    const shape = net.concat([net.integers(-1, groups, width / groups), cells], 0)
    const turned = net.node('Transpose', [net.node('Reshape', [from, shape])], { perm: [0, 2, 1, 3, 4] })
    return net.node('Reshape', [turned, net.concat([net.integers(-1, width), cells], 0)])
  }
  for (const [stage, blocks] of [4, 8, 4].entries()) {
    const width = 240 * 2 ** stage
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? 2 : 1
      const made = block === 0 ? width - channels : width
      const narrow = net.relu(net.conv(x, channels, width / 4, 1, { groups: channels === 24 ? 1 : groups }))
      const cells = net.node('Slice', [net.node('Shape', [narrow]), net.integers(2), net.integers(4)])
      const deep = net.conv(shuffled(narrow, width / 4, cells), width / 4, width / 4, 3, { stride, groups: width / 4 })
      const wide = net.conv(deep, width / 4, made, 1, { groups, gain: 0.5 })
      const other = block === 0 ? net.pool('AveragePool', x, 3, 2, 1) : x
      x = net.relu(block === 0 ? net.concat([other, wide]) : net.add(other, wide))
      channels = width
    }
  }
  return net.bytes(picture, [net.classes(x, channels)])
}

type Row = readonly [kernel: number, wide: number, out: number, squeezed: boolean, swish: boolean, stride: number]

/** Howard et al. 2019, the large one: hard-swish as exporters of operator set 17 write it, squeeze and excitation. */
export function mobileNetV3(): Uint8Array {
  const net = new NetworkWriter()
  const sixth = { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }
  const swish = (x: string): string => net.node('HardSwish', [x])
  let x = swish(net.conv('x', 3, 16, 3, { stride: 2 }))
  let channels = 16
  const rows: readonly Row[] = [
    [3, 16, 16, false, false, 1],
    [3, 64, 24, false, false, 2],
    [3, 72, 24, false, false, 1],
    [5, 72, 40, true, false, 2],
    [5, 120, 40, true, false, 1],
    [5, 120, 40, true, false, 1],
    [3, 240, 80, false, true, 2],
    [3, 200, 80, false, true, 1],
    [3, 184, 80, false, true, 1],
    [3, 184, 80, false, true, 1],
    [3, 480, 112, true, true, 1],
    [3, 672, 112, true, true, 1],
    [5, 672, 160, true, true, 2],
    [5, 960, 160, true, true, 1],
    [5, 960, 160, true, true, 1],
  ]
  for (const [kernel, wide, out, isSqueezed, isSwish, stride] of rows) {
    const active = (value: string): string => (isSwish ? swish(value) : net.relu(value))
    const expanded = wide === channels ? x : active(net.conv(x, channels, wide, 1))
    let deep = active(net.conv(expanded, wide, wide, kernel, { stride, groups: wide }))
    if (isSqueezed) {
      const squeeze = Math.max(8, 8 * Math.round(wide / 32))
      const narrow = net.relu(net.conv(net.node('GlobalAveragePool', [deep]), wide, squeeze, 1))
      deep = net.node('Mul', [deep, net.node('HardSigmoid', [net.conv(narrow, squeeze, wide, 1)], sixth)])
    }
    const made = net.conv(deep, wide, out, 1, { gain: 0.7 })
    x = stride === 1 && out === channels ? net.add(made, x) : made
    channels = out
  }
  const last = net.node('GlobalAveragePool', [swish(net.conv(x, channels, 960, 1))])
  const weights = net.random([1280, 960], Math.sqrt(6 / 960))
  const flat = net.node('Flatten', [last])
  const hidden = swish(net.node('Gemm', [flat, weights, net.random([1280], 0.1)], { transB: 1 }))
  const classes = net.random([1000, 1280], Math.sqrt(3 / 1280))
  return net.bytes(picture, [net.node('Gemm', [hidden, classes, net.random([1000], 0.1)], { transB: 1 })])
}
