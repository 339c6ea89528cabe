import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, expect, it } from 'vitest'
import { npyBytes, readNpy } from '../../src/cli/npy.ts'
import { modelBytes } from '../graph/onnx-bytes.ts'
import { typedWords } from './typed.ts'

const root = join(import.meta.dirname, '..', '..')
const face = join(root, 'examples', 'face', 'data', 'blazeface-front.onnx')
const folder = mkdtempSync(join(tmpdir(), 'samepad-run-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('runs a model on random numbers and says what its outputs are', async () => {
  const { exitCode, stdout } = await typedWords(['run', face, '--profile'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/first run [\d.]+ ms, then [\d.]+ ms/)
  expect(stdout).toMatch(/Identity_2:0 +1x512x16 +-/)
  expect(stdout).toMatch(/^\d+ steps, [\d.]+ ms \(medians of \d+ runs\)$/m)
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

it('tells the largest values of a row, on inputs that are given', async () => {
  const file = join(folder, 'model.onnx')
  const scale = { shape: [4], data: [1, -2, 3, 0.5] }
  const nodes = [['Mul', ['x', 's'], ['y']]] as const
  writeFileSync(file, modelBytes({ inputs: { x: ['n', 4] }, outputs: ['y'], nodes, constants: { s: scale } }))
  const { exitCode, stdout } = await typedWords(['run', file, '--value', 'x=2', '--input', '1x4', '--json'])
  expect(exitCode).toBe(0)
  const [output] = JSON.parse(stdout).outputs
  expect(output).toMatchObject({ name: 'y', shape: [1, 4], least: -4, most: 6, mean: 1.25 })
  expect(output.largest).toEqual([
    [2, 6],
    [0, 2],
    [3, 1],
    [1, -4],
  ])
})

/** y = x times 2, of a picture. */
const double = (shape: readonly (number | string)[]): string => {
  const file = join(folder, 'double.onnx')
  const nodes = [['Mul', ['x', 's'], ['y']]] as const
  writeFileSync(
    file,
    modelBytes({ inputs: { x: shape }, outputs: ['y'], nodes, constants: { s: { shape: [], data: [2] } } }),
  )
  return file
}

it('takes inputs from files of NumPy and safetensors, and writes outputs', async () => {
  const file = double([2, 3])
  const [given, written] = [join(folder, 'x.npy'), join(folder, 'y.npy')]
  writeFileSync(given, npyBytes({ shape: [2, 3], data: Float32Array.of(1, -2, 3, 4, 0.5, 0) }))
  const { exitCode, stderr } = await typedWords(['run', file, '--input', `x=${given}`, '--output', written])
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(readNpy('run', 'y', readFileSync(written))).toEqual({
    ...{ shape: [2, 3], data: Float32Array.of(2, -4, 6, 8, 1, 0) },
  })
  const [text, data] = ['{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}', Float32Array.of(1, 2, 3, 4, 5, 6)]
  const bytes = Buffer.concat([Buffer.from(BigUint64Array.of(BigInt(text.length)).buffer), Buffer.from(text)])
  writeFileSync(join(folder, 'x.safetensors'), Buffer.concat([bytes, Buffer.from(data.buffer)]))
  const other = await typedWords(['run', file, '--input', 'x.safetensors', '--output', 'y=z.npy'], { cwd: folder })
  expect(other.stderr).toBe('')
  expect([...readNpy('run', 'z', readFileSync(join(folder, 'z.npy'))).data]).toEqual([2, 4, 6, 8, 10, 12])
})

/** 3 x 2 pixels. */
const photo = Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170)

it.each([
  [
    [1, 3, 2, 3],
    [0, 30, 60, 90, 120, 150, 10, 40, 70, 100, 130, 160, 20, 50, 80, 110, 140, 170],
  ],
  [[1, 'h', 'w', 3], [...photo]],
  [[1, 1, 2, 3], [0, 1, 2, 3, 4, 5].map((pixel) => 30 * pixel + 0.587 * 10 + 0.114 * 20)],
] as const)('takes a picture for an input %s, with mean and scale', async (shape, values) => {
  const path = join(folder, 'photo.png')
  writeFileSync(path, encode({ width: 3, height: 2, channels: 3, data: photo }))
  const words = ['--image', path, '--mean', '50', '--scale', '1/2', '--output', join(folder, 'y.npy')]
  const { stderr } = await typedWords(['run', double(shape), ...words])
  expect(stderr).toBe('')
  const { data } = readNpy('run', 'y', readFileSync(join(folder, 'y.npy')))
  expect(data.length).toBe(values.length)
  values.forEach((value, at) => {
    expect(data[at]).toBeCloseTo(value - 50, 4)
  })
})

it('brings a picture to the size of the model, and to one that is typed', async () => {
  const path = join(folder, 'grey.png')
  writeFileSync(path, encode({ width: 5, height: 4, channels: 1, data: new Uint8Array(20).fill(51) }))
  for (const [shape, words, wanted] of [
    [[1, 3, 8, 6], [], [1, 3, 8, 6]],
    [
      ['n', 'h', 'w', 3],
      ['--input', '1x2x2x3'],
      [1, 2, 2, 3],
    ],
  ] as const) {
    const { stdout, stderr } = await typedWords(['run', double(shape), '--image', path, ...words, '--json'])
    expect(stderr).toBe('')
    const [output] = JSON.parse(stdout).outputs
    expect(output.shape).toEqual(wanted)
    for (const key of ['least', 'most'] as const) expect(output[key]).toBeCloseTo(0.4, 5)
  }
})

it('gives an input of integers the values of a picture as they are', async () => {
  const [path, file] = [join(folder, 'bytes.png'), join(folder, 'bytes.onnx')]
  writeFileSync(path, encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(50, 151) }))
  const nodes = [['Cast', ['x'], ['y'], { to: 1 }]] as const
  writeFileSync(file, modelBytes({ inputs: { x: [1, 1, 1, 2] }, outputs: ['y'], nodes, types: { x: 2 } }))
  for (const [words, least, most] of [
    [[], 50, 151],
    [['--scale', '1/2'], 25, 76],
    [['--input', 'x=1x1x1x1'], 101, 101],
  ] as const) {
    const { stdout, stderr } = await typedWords(['run', file, '--image', path, ...words, '--json'])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout).outputs[0]).toMatchObject({ least, most })
  }
})

