// Holds the pieces of a large photo against the whole, for networks with trained weights. By hand: it takes gigabytes and minutes.
//
//   npm ci && npm ci --prefix bench && npm ci --prefix tiles && npm run --prefix tiles build
//   npx tsx tiles/test/measure-large.ts mlsd 8000 8000 onnxruntime-node   # both by onnxruntime-node
//   npx tsx tiles/test/measure-large.ts mlsd 4000 4000 samepad       # both by samepad
//
// Every number must be the same. Networks: mlsd (8.7 GB at 8000 x 8000), denoise, double. The pieces are run by the build, from a Zarr to a Zarr, in 1 GB.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadNetwork } from 'samepad/graph'
import { openSizes } from 'samepad/tiles'
import * as zarr from 'zarrita'
import { Picture } from '../../examples/face/picture.ts'
import { esrganSlim, imageDenoise } from '../../test/engines/real-networks.ts'
import { type EngineName, engineNames } from '../src/engine/engine.ts'
import type * as entry from '../src/index.ts'
import { writeZarr } from './fixtures.ts'

const root = join(import.meta.dirname, '../..')
const bench = join(root, 'bench')
const mlsd = join(bench, 'node_modules/jp.keijiro.mlsd/ONNX/mlsd_320x320_tiny.onnx')

interface Network {
  readonly bytes: () => Uint8Array | Promise<Uint8Array>
  readonly input: string
  /** Channels of its input, behind the picture or before it; the fourth is an alpha that is one. */
  readonly channels: 3 | 4
  readonly isLast: boolean
  readonly scale: number
}

const networks: Readonly<Record<string, Network>> = {
  mlsd: {
    bytes: async () => (await openSizes(mlsd)).bytes,
    ...{ input: 'input_image_with_alpha:0', channels: 4, isLast: true, scale: 1 },
  },
  denoise: {
    bytes: () => imageDenoise('rt_ldr_small'),
    ...{ input: 'picture', channels: 3, isLast: false, scale: 1 / 255 },
  },
  double: { bytes: () => esrganSlim(2), input: 'LR', channels: 3, isLast: false, scale: 1 },
}

/** A photo enlarged by linear interpolation, as bytes: the network's own order of axes. */
function enlarged(height: number, width: number, { channels, isLast }: Network): Uint8Array {
  const photo = Picture.readPng(join(root, 'examples/face/data/astronaut.png'))
  const data = new Uint8Array(channels * height * width).fill(1)
  const placesOf = (count: number, cells: number) =>
    Array.from({ length: count }, (_, index) => {
      const at = Math.min(cells - 1, Math.max(0, ((index + 0.5) * cells) / count - 0.5))
      const first = Math.min(cells - 2, Math.floor(at))
      return [first, at - first] as const
    })
  const [rows, columns] = [placesOf(height, photo.height), placesOf(width, photo.width)]
  for (const [y, [row, down]] of rows.entries()) {
    for (const [x, [column, right]] of columns.entries()) {
      const from = (row * photo.width + column) * 3
      const below = from + photo.width * 3
      for (let channel = 0; channel < 3; channel++) {
        const above = photo.data[from + channel] * (1 - right) + photo.data[from + 3 + channel] * right
        const under = photo.data[below + channel] * (1 - right) + photo.data[below + 3 + channel] * right
        const at = isLast ? (y * width + x) * channels + channel : (channel * height + y) * width + x
        data[at] = Math.round(above * (1 - down) + under * down)
      }
    }
  }
  return data
}

type Whole = Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>

/** What runs a network on the whole picture. */
const engines: Readonly<Record<EngineName, (path: string, name: string, x: Whole[string]) => Promise<Whole>>> = {
  samepad: async (path, name, x) => {
    const network = await loadNetwork(path, { deterministic: true })
    return network.run({ [name]: x })
  },
  'onnxruntime-node': async (path, name, { data, shape }) => {
    const { InferenceSession, Tensor } = createRequire(join(bench, 'package.json'))('onnxruntime-node')
    // Without an arena memory is given back as soon as a value is dead.
    const session = await InferenceSession.create(path, {
      ...{ intraOpNumThreads: 1, enableCpuMemArena: false, enableMemPattern: false, logSeverityLevel: 3 },
    })
    const results = await session.run({ [name]: new Tensor('float32', data, shape) })
    const entries = Object.entries(results as Record<string, { data: Float32Array; dims: number[] }>)
    return Object.fromEntries(entries.map(([output, value]) => [output, { data: value.data, shape: value.dims }]))
  },
}

