import { describe, expect, it } from 'vitest'
import { rootTable } from '../../src/bytes/flatbuffer.ts'
import { modelSlots, operatorSlots, subgraphSlots } from '../../src/models/tflite/schema.ts'
import { type FixOptions, fix, readModel, spatialNodes } from '../../src/models.ts'
import type { Fields } from '../models/flat.ts'
import { int8, int32 } from '../models/flat.ts'
import { code, tfliteFile } from '../models/tflite-file.ts'

const [CONV, POOL] = [3, 17]
const [SAME, VALID] = [0, 1]
const stride = (cells: number): Fields => ({ 1: int32(cells), 2: int32(cells), 3: int8(1) })
const filter = (taps: number) => ({ shape: [4, taps, taps, 4], data: new Uint8Array(16 * taps * taps) })
const values = (...sizes: number[]) => sizes.map((size) => ({ shape: [1, size, size, 4] }))

/** Convolutions of one tap with stride 2, of which SAME and VALID are the same, one behind the other. */
const chain = (...options: readonly Fields[]): Uint8Array =>
  tfliteFile({
    tensors: [...values(...options.map((_, index) => 64 / 2 ** index), 64 / 2 ** options.length), filter(1)],
    ...{ inputs: [0], outputs: [options.length] },
    operators: options.map((one, index) => ({
      ...{ code: code(CONV), inputs: [index, options.length + 1, -1], outputs: [index + 1], options: one },
    })),
  })

const paddings = async (bytes: Uint8Array): Promise<unknown[]> =>
  spatialNodes(await readModel(bytes)).map(({ written }) => written.autoPad)

/** How many bytes of a file differ from those of another, up to the end of the shorter. */
const differing = (a: Uint8Array, b: Uint8Array): number =>
  a.subarray(0, b.length).filter((one, at) => one !== b[at]).length

describe('a TFLite file', () => {
  it('has another word in one byte where it is written', async () => {
    const before = chain({ ...stride(2), 0: int8(VALID) })
    const model = await readModel(before)
    const edits = model.respell?.(spatialNodes(model)[0], { padding: 'SAME_UPPER' })
    expect(edits).toMatchObject([{ bytes: Uint8Array.of(SAME) }])
  })

  it('gets a table at its end where the padding is left out, which is SAME', async () => {
    const before = chain(stride(2), { ...stride(2), 0: int8(VALID) }, { ...stride(2), 4: int32(1), 5: int32(1) })
    expect(await paddings(before)).toEqual(['same', 'valid', 'same'])
    const { bytes, changes, skipped } = await fix(before, { to: 'explicit' })
    expect(skipped).toEqual([])
    expect(changes.map(({ before, after }) => [before, after])).toEqual([
      ['same 0,0', 'pads 0,0'],
      ['same 0,0', 'pads 0,0'],
    ])
    expect(await paddings(bytes)).toEqual(['valid', 'valid', 'valid'])
    // Only the two offsets are others; all that is new stands behind.
    expect(differing(bytes, before)).toBeLessThanOrEqual(8)
    expect(bytes.length - before.length).toBeLessThan(100)
    // Strides, dilations and activations came along.
    const [old, fresh] = [await readModel(before), await readModel(bytes)].map((one) => spatialNodes(one))
    expect(fresh.map(({ written: { strides, dilations } }) => ({ strides, dilations }))).toEqual(
      old.map(({ written: { strides, dilations } }) => ({ strides, dilations })),
    )
  })

  it.each([0, 1, 2, 3])('may end anywhere: with %i bytes more', async (more) => {
    const before = new Uint8Array([...chain(stride(2), stride(2)), ...new Uint8Array(more)])
    const { bytes } = await fix(before, { to: 'explicit' })
    expect(await paddings(bytes)).toEqual(['valid', 'valid'])
    const tables = bytes.length - before.length
    expect(tables % 4).toBe(0)
  })

  it('keeps what others share: two operators with one table of options', async () => {
    const before = shared()
    const model = await readModel(before)
    const [first] = spatialNodes(model)
    const edits = model.respell?.(first, { padding: 'SAME_UPPER' })
    expect(edits).toMatchObject([{ begin: before.length, end: before.length }])
  })

  it('stays where the format has no numbers, and where labels stand at its end', async () => {
    const pool = tfliteFile({
      ...{ tensors: values(32, 16), inputs: [0], outputs: [1] },
      operators: [{ code: code(POOL), inputs: [0], outputs: [1], options: { ...stride(2), 3: int32(3), 4: int32(3) } }],
    })
    const reasons = async (file: Uint8Array, to: FixOptions['to']) =>
      (await fix(file, { to })).skipped.map((one) => one.reason)
    expect(await reasons(pool, 'explicit')).toEqual(['TFLite pads SAME or VALID alone; numbers are a PAD in front'])
    const labels = Uint8Array.from([...chain(stride(2)), 0x50, 0x4b, 5, 6, ...new Uint8Array(18)])
    expect(await reasons(labels, 'explicit')).toEqual([
      'a new table would stand behind the archive of labels at the end of the file',
    ])
  })
})

/** Two VALID convolutions of which the second one's options are led to those of the first. */
function shared(): Uint8Array {
  const file = chain({ ...stride(2), 0: int8(VALID) }, { ...stride(2), 0: int8(VALID) })
  const table = rootTable({ size: file.length, range: (begin, end) => file.subarray(begin, end) })
  const [graph] = table.tables(modelSlots.subgraphs)
  const [first, second] = graph.tables(subgraphSlots.operators)
  const [options, field] = [first.table(operatorSlots.options)?.at ?? 0, second.place(operatorSlots.options) ?? 0]
  // The first one's lie behind it, since a file is written from its end; an offset leads forwards only.
  expect(options).toBeGreaterThan(field)
  new DataView(file.buffer, file.byteOffset).setUint32(field, options - field, true)
  return file
}
