import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { readModel } from '../../src/models.ts'
import { orderOf, targetOf } from '../../src/tiles/reshape-targets.ts'
import { openSizes } from '../../src/tiles.ts'
import { folderOf } from '../cli/model-folder.ts'
import { typed } from '../cli/typed.ts'
import { type ConstantOf, modelBytes, type NodeOf, numbersFrom, tensorFrom } from '../graph/onnx-bytes.ts'

const long = (...data: number[]): ConstantOf => ({ shape: [data.length], data, type: 7 })
const conv = (from: string, to: string): NodeOf => [
  'Conv',
  [from, 'w'],
  [to],
  { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
]
const resize = (sizes: string): NodeOf => [
  'Resize',
  ['b', '', '', sizes],
  ['c'],
  { mode: 'nearest', nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' },
]

/** A network down and up again, exported for 16 x 24 cells: its Resize and Reshapes hold these numbers. */
const baked = (
  nodes: readonly NodeOf[],
  outputs: readonly string[],
  constants: Record<string, ConstantOf> = {},
): Uint8Array =>
  modelBytes({
    inputs: { x: [1, 2, 16, 24] },
    outputs,
    nodes: [conv('x', 'a'), ['MaxPool', ['a'], ['b'], { kernel_shape: [2, 2], strides: [2, 2] }], ...nodes],
    constants: { w: { shape: [2, 2, 3, 3], data: numbersFrom(3, 36) }, up: long(1, 2, 16, 24), ...constants },
  })

/** What a network gives, at a size. */
async function run(
  bytes: Uint8Array,
  shape: readonly number[],
): Promise<Record<string, { shape: readonly number[]; data: number[] }>> {
  const network = await loadNetwork(bytes, { deterministic: true })
  const results = network.run({ x: tensorFrom(5, shape) })
  network.release()
  return Object.fromEntries(
    Object.entries(results).map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]),
  )
}

it('targets of Resize become factors; the outputs are the same at the old size, and other sizes run', async () => {
  const bytes = baked([resize('up'), ['Add', ['c', 'a'], ['y']]], ['y'])
  const { bytes: open, inputs, changes, left } = await openSizes(bytes)
  expect(inputs).toEqual({ x: [1, 2, 'height', 'width'] })
  expect(changes).toEqual([{ name: "Resize 'c'", before: 'Resize to 1x2x16x24', after: 'by 1x1x2x2' }])
  expect(left).toEqual([])
  expect(await run(open, [1, 2, 16, 24])).toEqual(await run(bytes, [1, 2, 16, 24]))
  // As if it had been exported for another size.
  const other = modelBytes({
    inputs: { x: [1, 2, 10, 38] },
    outputs: ['y'],
    nodes: [
      conv('x', 'a'),
      ['MaxPool', ['a'], ['b'], { kernel_shape: [2, 2], strides: [2, 2] }],
      resize('up'),
      ['Add', ['c', 'a'], ['y']],
    ],
    constants: { w: { shape: [2, 2, 3, 3], data: numbersFrom(3, 36) }, up: long(1, 2, 10, 38) },
  })
  expect(await run(open, [1, 2, 10, 38])).toEqual(await run(other, [1, 2, 10, 38]))
  expect((await openSizes(bytes)).bytes).toEqual(open)
})

it('a Reshape that moves an axis of one is a Transpose; others take their sizes from what they read', async () => {
  const one: ConstantOf = { shape: [1, 2, 1, 1], data: [1, -1] }
  const nodes: NodeOf[] = [
    ['Conv', ['b', 'one'], ['s'], { kernel_shape: [1, 1] }],
    ['Reshape', ['s', 'behind'], ['scores']],
    ['Reshape', ['b', 'rows'], ['cells']],
  ]
  const bytes = baked(nodes, ['scores', 'cells'], { one, behind: long(1, 8, 12, 1), rows: long(1, 2, 96) })
  const { bytes: open, changes, left } = await openSizes(bytes)
  expect(changes.map(({ before, after }) => [before, after])).toEqual([
    ['Reshape to 1x8x12x1', 'Transpose 0,2,3,1'],
    ['Reshape to 1x2x96', 'to 1x2x-1'],
  ])
  expect(left).toEqual([])
  expect(await run(open, [1, 2, 16, 24])).toEqual(await run(bytes, [1, 2, 16, 24]))
  const found = await run(open, [1, 2, 20, 30])
  expect([found.scores.shape, found.cells.shape]).toEqual([
    [1, 10, 15, 1],
    [1, 2, 150],
  ])
  expect((await readModel(open)).graph.outputs.map(({ shape }) => shape?.map(String).join())).toEqual([
    '1,scores_1,scores_2,1',
    undefined,
  ])
})

it('what cannot be opened is named', async () => {
  const grid: ConstantOf = { shape: [1, 2, 8, 12], data: new Array(192).fill(1) }
  const { left } = await openSizes(baked([['Add', ['b', 'grid'], ['y']]], ['y'], { grid }))
  expect(left).toEqual([{ name: "Add 'y'", reason: expect.stringContaining('must be equal, or one of them 1') }])
  const odd = await openSizes(baked([resize('odd'), conv('c', 'y')], ['y'], { odd: long(1, 2, 11, 17) }))
  expect(odd.left).toEqual([{ name: "Resize 'c'", reason: 'Resize to 1x2x11x17 is no whole factor of what it reads' }])
})

