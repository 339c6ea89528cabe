import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attributeOf, readModel, type SourceLike, spatialNodes } from '../../src/models.ts'

const named = (name: string, text: string): SourceLike => Object.assign(new Blob([text]), { name })
const read = (name: string, text: string) => readModel(named(name, text))

describe('ncnn', () => {
  const param = (line: string): string => `7767517\n2 2\nInput x 0 1 x 0=32 1=32 2=3\n${line}\n`

  it('a value of the padding (18) stands in a Pad before the convolution', async () => {
    const [window] = spatialNodes(
      await read('a.param', param('Convolution c 1 1 x y 0=4 1=3 3=2 4=1 14=2 6=108 18=0.5')),
    )
    expect(window.pad).toMatchObject({
      filling: { mode: 'constant', value: 0.5 },
      pads: [
        [2, 2],
        [1, 1],
      ],
    })
    expect(window.written.pads).toBeUndefined()
    expect(window.outputShape).toEqual([1, 4, 17, 16])
  })

  it('zero is no value of its own, and 18 of a pool or a transposed convolution is something else', async () => {
    for (const line of [
      'Convolution c 1 1 x y 0=4 1=3 4=1 6=108 18=0',
      'Deconvolution c 1 1 x y 0=4 1=3 3=2 4=1 6=108 18=1',
    ]) {
      const model = await read('a.param', param(line))
      expect(model.graph.nodes.map(({ opType }) => opType)).not.toContain('Pad')
    }
  })

  it('beside a rule the value is told', async () => {
    const { graph } = await read('a.param', param('Convolution c 1 1 x y 0=4 1=3 3=2 4=-233 6=108 18=-1'))
    expect(attributeOf(graph.nodes[0], 'remark')?.string).toBe('its padding holds -1')
  })
})

describe('Caffe', () => {
  const net = (parameters: string): string =>
    `input: "x" input_shape { dim: 1 dim: 3 dim: 16 dim: 32 dim: 32 }\nlayer { name: "c" type: "Convolution" bottom: "x" top: "y" convolution_param { num_output: 4 ${parameters} } }\n`

  it('lists of three are depth, height and width; one number is for all', async () => {
    const [window] = spatialNodes(
      await read('a.prototxt', net('kernel_size: 3 kernel_size: 5 kernel_size: 7 stride: 2 pad: 1 pad: 2 pad: 3')),
    )
    expect(window.written).toMatchObject({ kernelShape: [3, 5, 7], strides: [2, 2, 2], pads: [1, 2, 3, 1, 2, 3] })
    expect(window.outputShape).toEqual([1, 4, 8, 16, 16])
  })
})

describe('Darknet', () => {
  it.each([
    ['pad=1', [1, 1]],
    ['padding=0', [0, 0]],
  ])('a deconvolution crops as a convolution pads: %s', async (padding, pads) => {
    const text = `[net]\nwidth=8\nheight=9\nchannels=3\n\n[deconvolutional]\nfilters=4\nsize=3\nstride=2\n${padding}\n`
    const [window] = spatialNodes(await read('a.cfg', text))
    expect(window.op).toBe('convTranspose')
    expect(window.axes.map((axis) => axis.pads)).toEqual([pads, pads])
    expect(window.outputShape).toEqual([1, 4, 19 - 2 * pads[0], 17 - 2 * pads[0]])
  })
})

describe('print(model)', () => {
  const net = (type: string): string =>
    `Net(\n  (b): ${type}(\n    (pad): ZeroPad2d((0, 1, 0, 1))\n    (conv): Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2))\n    (next): Conv2d(8, 8, kernel_size=(3, 3), stride=(2, 2))\n  )\n)\n`

  it('a padding outside of a Sequential is told at the layer behind it alone', async () => {
    const nodes = (await read('a.txt', net('Block'))).graph.nodes.filter(({ opType }) => opType === 'Conv')
    expect(nodes.map((node) => attributeOf(node, 'remark')?.string)).toEqual([
      'ZeroPad2d((0, 1, 0, 1)) stands before it in the text, which does not say whether it feeds it',
      undefined,
    ])
  })

  it('within a Sequential it feeds that layer, and nothing is open', async () => {
    const model = await read('a.txt', net('Sequential'))
    expect(model.graph.nodes.map((node) => attributeOf(node, 'remark'))).toEqual([undefined, undefined, undefined])
    expect(spatialNodes(model)[0].pad?.pads).toEqual([
      [0, 1],
      [0, 1],
    ])
  })
})

describe('a folder that is a model', () => {
  const files = (name: string, text: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'samepad-'))
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
    return folder
  }

  it('is read by the file that it is known by', async () => {
    const mil =
      'program(1.0)\n{\n func main<ios16>(tensor<fp16, [1, 3]> x) {\n  tensor<fp16, [1, 3]> y = relu(x = x)[name = string("r")];\n } -> (y);\n}\n'
    const model = await readModel(files('model.mil', mil))
    expect([model.format, model.graph.nodes.length]).toEqual(['Core ML text', 1])
    await expect(readModel(files('Data/com.apple.CoreML/model.mlmodel', ''))).rejects.toThrow(/a model of Core ML/)
  })

  it('that has no such file is no model', async () => {
    await expect(readModel(files('notes.md', ''))).rejects.toThrow('file: the source must be a file')
  })
})

it('OpenVINO: symmetric is a mode of its own beside reflect', async () => {
  const pad = (mode: string): string => `<net name="n" version="11"><layers>
<layer id="0" name="x" type="Parameter"><data shape="1,3,8,8"/><output><port id="0"><dim>1</dim><dim>3</dim><dim>8</dim><dim>8</dim></port></output></layer>
<layer id="1" name="p" type="Pad"><data pad_mode="${mode}"/><input><port id="0"/></input><output><port id="1"/></output></layer>
<layer id="2" name="m" type="MaxPool"><data strides="1,1" kernel="3,3" pads_begin="0,0" pads_end="0,0"/><input><port id="0"/></input><output><port id="1"/></output></layer>
</layers><edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/><edge from-layer="1" from-port="1" to-layer="2" to-port="0"/></edges></net>`
  for (const mode of ['symmetric', 'reflect', 'edge']) {
    const [window] = spatialNodes(await read('a.xml', pad(mode)))
    expect(window.pad?.filling.mode).toBe(mode)
  }
})
