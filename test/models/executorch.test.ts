import { expect, it } from 'vitest'
import { readModel, spatialNodes } from '../../src/models.ts'
import { bool, type Fields, flatFile, int8, int32, int32s, int64, int64s, table, tables, text } from './flat.ts'

// Kinds of values.
const [INT, BOOL, TENSOR, INTS] = [2, 3, 5, 7]
const value = (kind: number, fields: Fields): Fields => ({ 0: int8(kind), 1: table(fields) })
const integer = (number: number): Fields => value(INT, { 0: int64(BigInt(number)) })
const tensor = (...sizes: number[]): Fields => value(TENSOR, { 2: int32s(sizes) })
/** A list has the places of its integers among the values, not the integers. */
const list = (...places: number[]): Fields => value(INTS, { 0: int64s(places) })

const program = (values: Fields[], instructions: Fields[], outputs: number[]): Uint8Array =>
  flatFile(
    {
      1: tables([
        {
          ...{ 0: text('forward'), 2: tables(values), 3: int32s([0]), 4: int32s(outputs) },
          5: tables([{ 2: tables(instructions) }]),
          6: tables([{ 0: text('aten::convolution'), 1: text('out') }]),
          7: tables([{ 0: text('XnnpackBackend') }]),
        },
      ]),
    },
    'ET12',
  )

it('integers of lists are values of their own', async () => {
  const values = [
    ...[
      tensor(1, 4, 9, 9),
      tensor(8, 4, 3, 2),
      value(0, {}),
      list(5, 6),
      list(7, 5),
      integer(2),
      integer(3),
      integer(1),
    ],
    ...[list(7, 7), value(BOOL, { 0: bool(false) }), list(10, 10), integer(0), tensor(1, 8, 5, 4)],
  ]
  values[10] = integer(0)
  values[11] = list(10, 10)
  const call = { 0: int8(1), 1: table({ 0: int32(0), 1: int32s([0, 1, 2, 3, 4, 8, 9, 11, 7, 12]) }) }
  const [window] = spatialNodes(await readModel(program(values, [call], [12])))
  expect(window.written).toMatchObject({ strides: [2, 3], dilations: [1, 1] })
  expect(window.axes.map(({ pads }) => pads)).toEqual([
    [1, 1],
    [2, 2],
  ])
  expect(window.outputShape).toEqual([1, 8, 5, 4])
})

it('what a backend has is told by the name of the backend', async () => {
  const call = { 0: int8(2), 1: table({ 0: int32(0), 1: int32s([0, 1]) }) }
  const { graph } = await readModel(program([tensor(1, 4), tensor(1, 4)], [call], [1]))
  expect(graph.nodes).toMatchObject([{ opType: 'delegate', domain: 'executorch', name: 'XnnpackBackend' }])
  expect(graph.nodes[0].attributes[0].string).toMatch(/^XnnpackBackend has this part .*windows cannot be read/)
})

it('a program without a plan is refused', async () => {
  await expect(readModel(flatFile({ 0: int32(1) }, 'ET12'))).rejects.toThrow('executorch: a program must have a plan')
})
