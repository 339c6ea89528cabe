import { describe, expect, it } from 'vitest'
import { audit, readModel, spatialNodes } from '../../src/models.ts'
import { bytesOf, windowsOf } from './windows-of.ts'

/** A model whose modules are alone or in a Sequential. */
const net = (...modules: readonly string[]): string =>
  `Net(\n${modules.map((one, index) => `  (m${index}): ${one}`).join('\n')}\n)\n`
const pads = async (module: string): Promise<string> => (await windowsOf(net(module)))[0].replace(/ \(.*/, '')

describe('what is printed only if it is not the default', () => {
  it.each([
    ['no padding', 'Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))', 'm0 0,0 0,0 ?x?'],
    ['numbers', 'Conv2d(3, 8, kernel_size=(3, 5), stride=(2, 1), padding=(1, 2))', 'm0 1,1 2,2 ?x?'],
    ['same without quotes', 'Conv2d(3, 8, kernel_size=(4, 4), stride=(1, 1), padding=same)', 'm0 1,2 1,2 ?x?'],
    [
      'same with a dilation',
      'Conv2d(3, 8, kernel_size=(4, 3), stride=(1, 1), padding=same, dilation=(3, 1))',
      'm0 4,5 1,1 ?x?',
    ],
    [
      'transposed',
      'ConvTranspose2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))',
      'm0 1,0 1,0 ?x?',
    ],
    ['one axis', 'Conv1d(3, 8, kernel_size=(3,), stride=(1,), padding=(2,))', 'm0 2,2 ?'],
  ])('%s', async (_, module, expected) => {
    expect(await pads(module)).toBe(expected)
  })

  it('a padding_mode is a Pad in front, with same too', async () => {
    const before = async (padding: string): Promise<unknown> => {
      const text = net(`Conv2d(3, 8, kernel_size=(4, 4), stride=(1, 1), padding=${padding}, padding_mode=reflect)`)
      const [{ before: found, axes }] = spatialNodes(await readModel(bytesOf(text)))
      expect(axes.map(({ pads: own }) => own)).toEqual([
        [0, 0],
        [0, 0],
      ])
      const [{ steps, node }] = found
      expect(node.opType).toBe('Pad')
      return steps.slice(2).map((step) => step && 'pads' in step && [step.pads, step.filling.mode])
    }
    expect(await before('(1, 2)')).toEqual([
      [[1, 1], 'reflect'],
      [[2, 2], 'reflect'],
    ])
    expect(await before('same')).toEqual([
      [[1, 2], 'reflect'],
      [[1, 2], 'reflect'],
    ])
  })
})

describe('pools', () => {
  it('of averages hide what they round and divide by: said', async () => {
    const attributes = async (module: string): Promise<string[]> =>
      (await readModel(bytesOf(net(module)))).graph.nodes[0].attributes.map(({ name, string }) => string ?? name)
    expect((await attributes('AvgPool2d(kernel_size=2, stride=2, padding=0)')).join()).toMatch(
      /ceil_mode, .*not in the text/,
    )
    const maximum = 'MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)'
    expect((await attributes(maximum)).join()).not.toMatch(/not in the text/)
  })

  it('round up when told so', async () => {
    const text = net('MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=True)')
    const [{ axes }] = spatialNodes(await readModel(bytesOf(text)))
    expect(axes[0].setting).toMatchObject({ kernel: 3, stride: 2, pads: [1, 1], ceilMode: true })
  })
})

it('pads are left, right, top, bottom', async () => {
  const text = net(
    'Sequential(\n    (0): ZeroPad2d((1, 2, 3, 4))\n    (1): Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2))\n  )',
  )
  const [{ pad, name }] = spatialNodes(await readModel(bytesOf(text)))
  expect(pad?.pads).toEqual([
    [3, 4],
    [1, 2],
  ])
  expect(name).toBe('m0.1')
})

describe('modules feed one another', () => {
  const conv = (padding: number): string =>
    `Conv2d(3, 3, kernel_size=(3, 3), stride=(1, 1), padding=(${padding}, ${padding}))`
  const wires = async (text: string): Promise<string[]> =>
    spatialNodes(await readModel(bytesOf(text))).map(
      ({ name, node }) => `${name} <- ${node.inputs[0].replace(/ at .*/, '')}`,
    )

  it('in a Sequential, and in one within it', async () => {
    const text = `Sequential(\n  (0): ${conv(1)}\n  (1): Sequential(\n    (head): ${conv(1)}\n    (act): ReLU()\n  )\n  (2): ${conv(1)}\n)`
    expect(await wires(text)).toEqual(['0 <- ', '1.head <- 0', '2 <- 1.act'])
  })

  it('not in a module that may do anything', async () => {
    expect(await wires(net(conv(1), conv(1)))).toEqual(['m0 <- ', 'm1 <- '])
    const text = `Sequential(\n  (0): ${conv(1)}\n  (1): Block(\n    (conv): ${conv(1)}\n  )\n  (2): ${conv(1)}\n)`
    expect(await wires(text)).toEqual(['0 <- ', '1.conv <- ', '2 <- '])
  })

  it('one line that stands for several is each of them', async () => {
    const text = net(
      `ModuleList(\n    (0): ${conv(0)}\n    (1-3): 3 x Block(\n      (a): ${conv(1)}\n      (b): ${conv(2)}\n    )\n    (4-5): 2 x ${conv(0)}\n  )`,
    )
    expect((await wires(text)).map((line) => line.slice(0, -4))).toEqual([
      ...['m0.0', 'm0.1.a', 'm0.1.b', 'm0.2.a', 'm0.2.b', 'm0.3.a', 'm0.3.b', 'm0.4', 'm0.5'],
    ])
  })
})

describe('texts that came through something', () => {
  const whole = 'Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)'

  it('a line that a screen broke is read whole', async () => {
    const broken = net(whole, 'ReLU()').replace(' padding', '\n padding').replace('bias', '\nbias')
    expect(await windowsOf(broken)).toEqual(await windowsOf(net(whole, 'ReLU()')))
  })

  it('a line that was cut is refused, since its padding may be cut off', async () => {
    const cut = net(`${whole.slice(0, whole.indexOf(', padding'))}`, 'ReLU()')
    await expect(windowsOf(cut)).rejects.toThrow(
      /^print: the arguments of Conv2d must end with a bracket, got a line that is cut/,
    )
  })

  it('lines ending as on Windows are the same', async () => {
    expect(await windowsOf(net(whole).replaceAll('\n', '\r\n'))).toEqual(await windowsOf(net(whole)))
  })

  it('repeats without end are refused', async () => {
    const text = net(`ModuleList(\n    (0-99999): 100000 x Block(\n      (0-99999): 100000 x ${whole}\n    )\n  )`)
    await expect(windowsOf(text)).rejects.toThrow(/^print: a text must have at most 82\d\d modules/)
  })
})

it('a text of modules without windows is read, one of other words is not', async () => {
  const linear = 'Net(\n  (fc): Linear(in_features=8, out_features=2, bias=True)\n)\n'
  expect((await audit(new TextEncoder().encode(linear))).nodes).toEqual([])
  const other = linear.replace('Linear', 'Whatever')
  await expect(audit(new TextEncoder().encode(other))).rejects.toThrow('print: a text must have modules of torch.nn')
})
