import { describe, expect, it } from 'vitest'
import { typed } from './typed.ts'

/** A command line that is misuse, and the first line of what is said, unwrapped. */
const misuses: readonly (readonly [line: string, says: string])[] = [
  ['comapre', "samepad: the command is called compare, got 'comapre'"],
  [
    'foo',
    "samepad: the command must be one of explain, compare, code, sizes, phase, transposed, diagnose, audit, fix, diff, verify, tiles, run, got 'foo'",
  ],

  ['explain', 'explain: there must be one setting, got none'],
  ['explain tf k3', 'explain: --input must be given, got nothing'],
  ['explain tf k3 --input', 'explain: --input must be followed by N, got nothing'],
  ['explain tf k3 --input --json', "explain: --input must be followed by N, got '--json'"],
  ['explain tf k3 --input abc', "explain: --input must be one to three sizes such as 224 or 224x224, got 'abc'"],
  ['explain tf k3 --input 0', "explain: --input must be one to three sizes such as 224 or 224x224, got '0'"],
  ['explain tf k3 --input -5', "explain: --input must be one to three sizes such as 224 or 224x224, got '-5'"],
  ['explain tf k3 --input 1e3', "explain: --input must be one to three sizes such as 224 or 224x224, got '1e3'"],
  [
    'explain tf k3 --input 9007199254740993',
    "explain: --input must be one to three sizes such as 224 or 224x224, got '9007199254740993'",
  ],
  ['explain tf k3 --inptu 5', "explain: the option is called --input, got '--inptu'"],
  [
    'explain tf k3 --zork 5',
    "explain: options are --input, --plan, --channels, --groups, --layout, --deterministic, --json, --help, got '--zork'",
  ],
  [
    'explain tf k3 -z',
    "explain: options are --input, --plan, --channels, --groups, --layout, --deterministic, --json, --help, got '-z'",
  ],
  ['explain tf k3 --input 5 --json=3', "explain: --json takes no value, got '3'"],
  ['explain pytroch k3 --input 5', "setting: the framework is called pytorch, got 'pytroch'"],
  [
    'explain k3 s2 --input 5',
    "setting: a setting must begin with a framework, such as tf, pytorch or onnx, got 'k3 s2'",
  ],
  ['explain tf s2 same --input 5', "setting: a setting must name a kernel, such as k3, got 'tf s2 same'"],
  ['explain tf k3 torch k3 --input 5', "setting: a setting must name one framework, got 'torch'"],

  [
    'explain tf k100000000 s2 same --input 5',
    'explain: the effective kernel must be at most 10000 cells, got 100000000',
  ],
  ['explain tf k3 s10001 same --input 5', 'explain: the stride must be at most 10000 cells, got 10001'],
  ['explain tf k3 d10000 same --input 5', 'explain: the effective kernel must be at most 10000 cells, got 20001'],

  ['compare', 'compare: there must be two settings, got none'],
  ['compare tf k3', "compare: there must be two settings, got 'tf k3'"],
  ['compare tf k3 same torch k20000 p1', 'compare: the effective kernel must be at most 10000 cells, got 20000'],
  [
    'compare tf k3 s1009 same torch k3 s997 p1',
    'compare: the least common multiple of the strides must be at most 10000, got 1005973',
  ],

  ['code tf k3x5 --input 4x5x6 --to torch', "code: --input must fit the setting's 2 axes, got 3"],
  ['code tf k3 --axes 4 --to torch', 'code: --axes must be 1 to 3, got 4'],
  [
    'code tf k3 same trim --to torch',
    "code: a layer with drop, cut, every, trim or out must be written for one size, with --input, got 'no size'",
  ],
  ['code tf k3 --input 5', 'code: --to must be given, got nothing'],
  ['code tf k3 --input 5 --to pytroch', "code: the framework is called pytorch, got 'pytroch'"],
  [
    'code tf k3 --input 5 --to caffe',
    "code: --to must be one of pytorch, tensorflow, keras, jax, onnx, tfjs, webnn, got 'caffe'",
  ],
  ['code tf k3 --input 5x --to torch', "code: --input must be one to three sizes such as 224 or 224x224, got '5x'"],
  [
    'code tf k3 --input 5x5x5x5 --to torch',
    "code: --input must be one to three sizes such as 224 or 224x224, got '5x5x5x5'",
  ],
  ['code tf k3 --input 5x0 --to torch', "code: --input must be one to three sizes such as 224 or 224x224, got '5x0'"],
  ['code tfjs.3d.same-3d k1 s4 --input 8 --to torch', 'code: the padding of axis 0 must not be negative, got [-2, -1]'],
  [
    'code tfjs.transposed.same-3d k1 s4 --input 2 --to torch',
    'code: the crop of axis 0 must not be negative, got [-2, -1]',
  ],
  ['code onnx transposed k3 s2 p0 out14 --input 5 --to pytorch', 'code: axis 0 must append at most 1 zeros, got 3'],
  [
    'code onnx k3 p5,0 trim --input 6 --to torch',
    'code: the padding of axis 0 must give the 9 outputs that fit, got 6',
  ],
  [
    'code torch k3 s2 same --input 8 --to tf',
    'code: the setting must take the input of axis 0 (not supported for strided convolutions), got 8',
  ],
  [
    'code torch k3 same reflect --input 8 --to tf',
    "code: the padding must be zeros; for others, pad before the layer in a step of its own and write the layer without padding, got 'reflect'",
  ],
  [
    'code efficientnet-pytorch maxpool k3 s1 same --input 8 --to tf',
    "code: a maximum must not see padding as zeros, got 'efficientnet-pytorch.max-pool.same'",
  ],
  [
    'code torch averagepool k3 s1 p1 exclude pad1 --input 8 --to tf',
    "code: an average must count all of its padding or none, got 'pytorch.avg-pool.explicit'",
  ],

  ['sizes --near 5', 'sizes: a layer must be written as k3 s2, perhaps with d2, and x5 to repeat it, got nothing'],
  ['sizes transposed k3 --near 5', "sizes: no layer must be transposed, got 'transposed k3'"],
  ['sizes s2 --near 5', "setting: a setting must name a kernel, such as k3, got 's2'"],
  ['sizes k3 vs k3 --near 5', 'sizes: there must be one chain of layers, got 2'],
  ['sizes k3s2 x5', 'sizes: --near must be given, got nothing'],

  ['phase --input 5', 'phase: there must be one chain of layers or two to compare, got 0'],
  ['phase tf k3 vs tf k3 vs tf k3 --input 5', 'phase: there must be one chain of layers or two to compare, got 3'],
  ['phase x3 --input 5', "setting: x must follow a layer and repeat it 1 to 1000 times, got 'x3'"],
  ['phase tf k3 x0 --input 5', "setting: x must follow a layer and repeat it 1 to 1000 times, got 'tf k3 x0'"],
  ['phase tf k3 --repeat 2000 --input 5', 'phase: --repeat must be at most 1000, got 2000'],
  ['phase tf k3', 'phase: --input must be given, got nothing'],
  [
    'phase torch k3 s2 same --input 5',
    'phase: layer 0 must take its input (not supported for strided convolutions), got 5',
  ],

  ['transposed tf maxpool k3 --input 5', "transposed: the operation must be a transposed convolution, got 'maxPool'"],
  ['transposed tf k3 s2000 same --input 5', 'transposed: the stride must be at most 1000, got 2000'],
  ['transposed tf k3 s2 same', 'transposed: --input must be given, got nothing'],

  ['diagnose tf k3', "diagnose: everything must be given as an option, got 'tf k3'"],
  ['diagnose --input 3', 'diagnose: --kernel must be given, got nothing'],
  ['diagnose --kernel 3', 'diagnose: --input must be given, got nothing'],
  ['diagnose --input 3 --kernel 2', 'diagnose: --output must be given, got nothing'],
  [
    'diagnose --input a,b --kernel 2 --output 1',
    "diagnose: --input must be a size, or values separated by commas, got 'a,b'",
  ],
  [
    'diagnose --input 1.5 --kernel 2 --output 1',
    "diagnose: --input must be a size, or values separated by commas, got '1.5'",
  ],
  ['diagnose --input 0 --kernel 2 --output 1', 'diagnose: --input must be 1 to 10000 cells, got 0'],
  ['diagnose --input 5 --kernel 20000 --output 1', 'diagnose: --kernel must be 1 to 10000 cells, got 20000'],
  [
    'diagnose --input 5 --kernel 2 --output 1 --op zork',
    "diagnose: --op must be one of conv, transposed, convtranspose, maxpool, averagepool, avgpool, got 'zork'",
  ],
  [
    'diagnose --input 5 --kernel 2 --output 1 --pads a',
    "diagnose: --pads must be one number for both sides or two such as 0,1, got 'a'",
  ],
  [
    'diagnose --input 5 --kernel 2 --output 1 --ceil --no-ceil',
    'diagnose: only one of --ceil and --no-ceil must be given, got both',
  ],
  [
    'diagnose --input 3 --kernel 2 --output 1,2',
    'diagnose: observed values need the values of the input, and weights unless it is a pooling, got [1, 2]',
  ],
]

