import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadNetwork } from 'samepad/graph'
import * as zarr from 'zarrita'
import { type ConstantOf, modelBytes, type NodeOf } from '../../test/graph/onnx-bytes.ts'
import { typed } from '../src/cli/options.ts'
import { run } from '../src/cli/run.ts'
import { FolderStore } from '../src/store/folder-store.ts'

// Pictures and models for tests, and the command line as a process.

/** A folder of its own. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'samepad-tiles-'))

/** Whole numbers, so that sums are exact in any order. */
function weights(shape: readonly number[], seed: number): ConstantOf {
  const count = shape.reduce((a, b) => a * b, 1)
  return {
    shape,
    data: Array.from({ length: count }, (_, index) => [1, -1, 0, 1, 0, -1, 2, 0][(index * 3 + seed) % 8]),
  }
}

const same = { auto_pad: 'SAME_UPPER', kernel_shape: [3, 3], strides: [2, 2] }

/** A network down and up again: two channels of three, at the size of the picture. */
const smooth: readonly NodeOf[] = [
  ['Conv', ['x', 'w1'], ['a'], { pads: [1, 1, 1, 1], kernel_shape: [3, 3] }],
  ['Relu', ['a'], ['b']],
  ['Conv', ['b', 'w2'], ['c'], same],
  ['ConvTranspose', ['c', 'w3'], ['d'], { kernel_shape: [2, 2], strides: [2, 2] }],
  ['Add', ['d', 'b'], ['y']],
]

/** Its bytes; with `both`, the value in the middle is an output too. */
export const smoothModel = (both = false, size: readonly (number | string)[] = ['h', 'w']): Uint8Array =>
  modelBytes({
    inputs: { x: [1, 3, ...size] },
    outputs: both ? ['y', 'c'] : ['y'],
    nodes: smooth,
    constants: { w1: weights([2, 3, 3, 3], 1), w2: weights([2, 2, 3, 3], 2), w3: weights([2, 2, 2, 2], 3) },
  })

/** A network that weighs channels by their means over the whole picture. */
export const weighedModel: Uint8Array = modelBytes({
  inputs: { x: [1, 3, 'h', 'w'] },
  outputs: ['y'],
  nodes: [
    ['Conv', ['x', 'w'], ['a'], { pads: [1, 1, 1, 1], kernel_shape: [3, 3] }],
    ['GlobalAveragePool', ['a'], ['g']],
    ['Mul', ['a', 'g'], ['y']],
  ],
  constants: { w: weights([3, 3, 3, 3], 1) },
})

/** A network of many layers, which takes its time. */
export function slowModel(layers: number, channels = 24): Uint8Array {
  const names = Array.from({ length: layers + 1 }, (_, index) =>
    index === 0 ? 'x' : index === layers ? 'y' : `v${index}`,
  )
  const nodes = names
    .slice(1)
    .map(
      (to, index): NodeOf => ['Conv', [names[index], `w${index}`], [to], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
    )
  const inside = (index: number): number => (index === 0 ? 3 : channels)
  const outside = (index: number): number => (index === layers - 1 ? 1 : channels)
  const constants = Object.fromEntries(
    nodes.map((_, index) => {
      const shape = [outside(index), inside(index), 3, 3]
      const data = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => (at % 11 === index % 11 ? 1 : 0))
      return [`w${index}`, { shape, data }]
    }),
  )
  return modelBytes({ inputs: { x: [1, 3, 'h', 'w'] }, outputs: ['y'], nodes, constants })
}

/** A picture of whole numbers: channels, height, width. */
export function pixels(channels: number, height: number, width: number): Uint8Array<ArrayBuffer> {
  let state = 5
  return Uint8Array.from({ length: channels * height * width }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 16) % 7
  })
}

/** Channels behind the picture, as image files have them. */
export function interleaved(data: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const cells = data.length / channels
  return Uint8Array.from(
    { length: data.length },
    (_, index) => data[(index % channels) * cells + Math.floor(index / channels)],
  )
}

/** Writes a picture as a Zarr array of version 3. */
export async function writeZarr(
  folder: string,
  data: Uint8Array,
  shape: readonly number[],
  chunk: readonly number[],
  path = '/',
): Promise<void> {
  const array = await zarr.create(zarr.root(new FolderStore(folder)).resolve(path), {
    ...{ shape: [...shape], chunkShape: [...chunk], dtype: 'uint8' as const, fillValue: 0 },
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
  })
  const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  await zarr.set(
    array,
    shape.map(() => null),
    { data, shape: [...shape], stride },
  )
}

/** What a Zarr array holds. */
export async function readZarr(folder: string, path = '/'): Promise<{ data: Float32Array; shape: readonly number[] }> {
  const array = await zarr.open.v3(zarr.root(new FolderStore(folder)).resolve(path), { kind: 'array' })
  const { data, shape } = await zarr.get(
    array,
    array.shape.map(() => null),
  )
  return { data: data as Float32Array, shape }
}

/** What a network gives for the whole picture. */
export async function whole(
  model: Uint8Array,
  data: Uint8Array,
  shape: readonly number[],
): Promise<Record<string, Float32Array>> {
  const network = await loadNetwork(model, { deterministic: true })
  const results = network.run({ x: { data: Float32Array.from(data), shape } })
  network.release()
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, value.data]))
}

/** A folder with `model.onnx` and `in.zarr`, and what the network gives for the whole. */
export async function setUp(
  height: number,
  width: number,
  model = smoothModel(),
): Promise<{ folder: string; data: Uint8Array<ArrayBuffer>; expected: Record<string, Float32Array> }> {
  const folder = newFolder()
  const data = pixels(3, height, width)
  writeFileSync(join(folder, 'model.onnx'), model)
  mkdirSync(join(folder, 'in.zarr'))
  await writeZarr(join(folder, 'in.zarr'), data, [3, height, width], [3, 40, 50])
  return { folder, data, expected: await whole(model, data, [1, 3, height, width]) }
}

/** A command as a process. */
export interface Process {
  readonly pid: number
  readonly ended: Promise<{ code: number | null; out: string; errors: string }>
  kill(signal: NodeJS.Signals): void
}

/** The command line's own file. */
export const commandFile = join(import.meta.dirname, '..', 'dist', 'main.js')

/** Starts `samepad-tiles`. */
export function start(folder: string, args: readonly string[], env: Record<string, string> = {}): Process {
  const child = spawn(process.execPath, [commandFile, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, errors] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    errors += text
  })
  const ended = new Promise<{ code: number | null; out: string; errors: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, errors }))
  })
  return { pid: child.pid as number, ended, kill: (signal) => child.kill(signal) }
}

/** The words that run what `setUp` wrote, in pieces of 48, to the same bits whatever their size. */
export const inPieces = ['run', 'model.onnx', 'in.zarr', 'out.zarr', '--tile', '48', '--deterministic'] as const

/** Runs `samepad-tiles` to its end. */
export const runCommand = (folder: string, ...args: string[]): Process['ended'] => start(folder, args).ended

/** The command within this process, for what is refused before any thread starts. */
export const act = async (folder: string, ...[name, ...words]: string[]): Promise<void> => {
  const places = words.findIndex((word) => word.startsWith('--'))
  const absolute = words.map((word, index) => (places < 0 || index < places ? join(folder, word) : word))
  return run.act(typed(name, absolute, run.options))
}

export const readJson = (...path: string[]): Record<string, never> => JSON.parse(readFileSync(join(...path), 'utf8'))