/** The largest difference between an array of pieces and the whole, beside the whole's range. */
async function compare(
  array: zarr.Array<zarr.DataType, zarr.Readable>,
  { data, shape }: Whole[string],
): Promise<{ differ: number; most: number; range: number }> {
  if (array.shape.join() !== shape.join()) throw new Error(`shapes must be equal, got ${array.shape} and ${shape}`)
  let [differ, most, least, greatest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  // A row of chunks at a time, along the first axis that is cut.
  const axis = Math.max(
    0,
    array.chunks.findIndex((size, at) => size < shape[at]),
  )
  const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 1)].map((sizes) => sizes.reduce((a, b) => a * b, 1))
  for (let begin = 0; begin < shape[axis]; begin += array.chunks[axis]) {
    const end = Math.min(shape[axis], begin + array.chunks[axis])
    const own = await zarr.get(
      array,
      shape.map((_, at) => (at === axis ? zarr.slice(begin, end) : null)),
    )
    const values = own.data as Float32Array
    const count = (end - begin) * inner
    for (let index = 0; index < values.length; index++) {
      const from = Math.floor(index / count) * shape[axis] * inner + begin * inner + (index % count)
      const gap = Math.abs(values[index] - data[from])
      // Not a number is none of these.
      if (!(gap <= most)) most = gap
      if (gap !== 0) differ++
      least = Math.min(least, data[from])
      greatest = Math.max(greatest, data[from])
    }
    if (values.length !== outer * count) throw new Error(`${outer * count} values must be there, got ${values.length}`)
  }
  return { differ, most, range: greatest - least }
}

const [name, height, width, engine] = process.argv.slice(2)
const network = networks[name]
const wholeBy = engineNames.find((one) => one === engine)
const [rows, columns] = [Number(height), Number(width)]
if (!network || !(rows > 1) || !(columns > 1) || !wholeBy) {
  throw new Error(`measure-large.ts NETWORK HEIGHT WIDTH ${engineNames.join(' | ')}`)
}
process.chdir(bench) // where samepad-tiles looks for onnxruntime-node
const folder = mkdtempSync(join(process.env.TMPDIR ?? '/tmp', 'samepad-large-'))
const seconds = (begin: number): string => `${((performance.now() - begin) / 1000).toFixed(0)} s`
try {
  const [model, input, output] = ['model.onnx', 'in.zarr', 'out.zarr'].map((one) => join(folder, one))
  writeFileSync(model, await network.bytes())
  const pixels = enlarged(rows, columns, network)
  const { channels, isLast, scale } = network
  const shape = isLast ? [rows, columns, channels] : [channels, rows, columns]
  await writeZarr(
    input,
    pixels,
    shape,
    shape.map((size) => Math.min(size, 1000)),
  )
  // Threads are files of the build, so the build is what is run.
  const built = pathToFileURL(join(import.meta.dirname, '../dist/index.js')).href
  const { FolderStore, runInto }: typeof entry = await import(built)
  const begin = performance.now()
  const { all } = await runInto(new FolderStore(output), {
    ...{ model, input, memory: 1e9, deterministic: true, engine: wholeBy },
    picture: { axes: isLast ? 'yxc' : 'cyx' },
    feed: { scale: [scale] },
  })
  console.log(`${name} ${rows} x ${columns}: ${all} pieces, ${seconds(begin)}`)
  const again = performance.now()
  const data = new Float32Array(pixels.length)
  for (let index = 0; index < data.length; index++) data[index] = pixels[index] * scale
  const results = await engines[wholeBy](model, network.input, { data, shape: [1, ...shape] })
  console.log(`whole by ${wholeBy}: ${seconds(again)}, ${peak()} MB`)
  const outputs = Object.keys(results)
  for (const one of outputs) {
    const place = zarr.root(new FolderStore(output)).resolve(outputs.length > 1 ? encodeURIComponent(one) : '/')
    const { differ, most, range } = await compare(await zarr.open.v3(place, { kind: 'array' }), results[one])
    const isEqual = differ === 0
    console.log(
      `${isEqual ? 'equal' : 'WRONG'}: ${one} [${results[one].shape}], ${differ} of ${results[one].data.length} differ, by ${most} of a range of ${range}`,
    )
    if (!isEqual) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** The most memory that this process has had, in MB. */
function peak(): number {
  return Math.round(process.resourceUsage().maxRSS / 1e3)
}