/** Files that are not what the command needs: how the command is written is no help then. */
const otherFiles: readonly (readonly [line: string, says: string])[] = [
  [
    'verify test/models/files/tiny.h5 test/models/files/tiny.h5',
    'verify: both files must be ONNX (samepad diff compares the padding of files of any formats), got Keras H5, test/models/files/tiny.h5',
  ],
  ['run README.md', 'README.md: model: the file must be a model of a known format, got a text file'],
  [
    'diff test/models/files/tiny.h5 README.md',
    'README.md: model: the file must be a model of a known format, got a text file',
  ],
  [
    'verify LICENSE test/models/files/tiny.h5',
    'LICENSE: model: the file must be a model of a known format, got a text file',
  ],
]

describe('misuse', () => {
  it.each(otherFiles)('samepad %s', async (line, says) => {
    const { exitCode, stdout, stderr } = await typed(line)
    expect([exitCode, stdout, stderr.trimEnd().split('\n').join(' ')]).toEqual([2, '', says])
  })

  it.each(misuses)('samepad %s', async (line, says) => {
    const { exitCode, stdout, stderr } = await typed(line)
    const lines = stderr.trimEnd().split('\n')
    expect(lines.slice(0, -1).join(' ')).toBe(says)
    const command = says.startsWith('samepad:') ? '' : ` ${line.split(' ')[0]}`
    expect(lines.at(-1)).toBe(`samepad${command} --help shows how it is written`)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })
})