it('random numbers for integers and truths are whole ones that the model takes', async () => {
  const [file, output] = [join(folder, 'whole.onnx'), (name: string) => join(folder, `${name}.npy`)]
  const bytes = modelBytes({
    ...{ inputs: { ids: ['n'], flags: [200], picture: [200] }, outputs: ['y', 'i', 'f', 'p'] },
    types: { ids: 7, flags: 9, picture: 2, i: 7, f: 9, p: 2 },
    nodes: [
      ['Gather', ['table', 'ids'], ['y']],
      ...(['ids i', 'flags f', 'picture p'] as const).map((line) => {
        const [from, to] = line.split(' ')
        return ['Identity', [from], [to]] as const
      }),
    ],
    constants: { table: { shape: [5, 2], data: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } },
  })
  writeFileSync(file, bytes)
  const goals = ['i', 'f', 'p'].map((name) => `${name}=${output(name)}`).join(',')
  const words = ['run', file, '--input', 'ids=200', '--output', goals]
  expect((await typedWords(words)).exitCode).toBe(0)
  const twice = await typedWords(['run', file, '--input', 'ids=200', '--output', `i=${output('f')},f=${output('f')}`])
  expect([twice.exitCode, twice.stderr.replace(/\s+/g, ' ')]).toEqual([
    2,
    expect.stringContaining('run: every --output must be a file of its own'),
  ])
  const found = ['i', 'f', 'p'].map((name) => [...readNpy('test', name, readFileSync(output(name))).data])
  for (const [index, most] of [4, 1, 255].entries()) {
    expect(found[index].every((one) => Number.isInteger(one) && one >= 0 && one <= most)).toBe(true)
  }
  expect([...new Set(found[0])].sort()).toEqual([0, 1, 2, 3, 4])
  expect([...new Set(found[1])].sort()).toEqual([0, 1])
  expect(new Set(found[2]).size).toBeGreaterThan(50)
})

it('runs a model whose inputs are called like what every object has', async () => {
  const file = join(folder, 'names.onnx')
  const types = { constructor: 1, ['__proto__']: 1, valueOf: 1 }
  const inputs = { constructor: ['n'], ['__proto__']: [3] }
  const nodes = [['Add', ['constructor', '__proto__'], ['valueOf']]] as const
  writeFileSync(file, modelBytes({ inputs, outputs: ['valueOf'], nodes, types }))
  const words = ['run', file, '--value', 'constructor=2', '--value', '__proto__=3', '--json']
  for (const more of [[], ['--input', 'constructor=3']]) {
    const { exitCode, stdout } = await typedWords([...words, ...more])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).outputs).toMatchObject([{ name: 'valueOf', shape: [3], least: 5, most: 5 }])
  }
  expect((await typedWords(['sizes', file])).stdout).toContain('n: any size')
  expect((await typedWords(['tiles', file])).stderr).toContain('tiles: the shape of constructor must be given')
})