it('a model without sizes to open is refused', async () => {
  const flat = modelBytes({ inputs: { x: [1, 4] }, outputs: ['y'], nodes: [['Relu', ['x'], ['y']]] })
  await expect(openSizes(flat)).rejects.toThrow('fix: windows must slide along an axis of an input, got none')
  const open = modelBytes({ inputs: { x: [1, 2, 'h', 'w'] }, outputs: ['y'], nodes: [['Relu', ['x'], ['y']]] })
  await expect(openSizes(open)).rejects.toThrow(
    'fix: the sizes of x must be numbers; there is nothing to open, got [1,2,h,w]',
  )
  const cfg = new TextEncoder().encode('[net]\nwidth=32\nheight=32\nchannels=3\n\n[maxpool]\nsize=2\nstride=2\n')
  await expect(openSizes(cfg)).rejects.toThrow(
    'fix: sizes must be those of a format that is opened (ONNX), got Darknet',
  )
})

describe('what a Reshape does at every size', () => {
  it.each<[string, number[], number[], number[] | undefined]>([
    ['an axis of one moves', [1, 1, 8, 9], [1, 8, 9, 1], [0, 2, 3, 1]],
    ['and back', [1, 8, 9, 1], [1, 1, 8, 9], [0, 3, 1, 2]],
    ['two others change', [1, 8, 9, 1], [1, 9, 8, 1], undefined],
    ['another number of axes', [1, 8, 9, 1], [1, 8, 9], undefined],
    ['nothing', [1, 8, 9], [1, 8, 9], undefined],
    ['one axis for two', [1, 6, 1], [2, 3, 1], undefined],
  ])('order: %s', (_, before, after, order) => {
    expect(orderOf(before, after)).toEqual(order)
  })

  const t = true
  const f = false
  it.each<[string, number[], number[], boolean[], number[] | undefined]>([
    ['open axes in their places', [1, 4, 8, 9], [1, 4, 8, 9], [f, f, t, t], [1, 4, 0, 0]],
    ['all cells in a row', [1, 4, 8, 9], [1, 4, 72], [f, f, t, t], [1, 4, -1]],
    ['cells first', [1, 8, 9, 4], [1, 72, 4], [f, t, t, f], [1, -1, 4]],
    ['anchors taken apart', [1, 8, 9, 12], [1, 216, 4], [f, t, t, f], [1, -1, 4]],
    ['channels taken apart', [1, 12, 8, 9], [1, 3, 4, 8, 9], [f, f, t, t], undefined],
    ['channels taken apart along one axis', [1, 12, 8], [1, 3, 4, 8], [f, f, t], [1, 3, 4, -1]],
    ['an axis of one left out', [1, 5, 1, 9], [1, 5, 9], [f, f, f, t], [1, 5, -1]],
  ])('target: %s', (_, before, after, open, target) => {
    expect(targetOf(before, after, open)).toEqual(target)
  })
})

it('samepad fix --open-sizes', async () => {
  const cwd = folderOf({ 'net.onnx': baked([resize('up'), ['Add', ['c', 'a'], ['y']]], ['y']) })
  const planned = await typed('fix net.onnx --open-sizes', { cwd })
  expect(planned.exitCode).toBe(1)
  expect(planned.stdout).toContain("Resize 'c'  Resize to 1x2x16x24  ->  by 1x1x2x2")
  expect(planned.stdout.replace(/\s+/g, ' ')).toContain(
    'Takes x [1, 2, height, width]; 1 node would be rewritten. -o FILE writes the model.',
  )
  const written = await typed('fix net.onnx --open-sizes -o open.onnx', { cwd })
  expect([written.exitCode, written.stdout]).toEqual([0, expect.stringContaining('written to open.onnx.')])
  expect((await run(readFileSync(join(cwd, 'open.onnx')), [1, 2, 32, 20])).y.shape).toEqual([1, 2, 32, 20])
  expect((await typed('fix net.onnx --open-sizes --to symmetric', { cwd })).stderr).toContain(
    '--open-sizes must stand alone or with -o',
  )
  const piped = await typed('fix net.onnx --open-sizes -o -', { cwd })
  expect(piped.exitCode).toBe(0)
  expect(piped.stderr).toContain('1 node rewritten.')
  expect(existsSync(join(cwd, '-'))).toBe(false)
})

it('samepad fix --open-sizes does not write over the file that it reads', async () => {
  const cwd = folderOf({ 'net.onnx': baked([resize('up'), ['Add', ['c', 'a'], ['y']]], ['y']) })
  const before = readFileSync(join(cwd, 'net.onnx'))
  const { exitCode, stderr } = await typed('fix net.onnx --open-sizes -o ./net.onnx', { cwd })
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("fix: -o must be another file, got './net.onnx'")])
  expect(readFileSync(join(cwd, 'net.onnx')).equals(before)).toBe(true)
})
