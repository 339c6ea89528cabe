import { describe, expect, it } from 'vitest'
import {
  applyEdits,
  type FixOptions,
  fix,
  type Rewrite,
  readModel,
  type SourceLike,
  spatialNodes,
} from '../../src/models.ts'

/** A text as a file of a name, since some formats are known by it. */
const named = (name: string, text: string): SourceLike => Object.assign(new Blob([text]), { name })
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** Texts around one layer. */
const around = {
  ncnn: (line: string) => `7767517\n2 2\nInput x 0 1 x 0=32 1=32 2=3\n${line}\n`,
  pnnx: (line: string) =>
    `7767517\n2 2\npnnx.Input in 0 1 0 #0=(1,3,32,32)f32\n${line} @weight=(4,3,3,3)f32 #0=(1,3,32,32)f32\n`,
  caffe: (layer: string) =>
    `name: "n" # a net\ninput: "x"\ninput_dim: 1 input_dim: 3 input_dim: 32 input_dim: 32\nlayer {\n  name: "c"\n${layer}\n` +
    '  bottom: "x" top: "y"\n}\n',
  darknet: (section: string) => `[net]\nwidth=32\nheight=32\nchannels=3\n\n${section}\n# end\n`,
  nnef: (call: string) =>
    'version 1.0;\n\ngraph n(x) -> (y)\n{\n  x = external(shape = [1, 3, 32, 32]);\n' +
    `  f = variable(shape = [4, 3, 3, 3], label = 'f');\n  y = ${call};\n}\n`,
  openvino: (layer: string) => {
    const port = (id: number, dims: string): string =>
      `<port id="${id}">${dims.replace(/\d+/g, '<dim>$&</dim>').replace(/ /g, '')}</port>`
    const layerOf = (id: number, type: string, data: string, dims: string): string =>
      `<layer id="${id}" name="l${id}" type="${type}"><data ${data}/><output>${port(0, dims)}</output></layer>`
    return `<?xml version="1.0"?>
<net name="n" version="11"><layers>
${layerOf(0, 'Parameter', 'shape="1,3,32,32"', '1 3 32 32')}
${layerOf(1, 'Const', 'shape="4,3,3,3" size="432"', '4 3 3 3')}
<layer id="2" name="é" ${layer}<input>${port(0, '1 3 32 32')}${port(1, '4 3 3 3')}</input><output><port id="2"/></output></layer>
</layers><edges><edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
<edge from-layer="1" from-port="0" to-layer="2" to-port="1"/></edges></net>
`
  },
  print: (module: string) => `Net(\n  (0): Sequential(\n    (conv): ${module}\n    (act): ReLU()\n  )\n)\n`,
}

const names: Readonly<Record<keyof typeof around, string>> = {
  ...{
    ncnn: 'a.param',
    pnnx: 'a.pnnx.param',
    caffe: 'a.prototxt',
    darknet: 'a.cfg',
    nnef: 'a.nnef',
    openvino: 'a.xml',
  },
  print: 'a.txt',
}

type To = NonNullable<FixOptions['to']>
type Case = readonly [format: keyof typeof around, to: To, layer: string, after: string]

const conv = 'Convolution c 1 1 x y 0=4 1=3 3=2'
const pool = 'Pooling p 1 1 x y 0=0 1=3 2=2'
const unit = 'Convolution c 1 1 x y 0=4 1=3'
const param = (lines: string): string =>
  `  type: "Convolution"\n  convolution_param {\n    num_output: 4\n${lines}\n  }`
const flat = (fields: string): string =>
  `  type: "Pooling"
  pooling_param { pool: MAX ${fields} round_mode: FLOOR }`
const ir = (data: string): string => `type="Convolution" version="opset1"><data strides="2,2" dilations="1,1" ${data}/>`
const irPool = (data: string): string => `type="MaxPool" version="opset1"><data strides="2, 2" kernel="3, 3" ${data}/>`
const torch = 'nn.Conv2d c 1 1 0 1 in_channels=3 kernel_size=(3,3) out_channels=4'
const printed = 'Conv2d(3, 8, kernel_size=(3, 3)'
const rest = 'bias=False)'

