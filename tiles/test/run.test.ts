import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import { fromArrayBuffer, writeArrayBuffer } from 'geotiff'
import { describe, expect, it } from 'vitest'
import * as zarr from 'zarrita'
import { modelBytes } from '../../test/graph/onnx-bytes.ts'
import { checkFormat } from '../src/model/convert.ts'
import { openPicture } from '../src/picture/open.ts'
import { FolderStore } from '../src/store/folder-store.ts'
import {
  act,
  interleaved,
  newFolder,
  pixels,
  readJson,
  readZarr,
  runCommand,
  setUp,
  smoothModel,
  weighedModel,
  whole,
  writeZarr,
} from './fixtures.ts'

const [height, width] = [90, 118]
const tile = ['--tile', '48', '--deterministic', '--workers', '2']

describe('pieces put together are the whole, bit for bit', () => {
  it('from a Zarr of version 3 into one, which a second run leaves as it is', async () => {
    const { folder, expected } = await setUp(height, width)
    const args = ['run', 'model.onnx', 'in.zarr', 'out.zarr', ...tile]
    const first = await runCommand(folder, ...args)
    expect([first.code, first.errors]).toEqual([0, expect.stringMatching(/^9 of 9 pieces, 100 %, /m)])
    const { data, shape } = await readZarr(join(folder, 'out.zarr'))
    expect(shape).toEqual([1, 2, height, width])
    expect(data).toEqual(expected.y)
    const chunks = filesIn(join(folder, 'out.zarr', 'c')).map(
      (name) => statSync(join(folder, 'out.zarr', 'c', name)).mtimeMs,
    )
    expect(chunks.length).toBe(9)
    expect((await runCommand(folder, ...args)).code).toBe(0)
    expect(
      filesIn(join(folder, 'out.zarr', 'c')).map((name) => statSync(join(folder, 'out.zarr', 'c', name)).mtimeMs),
    ).toEqual(chunks)
    expect(readdirSync(join(folder, 'out.zarr', '.samepad')).sort()).toEqual(['lock-2', 'manifest.json'])
  })

  it('a network that takes all cells together, over the whole picture at once', async () => {
    const { folder, data, expected } = await setUp(height, width, weighedModel)
    const words = ['run', 'model.onnx', 'in.zarr', 'out.zarr', '--deterministic']
    expect(await runCommand(folder, ...words)).toMatchObject({ code: 0, errors: expect.stringMatching(/^1 of 1 p/) })
    expect((await readZarr(join(folder, 'out.zarr'))).data).toEqual(expected.y)
    expect(expected.y.length).toBe(data.length)
    await expect(act(folder, ...words.slice(0, 3), 'o.zarr', '--tile', '48')).rejects.toThrow(
      /^tiles: no piece can be exact: .*GlobalAveragePool.* takes all cells together; --halo N/,
    )
  })

  it('two outputs of different sizes are arrays of a group', async () => {
    const { folder, expected } = await setUp(height, width, smoothModel(true))
    expect((await runCommand(folder, 'run', 'model.onnx', 'in.zarr', 'out.zarr', ...tile)).code).toBe(0)
    expect((await readZarr(join(folder, 'out.zarr'), '/y')).data).toEqual(expected.y)
    const half = await readZarr(join(folder, 'out.zarr'), '/c')
    expect([half.shape, half.data]).toEqual([[1, 2, 45, 59], expected.c])
  })

  it('from a Zarr of version 2 with channels behind, an OME-Zarr, a TIFF and a PNG', async () => {
    const { folder, data, expected } = await setUp(height, width)
    writeVersion2(join(folder, 'two.zarr'), interleaved(data, 3), [height, width, 3], [32, 50, 3])
    await writePyramid(join(folder, 'ome.zarr'), data)
    const tiff = writeArrayBuffer(interleaved(data, 3), {
      height,
      width,
      SamplesPerPixel: 3,
      PhotometricInterpretation: 2,
    } as never)
    writeFileSync(join(folder, 'in.tif'), new Uint8Array(tiff))
    writeFileSync(join(folder, 'in.png'), encode({ width, height, channels: 3, data: interleaved(data, 3) }))
    const places: [string, ...string[]][] = [['two.zarr'], ['ome.zarr', '--at', 't=1'], ['in.tif'], ['in.png']]
    for (const [place, ...more] of places) {
      const { code, errors } = await runCommand(folder, 'run', 'model.onnx', place, `${place}.zarr`, ...tile, ...more)
      expect([place, code, errors]).toEqual([place, 0, expect.stringContaining('100 %')])
      expect((await readZarr(join(folder, `${place}.zarr`))).data).toEqual(expected.y)
    }
  })

  it('channels in another order, shifted and scaled', async () => {
    const { folder, data } = await setUp(height, width)
    const [cells, means] = [height * width, [1, 2, 3]]
    const shifted = Float32Array.from(data, (_, index) => {
      const channel = Math.floor(index / cells)
      return (data[(2 - channel) * cells + (index % cells)] - means[channel]) * 2
    })
    const expected = await whole(smoothModel(), shifted as never, [1, 3, height, width])
    const options = ['--channels', '2,1,0', '--mean', '1,2,3', '--scale', '2']
    expect((await runCommand(folder, 'run', 'model.onnx', 'in.zarr', 'out.zarr', ...tile, ...options)).code).toBe(0)
    expect((await readZarr(join(folder, 'out.zarr'))).data).toEqual(expected.y)
  })

  it('into a TIFF of floats, and a PNG of bytes with a preview', async () => {
    const { folder, expected } = await setUp(height, width)
    expect((await runCommand(folder, 'run', 'model.onnx', 'in.zarr', 'out.tif', ...tile)).code).toBe(0)
    const image = await (await fromArrayBuffer(readFileSync(join(folder, 'out.tif')).buffer)).getImage()
    const bands = (await image.readRasters()) as unknown as Float32Array[]
    expect(bands.flatMap((band) => Array.from(band))).toEqual(Array.from(expected.y))
    const stored = ['--out-scale', '0.5', '--out-offset', '10', '--preview', 'small.png']
    expect((await runCommand(folder, 'run', 'model.onnx', 'in.zarr', 'out.png', ...tile, ...stored)).code).toBe(0)
    const png = decode(readFileSync(join(folder, 'out.png')))
    const bytes = Array.from(expected.y, (value) => Math.min(255, Math.max(0, Math.round(value * 0.5 + 10))))
    expect([png.width, png.height, png.channels]).toEqual([width, height, 2])
    expect(Array.from(png.data)).toEqual(Array.from(interleaved(Uint8Array.from(bytes), 2)))
    // As large as the picture, so each pixel is one of it: the first channel, from its least to its most.
    const small = decode(readFileSync(join(folder, 'small.png')))
    const own = bytes.slice(0, height * width)
    const [least, most] = [Math.min(...own), Math.max(...own)]
    expect(Array.from(small.data)).toEqual(own.map((value) => Math.round(((value - least) * 255) / (most - least))))
  })
})

