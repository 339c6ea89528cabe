import { expect, it } from 'vitest'
import { folderOf } from './model-folder.ts'
import { typed } from './typed.ts'

/** Each has one maximum pool whose last window sees nothing but padding, or a remark, on the line that is told. */
const texts = {
  'net.cfg': ['[net]\nwidth=9\nheight=9\nchannels=3\n\n[maxpool]\nsize=2\nstride=2\npadding=4\n', 6],
  'net.prototxt': [
    'name: "n"\ninput: "x"\ninput_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\nlayer { name: "c" type: "Strange" bottom: "x" top: "y" }\n' +
      'layer {\n  name: "p" type: "Convolution" bottom: "y" top: "z"\n  convolution_param { kernel_size: 3 pad: 4 num_output: 1 }\n}\n',
    5,
  ],
  'net.param': ['7767517\n2 2\nInput x 0 1 x 0=8 1=8 2=3\nConvolution c 1 1 x y 0=4 1=3 4=4 6=108\n', 4],
  'net.nnef': [
    'version 1.0;\n\ngraph n(x) -> (y)\n{\n  x = external(shape = [1, 3, 8, 8]);\n  f = variable(shape = [4, 3, 3, 3], label = "f");\n' +
      '  y = conv(x, f, 0.0, padding = [(4, 4), (4, 4)]);\n}\n',
    7,
  ],
  'net.txt': ['Sequential(\n  (0): ReLU()\n  (1): AvgPool2d(kernel_size=2, stride=2, padding=0)\n)\n', 3],
} as const

it.each(Object.entries(texts))('%s: audit and SARIF tell the line', async (name, [text, line]) => {
  const cwd = folderOf({ [name]: text })
  const { stdout } = await typed(`audit ${name} --all`, { cwd })
  expect(stdout).toContain(`(line ${line})`)
  const log = JSON.parse((await typed(`audit ${name} --sarif`, { cwd })).stdout) as {
    runs: [{ results: { locations: { physicalLocation: { region?: { startLine?: number } } }[] }[] }]
  }
  const lines = log.runs[0].results.flatMap(({ locations }) => locations[0].physicalLocation.region?.startLine ?? [])
  expect(lines).toContain(line)
})