/** The layer before and after: all else stays as it is, byte by byte. */
const rewritten: readonly Case[] = [
  // ncnn: what is left out follows from the first; 14 and 15 are top and right in one kind, right and bottom in the other.
  ['ncnn', 'tf-same', `${conv} 4=1 5=1 6=108`, `${conv} 4=0 5=1 6=108 15=1 16=1`],
  ['ncnn', 'tf-same', `${conv} 6=108 4=1  14=1`, `${conv} 6=108 4=0  14=0 15=1 16=1`],
  ['ncnn', 'symmetric', `${conv} 4=0 14=0 15=1 16=1 6=108`, `${conv} 4=1 14=1 15=1 16=1 6=108`],
  ['ncnn', 'symmetric', `${conv} 4=-233 6=108`, `${conv} 4=1 6=108`],
  ['ncnn', 'auto-pad', `${conv} 4=0 14=0 15=1 16=1 6=108`, `${conv} 4=-233 14=-233 15=-233 16=-233 6=108`],
  ['ncnn', 'explicit', `${conv} 4=-233 6=108`, `${conv} 4=0 6=108 15=1 16=1`],
  ['ncnn', 'explicit', `${conv} 4=-234 6=108`, `${conv} 4=1 6=108 15=0 16=0`],
  ['ncnn', 'tf-same', `${pool} 3=1 5=1`, `${pool} 3=0 5=1 14=1 15=1`],
  ['ncnn', 'explicit', `${pool} 5=2`, `${pool} 5=1 14=1 15=1`],
  ['ncnn', 'symmetric', `${pool} 5=2`, `${pool} 5=1 3=1`],
  ['ncnn', 'auto-pad', `${unit} 4=1 6=108`, `${unit} 4=-233 6=108`],
  ['pnnx', 'auto-pad', `${torch} padding=(1,1) stride=(1,1)`, `${torch} padding=same stride=(1,1)`],
  ['pnnx', 'explicit', `${torch} padding=same stride=(1,1)`, `${torch} padding=(1,1) stride=(1,1)`],
  [
    'caffe',
    'tf-same',
    param('    stride: 4 pad: 1 # cells\n    kernel_size: 3'),
    param('    stride: 4 pad: 0 # cells\n    kernel_size: 3'),
  ],
  [
    'caffe',
    'tf-same',
    flat('kernel_size: 3 stride: 4 pad_w: 0 pad_h: 1'),
    flat('kernel_size: 3 stride: 4 pad_w: 0 pad_h: 0'),
  ],
  [
    'darknet',
    'tf-same',
    '[convolutional]\r\nsize=3\r\nstride=4\r\npad=1',
    '[convolutional]\r\nsize=3\r\nstride=4\r\npad=0',
  ],
  ['darknet', 'symmetric', '[maxpool]\nsize=3\nstride=2\npadding = 1', '[maxpool]\nsize=3\nstride=2\npadding = 2'],
  ['darknet', 'tf-same', '[maxpool]\nsize=3\nstride=2', '[maxpool]\nsize=3\npadding=1\nstride=2'],
  [
    'nnef',
    'tf-same',
    'conv(x, f, 0.0, stride = [2, 2], padding = [(1, 1), (1, 1)])',
    'conv(x, f, 0.0, stride = [2, 2], padding = [(0,1), (0,1)])',
  ],
  [
    'nnef',
    'explicit',
    'conv(x, f, 0.0, stride = [2, 2])',
    'conv(x, f, 0.0, stride = [2, 2], padding = [(0,1), (0,1)])',
  ],
  [
    'nnef',
    'explicit',
    "conv(x, f, 0.0, 'constant', [], [2, 2])",
    "conv(x, f, 0.0, 'constant', [(0,1), (0,1)], [2, 2])",
  ],
  [
    'nnef',
    'auto-pad',
    'conv(x, f, 0.0, stride = [2, 2], padding = [(0,1),(0,1)])',
    'conv(x, f, 0.0, stride = [2, 2], padding = [])',
  ],
  [
    ...([
      'nnef',
      'tf-same',
      "max_pool(x, size = [1,1,3,3], border = 'ignore', padding = [(0,0),(0,0),(1,1),(1,1)], stride = [1,1,2,2])",
    ] as const),
    "max_pool(x, size = [1,1,3,3], border = 'ignore', padding = [(0,0), (0,0), (0,1), (0,1)], stride = [1,1,2,2])",
  ],
  // Beside a rule pads are stale: the rule has to go, or stays alone in force.
  [
    'openvino',
    'symmetric',
    ir('pads_begin="0,0" pads_end="1,1" auto_pad="same_upper"'),
    ir('pads_begin="1,1" pads_end="1,1" auto_pad="explicit"'),
  ],
  [
    'openvino',
    'explicit',
    ir('pads_begin="9,9" pads_end="9,9" auto_pad="SAME_UPPER"'),
    ir('pads_begin="0,0" pads_end="1,1" auto_pad="explicit"'),
  ],
  ['openvino', 'explicit', ir('auto_pad="same_lower"'), ir('auto_pad="explicit" pads_begin="1,1" pads_end="0,0"')],
  [
    'openvino',
    'auto-pad',
    ir('pads_begin="0,0" pads_end="1,1"'),
    ir('pads_begin="0,0" pads_end="1,1" auto_pad="same_upper"'),
  ],
  ['openvino', 'tf-same', irPool('pads_begin="1, 1" pads_end="1, 1"'), irPool('pads_begin="0, 0" pads_end="1, 1"')],
  [
    'openvino',
    'explicit',
    irPool('rounding_type="ceil" auto_pad="same_upper"'),
    irPool('rounding_type="floor" auto_pad="explicit" pads_begin="0, 0" pads_end="1, 1"'),
  ],
  // As print would have it: what is the default is not shown.
  [
    'print',
    'explicit',
    `${printed}, stride=(1, 1), padding=same, ${rest}`,
    `${printed}, stride=(1, 1), padding=(1, 1), ${rest}`,
  ],
  [
    'print',
    'auto-pad',
    `${printed}, stride=(1, 1), padding=(1, 1), ${rest}`,
    `${printed}, stride=(1, 1), padding=same, ${rest}`,
  ],
  [
    'print',
    'explicit',
    'Conv2d(3, 8, kernel_size=(1, 1), stride=(1, 1), padding=same)',
    'Conv2d(3, 8, kernel_size=(1, 1), stride=(1, 1))',
  ],
]