describe('what cannot be is refused, with what to do', () => {
  it.each<[string, string[], RegExp]>([
    [
      'no picture',
      ['run', 'model.onnx', 'none.tif', 'o.zarr'],
      /^input: there must be a file or folder of this name, got '.*none.tif'/,
    ],
    ['no model', ['run', 'none.onnx', 'in.zarr', 'o.zarr'], /^model: there must be a file of this name/],
    [
      'an unknown option',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--tiles', '4'],
      /^run: options must be those of --help/,
    ],
    ['a missing word', ['run', 'model.onnx'], /^run: there must be MODEL, INPUT and OUTPUT/],
    ['a small tile', ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--tile', '2'], /^tiles: a piece must be at least/],
    [
      'little memory',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--memory', '100MB'],
      /^plan: --memory must be enough/,
    ],
    [
      'memory that is no number',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--memory', 'much'],
      /^run: --memory must be/,
    ],
    [
      'two numbers where one counts',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--out-scale', '1,2'],
      /^run: --out-scale must be one number, got '1,2'/,
    ],
    [
      'the same bits of an engine that has not got them',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--deterministic', '--engine', 'onnxruntime-node'],
      /^run: --deterministic must go with the engine samepad/,
    ],
    [
      'a queue that is not asked for',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--queue', 'mine'],
      /^run: --queue must go with --redis/,
    ],
    [
      'two queues',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--redis', 'redis://localhost', '--redis-file', 'address'],
      /^redis: there must be one of --redis and --redis-file/,
    ],
    [
      'a level of one array',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--level', '1'],
      /^input: --level must be one of an OME-Zarr image; this is one array, got 1/,
    ],
    [
      'a place on an axis that the model has',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--at', 'y=1'],
      /^input: --at must name an axis of the picture that the model does not have \(none\), got 'y'/,
    ],
    [
      'a channel that is not there',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--channels', '0,1,3'],
      /^input: --channels must be below 3/,
    ],
    [
      'four channels',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--channels', '0,1,2,0'],
      /^model: the model's input .* must take the picture/,
    ],
    [
      'a PNG of floats, in capitals',
      ['run', 'model.onnx', 'in.zarr', 'o.PNG', '--type', 'float32'],
      /^output: a PNG holds --type uint8/,
    ],
    [
      'a PNG of floats',
      ['run', 'model.onnx', 'in.zarr', 'o.png', '--type', 'float32'],
      /^output: a PNG holds --type uint8/,
    ],
    [
      'too many means',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--mean', '1,2'],
      /^input: --mean must be one number, or 3/,
    ],
    [
      'another engine',
      ['run', 'model.onnx', 'in.zarr', 'o.zarr', '--engine', 'torch'],
      /^run: --engine must be one of samepad, onnx/,
    ],
  ])('%s', async (_, args, message) => {
    const { folder } = await refusals
    await expect(act(folder, ...args)).rejects.toThrow(message)
  })

  it('a model of one size tells of fix', async () => {
    const { folder } = await setUp(60, 60, smoothModel())
    writeFileSync(join(folder, 'fixed.onnx'), smoothModel(false, [32, 32]))
    await expect(act(folder, 'run', 'fixed.onnx', 'in.zarr', 'out.zarr')).rejects.toThrow(
      '`samepad fix MODEL --open-sizes` opens the sizes',
    )
  })

  it('a model of another format tells how it becomes ONNX', async () => {
    const { folder } = await setUp(60, 60)
    copyFileSync(join(import.meta.dirname, '../../test/models/files/tiny.h5'), join(folder, 'tiny.h5'))
    await expect(act(folder, 'run', 'tiny.h5', 'in.zarr', 'out.zarr')).rejects.toThrow(
      /^model: MODEL must be ONNX to be run: .*python -m tf2onnx.convert --keras MODEL .*, got Keras H5$/,
    )
    expect(() => checkFormat({ format: 'TFLite' })).toThrow('python -m tf2onnx.convert --tflite MODEL')
    expect(() => checkFormat({ format: 'ncnn' })).toThrow('must be ONNX to be run: export it again from what it was')
    expect(() => checkFormat({ format: 'ONNX' })).not.toThrow()
  })

  it('an engine that is missing, or does not run the model, before an output is begun', async () => {
    const { folder } = await setUp(60, 60)
    const words = ['run', 'model.onnx', 'in.zarr', 'out.zarr']
    const none = await runCommand(folder, ...words, '--engine', 'onnxruntime-node')
    expect([none.code, none.errors]).toEqual([
      1,
      "engine: onnxruntime-node must be installed in this folder (npm install onnxruntime-node), got Cannot find module 'onnxruntime-node'\n",
    ])
    const unknown = modelBytes({
      inputs: { x: [1, 3, 'h', 'w'] },
      outputs: ['y'],
      nodes: [
        ['MaxPool', ['x'], ['a'], { kernel_shape: [2, 2] }],
        ['Bernoulli', ['a'], ['y'], {}],
      ],
    })
    writeFileSync(join(folder, 'unknown.onnx'), unknown)
    const refused = await runCommand(folder, 'run', 'unknown.onnx', ...words.slice(2), '--workers', '2')
    expect([refused.code, refused.errors]).toEqual([
      1,
      expect.stringMatching(
        /^engine: the network must load with samepad \(--engine .*, got loadNetwork: .*Bernoulli.*\n$/,
      ),
    ])
    expect(existsSync(join(folder, 'out.zarr'))).toBe(false)
  })

  it('a picture that would not fit into memory names what would', async () => {
    const { folder } = await refusals
    const data = new Uint8Array(6000 * 6000)
    writeFileSync(join(folder, 'large.png'), encode({ width: 6000, height: 6000, channels: 1, data }))
    await expect(act(folder, 'run', 'model.onnx', 'large.png', 'o.zarr', '--memory', '140MB')).rejects.toThrow(
      /^input: a PNG, which is decoded as a whole, must fit into half of --memory: 6000x6000 .* Zarr/,
    )
    await writeZarr(join(folder, 'large.zarr'), new Uint8Array(3 * 4000 * 4000), [3, 4000, 4000], [3, 2000, 2000])
    const small = ['--tile', '64', '--memory', '250MB']
    await expect(act(folder, 'run', 'model.onnx', 'large.zarr', 'o.tif', ...small)).rejects.toThrow(
      /^output: a PNG or TIFF is made as a whole and must fit .* write OUTPUT.zarr instead/,
    )
  })

  it('an output that is the picture or the model, or a format that is not written', async () => {
    const { folder } = await setUp(60, 60)
    const refused = (output: string, message: RegExp) =>
      expect(act(folder, 'run', 'model.onnx', 'in.zarr', output)).rejects.toThrow(message)
    await refused('in.zarr', /^output: OUTPUT must be another place than INPUT, which would be written over/)
    await refused('in.zarr/out', /^output: OUTPUT must be another place than INPUT/)
    await refused('model.onnx', /^output: OUTPUT must be another place than MODEL/)
    await refused('out.jpg', /^output: OUTPUT must be a folder for a Zarr, or a file that ends in \.tif or \.png/)
    const png = encode({ width: 60, height: 60, channels: 3, data: new Uint8Array(60 * 60 * 3) })
    writeFileSync(join(folder, 'in.png'), png)
    await expect(act(folder, 'run', 'model.onnx', 'in.png', 'in.png')).rejects.toThrow(
      /^output: OUTPUT must be another/,
    )
    expect(readFileSync(join(folder, 'in.png')).equals(png)).toBe(true)
  })

  it('a picture that is broken, in a sentence that names it', async () => {
    const { folder } = await setUp(60, 60)
    const data = Uint8Array.from({ length: 60 * 60 * 3 }, (_, at) => (at * at) % 251)
    const png = encode({ width: 60, height: 60, channels: 3, data })
    const colours = {
      height: 60,
      width: 60,
      SamplesPerPixel: 3,
      BitsPerSample: [8, 8, 8],
      PhotometricInterpretation: 2,
    }
    const tiff = new Uint8Array(writeArrayBuffer(data as never, colours))
    const changed = png.slice()
    changed[changed.length >> 1] ^= 1
    const pictures = {
      'cut.png': png.slice(0, png.length >> 1),
      'changed.png': changed,
      'text.tif': Buffer.from('text'),
      'cut.tif': tiff.slice(0, tiff.byteLength - 1),
    }
    for (const [name, bytes] of Object.entries(pictures)) {
      writeFileSync(join(folder, name), bytes)
      await expect(act(folder, 'run', 'model.onnx', name, 'out.zarr')).rejects.toThrow(
        new RegExp(`^input: a (PNG|TIFF) must be .*copy or write it again, got .*${name}`),
      )
    }
  })

  it("another run's output", async () => {
    const { folder } = await setUp(60, 60)
    const words = ['run', 'model.onnx', 'in.zarr', 'out.zarr']
    expect((await runCommand(folder, ...words, '--tile', '48', '--workers', '1')).code).toBe(0)
    expect((await runCommand(folder, ...words)).code).toBe(0) // goes on with the pieces that it began with
    const refused = (message: RegExp, ...more: string[]) =>
      expect(act(folder, ...words, ...more)).rejects.toThrow(message)
    await refused(/^output: OUTPUT holds a run with another plan: take another OUTPUT/, '--tile', '56')
    await refused(/another way from picture to model/, '--scale', '2')
    await refused(/another type of output/, '--type', 'uint8')
    writeFileSync(join(folder, 'model.onnx'), smoothModel(true))
    await refused(/another model/)
    cpSync(join(folder, 'in.zarr'), join(folder, 'strange.zarr'), { recursive: true })
    await expect(act(folder, 'run', 'model.onnx', 'in.zarr', 'strange.zarr')).rejects.toThrow(
      /^output: OUTPUT must be new or empty, or one that samepad-tiles began/,
    )
    mkdirSync(join(folder, 'letters'))
    writeFileSync(join(folder, 'letters', 'letter.txt'), 'Dear')
    await expect(act(folder, 'run', 'model.onnx', 'in.zarr', 'letters')).rejects.toThrow(
      /^output: OUTPUT must be new or empty/,
    )
  })
})

it('the manifest names model, picture, plan and versions', async () => {
  const { folder } = await setUp(60, 60)
  expect(
    (await runCommand(folder, 'run', 'model.onnx', 'in.zarr', 'out.zarr', '--tile', '48', '--workers', '1')).code,
  ).toBe(0)
  expect(readJson(folder, 'out.zarr', '.samepad', 'manifest.json')).toMatchObject({
    format: 1,
    model: expect.stringMatching(/^[0-9a-f]{64}$/),
    input: { shape: [3, 60, 60], type: 'uint8', axes: 'cyx' },
    feed: { layout: 'nchw' },
    plan: { tile: [48, 48], hash: expect.stringMatching(/^[0-9a-f]{64}$/), pieces: 4 },
    versions: { samepad: '0.1.0', 'samepad-tiles': '0.1.0' },
  })
  expect(existsSync(join(folder, 'out.zarr', 'zarr.json'))).toBe(true)
})

const refusals = setUp(60, 60)

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()

/** A Zarr of version 2, written by its specification: `.zarray`, and chunks named by their places, full at the edges too. */
function writeVersion2(folder: string, data: Uint8Array, shape: readonly number[], chunks: readonly number[]): void {
  mkdirSync(folder)
  const header = {
    zarr_format: 2,
    shape,
    chunks,
    dtype: '|u1',
    compressor: null,
    fill_value: 0,
    order: 'C',
    filters: null,
  }
  writeFileSync(join(folder, '.zarray'), JSON.stringify(header))
  const [rows, columns, channels] = chunks
  for (let row = 0; row * rows < shape[0]; row++) {
    for (let column = 0; column * columns < shape[1]; column++) {
      const chunk = new Uint8Array(rows * columns * channels)
      for (let y = 0; y < rows && row * rows + y < shape[0]; y++) {
        const begin = ((row * rows + y) * shape[1] + column * columns) * channels
        const count = Math.min(columns, shape[1] - column * columns) * channels
        chunk.set(data.subarray(begin, begin + count), y * columns * channels)
      }
      writeFileSync(join(folder, `${row}.${column}.0`), chunk)
    }
  }
}

/** An OME-Zarr image of two times, of which the second is the picture. */
async function writePyramid(folder: string, data: Uint8Array): Promise<void> {
  const axes = ['t', 'c', 'z', 'y', 'x'].map((name) => ({ name }))
  const multiscales = [{ version: '0.5', axes, datasets: [{ path: 's0' }] }]
  await zarr.create(zarr.root(new FolderStore(folder)), { attributes: { ome: { version: '0.5', multiscales } } })
  const both = new Uint8Array(2 * data.length)
  both.set(pixels(1, 1, data.length))
  both.set(data, data.length)
  await writeZarr(folder, both, [2, 3, 1, height, width], [1, 3, 1, 40, 50], '/s0')
}

it('a picture of another number of channels tells how to take them', async () => {
  const { folder } = await setUp(8, 8)
  writeFileSync(join(folder, 'four.raw'), new Uint8Array(4 * 64))
  writeFileSync(join(folder, 'gray.raw'), new Uint8Array(64))
  const given = (name: string, shape: string, axes: string) =>
    act(folder, 'run', 'model.onnx', name, 'o.zarr', '--raw', `uint8:${shape}`, '--axes', axes)
  await expect(given('four.raw', '4x8x8', 'cyx')).rejects.toThrow(
    '(--channels 0,1,2 takes 3 of its 4 channels; --layout',
  )
  await expect(given('gray.raw', '8x8', 'yx')).rejects.toThrow(
    '(--channels 0,0,0 gives its one channel 3 times; --layout',
  )
})

it('a TIFF has any name, as slides have; what says nothing of a picture is refused', async () => {
  const folder = newFolder()
  const data = interleaved(pixels(3, 6, 7), 3)
  const tiff = writeArrayBuffer(data, {
    height: 6,
    width: 7,
    SamplesPerPixel: 3,
    PhotometricInterpretation: 2,
  } as never)
  const slide = join(folder, 'slide.svs')
  writeFileSync(slide, new Uint8Array(tiff))
  const picture = await openPicture(slide, {}, 1e9)
  expect([...(await picture.read({ begin: [1, 2, 0], size: [1, 5, 3] }))]).toEqual([...data.subarray(9 * 3, 14 * 3)])
  await picture.close()
  await expect(openPicture(slide, { axes: 'yxc' }, 1e9)).rejects.toThrow(/^input: --axes must go with a Zarr or --raw/)
  writeFileSync(slide, 'II')
  await expect(openPicture(slide, {}, 1e9)).rejects.toThrow(/^input: a picture must be a Zarr, a TIFF/)
})

it('words that are no command are refused in one line', async () => {
  const { code, errors } = await runCommand(newFolder(), 'walk')
  expect([code, errors]).toEqual([1, "samepad-tiles: a command must be one of run, work, status, got 'walk'\n"])
})

it('help tells what each command takes, in 80 columns', async () => {
  const { code, out } = await runCommand(newFolder(), '--help')
  expect([code, out]).toEqual([0, expect.stringContaining('samepad-tiles run MODEL INPUT OUTPUT')])
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect(out).toMatch(/ {2}--raw TYPE:SHAPE {6}\S/)
})