it('runs on threads, and says what is wrong with files', async () => {
  const file = double([2, 3])
  expect((await typedWords(['run', file, '--threads', '2'])).exitCode).toBe(0)
  writeFileSync(join(folder, 'bad.npy'), 'no array of NumPy')
  writeFileSync(join(folder, 'bad.png'), 'no picture')
  for (const [words, says] of [
    [['--threads', '0'], "run: --threads must be an integer of at least 1, got '0'"],
    [['--input', 'z=x.npy'], "run: a file must be for one of the inputs x, got 'z'"],
    [['--input', 'none.npy'], 'run: the file must be readable (ENOENT: no such file or directory)'],
    [['--input', 'bad.npy'], 'bad.npy must be an array of NumPy, got another file'],
    [['--input', 'bad.png'], 'bad.png must be a PNG, got another file'],
    [['--image', 'photo.jpg'], "run: --image must be a PNG, got 'photo.jpg'"],
    [['--image', 'photo.png'], 'run: a picture must be for an input of 1, 3 or 4 channels, got [2, 3]'],
    [['--input', 'photo.png'], 'run: a picture must be for an input of 1, 3 or 4 channels, got [2, 3]'],
    [['--input', 'x.npy,x=x.npy'], "run: every input must be given by one file, got ['x.npy', 'x.npy']"],
    [['--mean', '3'], 'run: --mean must be for a picture, by --image or --input, got none'],
    [['--input', 'x.npy', '--scale', '3'], 'run: --scale must be for a picture, by --image or --input, got none'],
    [['--scale', 'x'], "run: --scale must be one number or three, such as 127.5 or 1/255, got 'x'"],
    [['--output', 'y.bin'], "run: --output must be a file of NumPy, .npy, got 'y.bin'"],
    [['--output', 'q=y.npy'], "run: --output must be NAME=FILE.npy with one of the outputs y, got 'q=y.npy'"],
    [['--output', 'no/y.npy'], 'run: the folder must exist'],
  ] as const) {
    const { exitCode, stderr } = await typedWords(['run', file, ...words], { cwd: folder })
    expect(exitCode).toBe(2)
    expect(stderr.replace(/\s+/g, ' ')).toContain(says)
  }
})

it('names what does not run, and what is missing', async () => {
  const file = join(folder, 'other.onnx')
  writeFileSync(file, modelBytes({ inputs: { x: ['n', 4, 4] }, outputs: ['y'], nodes: [['Det', ['x'], ['y']]] }))
  const { exitCode, stderr } = await typedWords(['run', file, '--input', '1x4x4'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain("Det 'y' is Det")
  expect((await typedWords(['run'])).stderr).toContain('run: there must be one model file')
  const caffe = join(folder, 'net.cfg')
  writeFileSync(caffe, '[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=2\nsize=3\nstride=1\npad=1\n')
  expect((await typedWords(['run', caffe])).stderr).toContain('run: the file must be ONNX, got Darknet')
})

it('explain --plan shows the steps of a model, and where they are', async () => {
  const { exitCode, stdout } = await typedWords(['explain', face, '--plan'])
  expect(exitCode).toBe(0)
  const words = stdout.replace(/\s+/g, ' ')
  expect(words).toMatch(/\d+ steps, \d+ kB for values \(\d+ kB live together\), \d+ kB of weights/)
  expect(stdout).toMatch(/^conv +k5x5 s2 p1,2 nhwc relu +1x64x64x24 +\S/m)
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

it('explain --plan takes the shapes of several inputs', async () => {
  const file = join(folder, 'two.onnx')
  writeFileSync(
    file,
    modelBytes({ inputs: { a: ['n', 2], b: ['n', 2] }, outputs: ['y'], nodes: [['Add', ['a', 'b'], ['y']]] }),
  )
  const { stdout, stderr } = await typedWords([
    'explain',
    file,
    '--plan',
    '--input',
    'a=3x2',
    '--input',
    'b=3x2',
    '--json',
  ])
  expect(stderr).toBe('')
  expect(JSON.parse(stdout).steps.at(-1).outputs).toEqual([[3, 2]])
})

it('verify compares what samepad computes of two files', async () => {
  const nodes = [['Mul', ['x', 's'], ['y']]] as const
  const [one, two] = [2, 2.001].map((factor, index) => {
    const file = join(folder, `factor${index}.onnx`)
    const constants = { s: { shape: [], data: [factor] } }
    writeFileSync(file, modelBytes({ inputs: { x: [4] }, outputs: ['y'], nodes, constants }))
    return file
  })
  expect((await typedWords(['verify', one, one])).stdout).toMatch(/^Equal up to rounding, run by samepad\./)
  const { exitCode, stdout } = await typedWords(['verify', one, two, '--value', 'x=4', '--json'])
  expect(exitCode).toBe(1)
  const [output] = JSON.parse(stdout).outputs
  expect(output.largest).toBeCloseTo(0.004, 5)
  expect((await typedWords(['verify', one, two, '--tolerance', '0.001'])).exitCode).toBe(0)
})