/** What a format cannot say, as a sentence. */
const refused: readonly Case[] = [
  [
    'pnnx',
    'tf-same',
    `${torch} padding=(1,1) stride=(2,2)`,
    'a layer of PyTorch pads both sides of an axis alike; F.pad before it does not have to',
  ],
  [
    'caffe',
    'tf-same',
    param('    kernel_size: 3\n    stride: 2\n    pad: 1'),
    'Caffe pads both sides of an axis alike',
  ],
  ['caffe', 'auto-pad', param('    kernel_size: 3\n    pad: 1'), 'Caffe has no word for it'],
  [
    'darknet',
    'tf-same',
    '[convolutional]\nfilters=4\nsize=3\nstride=2\npad=1',
    'a convolution of Darknet pads all sides alike',
  ],
  ['nnef', 'pad-node', 'conv(x, f, 0.0, stride = [2, 2])', 'put a Pad of 0,1 before it where the model is made'],
  [
    'print',
    'tf-same',
    `${printed}, stride=(2, 2), padding=(1, 1), ${rest}`,
    'its padding depends on the size, which is not known, and the file names no input; the exported model has sizes',
  ],
]

describe('a layer of a text is written otherwise', () => {
  it.each(rewritten)('%s to %s: %s', async (format, to, layer, after) => {
    const text = around[format](layer)
    const result = await fix(named(names[format], text), { to })
    expect(result.skipped).toEqual([])
    expect(textOf(result.bytes)).toBe(around[format](after))
    expect(result.changes.length).toBe(1)
    // What was written once has not to be written again.
    const again = await fix(named(names[format], textOf(result.bytes)), { to })
    expect([again.changes, again.skipped]).toEqual([[], []])
    expect(textOf(again.bytes)).toBe(textOf(result.bytes))
  })

  // As programs of Windows write texts: a mark in front, and two characters at each end of a line.
  it.each(rewritten)('%s to %s: %s, behind a byte order mark', async (format, to, layer, after) => {
    const windows = (text: string): string => `\ufeff${text.replace(/\r?\n/g, '\r\n')}`
    const result = await fix(named(names[format], windows(around[format](layer))), { to })
    expect(result.skipped).toEqual([])
    expect(Buffer.from(result.bytes).toString('utf8')).toBe(windows(around[format](after)))
  })

  it.each(refused)('%s to %s: %s stays', async (format, to, layer, reason) => {
    const text = around[format](layer)
    const result = await fix(named(names[format], text), { to })
    expect(result.skipped.map((one) => one.reason)).toEqual([reason])
    expect(textOf(result.bytes)).toBe(text)
  })
})

/** Rewrites that a caller may ask for beside those that `fix` plans. */
const asked: readonly (readonly [keyof typeof around, Rewrite, string, string])[] = [
  [
    'caffe',
    numbers(1, 1),
    param('    kernel_size: 3\n    stride: 4'),
    param('    kernel_size: 3\n    pad: 1\n    stride: 4'),
  ],
  [
    'caffe',
    numbers(2, 1),
    flat('kernel_h: 5 kernel_w: 3 stride: 8'),
    flat('kernel_h: 5 pad_h: 2 pad_w: 1 kernel_w: 3 stride: 8'),
  ],
  ['caffe', numbers(2, 1), flat('kernel_size: 3 pad: 1 stride: 8'), flat('kernel_size: 3 pad_h: 2 pad_w: 1 stride: 8')],
  ['caffe', numbers(0, 0), flat('kernel_size: 3'), flat('kernel_size: 3')],
  ['caffe', numbers(2, 1), param('    kernel_size: 3 pad: 1 pad: 2'), 'its padding is written in several ways at once'],
  ['caffe', numbers(2, 1), param('    kernel_size: 3 pad: [1, 2]'), 'its padding is written in several ways at once'],
  ['darknet', numbers(1, 1), '[convolutional]\nsize = 3\nstride=4', '[convolutional]\nsize = 3\npad=1\nstride=4'],
  ['darknet', numbers(2, 2), '[convolutional]\nsize=3\npad=1\npadding=7', '[convolutional]\nsize=3\npad=0\npadding=2'],
  ['darknet', numbers(2, 1), '[convolutional]\nsize=3\npad=1', 'Darknet pads height and width alike'],
  ['darknet', { padding: 'SAME_UPPER' }, '[maxpool]\nsize=3', 'Darknet has numbers alone'],
  [
    'darknet',
    {
      padding: [
        [1, 3],
        [1, 3],
      ],
    },
    '[maxpool]\nsize=3',
    'Darknet gives only an odd cell to the end',
  ],
  ['ncnn', { padding: 'SAME_LOWER' }, `${pool} 3=1 5=0`, `${pool} 3=1 5=3`],
  [
    'ncnn',
    {
      padding: [
        [1, 2],
        [3, 4],
      ],
    },
    `${conv} 6=108`,
    `${conv} 6=108 4=3 14=1 15=4 16=2`,
  ],
  [
    ...([
      'ncnn',
      {
        padding: [
          [1, 1],
          [1, 1],
        ],
        outputPadding: [1, 0],
      },
    ] as const),
    ...([
      'Deconvolution d 1 1 x y 0=4 1=3 3=2 4=-233 20=64 21=64 6=108',
      'Deconvolution d 1 1 x y 0=4 1=3 3=2 4=1 6=108 19=1',
    ] as const),
  ],
  ['pnnx', numbers(2, 1), `${torch} stride=(2,2)`, `${torch} stride=(2,2) padding=(2,1)`],
  ['print', numbers(2, 1), `${printed}, stride=(2, 2), ${rest}`, `${printed}, stride=(2, 2), padding=(2, 1), ${rest}`],
  ['print', numbers(0, 0), `${printed}, stride=(2, 2), padding=(1, 1))`, `${printed}, stride=(2, 2))`],
  [
    'print',
    numbers(2, 1),
    'MaxPool2d(kernel_size=3, stride=2, padding=1)',
    'MaxPool2d(kernel_size=3, stride=2, padding=(2, 1))',
  ],
  [
    'print',
    numbers(1, 1),
    'MaxPool2d(kernel_size=3, stride=2, padding=1)',
    'MaxPool2d(kernel_size=3, stride=2, padding=1)',
  ],
  [
    ...([
      'print',
      { ...numbers(1, 1), outputPadding: [1, 1] },
      'ConvTranspose2d(3, 8, kernel_size=(3, 3), stride=(2, 2))',
    ] as const),
    'ConvTranspose2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))',
  ],
  [
    'print',
    { padding: 'SAME_UPPER' },
    'MaxPool2d(kernel_size=3, stride=2, padding=1)',
    'only convolutions of PyTorch have a word for it',
  ],
  ['nnef', { padding: 'SAME_LOWER' }, 'conv(x, f)', 'NNEF has only SAME that gives the odd cell to the end'],
]

function numbers(height: number, width: number): Rewrite {
  return {
    padding: [
      [height, height],
      [width, width],
    ],
  }
}

it.each(asked)('%s, asked for %o: %s', async (format, rewrite, layer, after) => {
  const text = around[format](layer)
  const model = await readModel(named(names[format], text))
  const edits = model.respell?.(spatialNodes(model)[0], rewrite) ?? []
  if ('refused' in edits) expect(edits.refused).toBe(after)
  else expect(textOf(await applyEdits(new TextEncoder().encode(text), edits))).toBe(around[format](after))
})
