import type { Op } from 'samepad/geometry'
import { describe, expect, it } from 'vitest'
import { positionsOf, tapsOf } from '../../explorer/drawing/strip.ts'
import { type Answer, answersOf } from '../../explorer/layer/answers.ts'
import { gridsOf, type Sheet } from '../../explorer/views/two-axes/model.ts'
import { LEFT, TOP } from '../../explorer/views/two-axes/room.ts'
import { type RowValues, rowValuesOf } from '../../explorer/views/two-axes/values.ts'
import fc from '../fast-check.ts'

const rules = ['tf same', 'pytorch p1']
const corner = { row: 0, column: 0 }
const sheet = (height: number, width: number, units = 800): Sheet => {
  const [down, across] = [height, width].map((input) =>
    answersOf(rules, 'conv', { input, kernel: 3, stride: 2, dilation: 1 }),
  )
  return gridsOf('conv', down, across, units, corner)
}

describe('the grids', () => {
  it('have the padding on four sides', () => {
    const { grids, x, y, rows, columns } = sheet(8, 9)
    expect([rows, columns]).toEqual([4, 5])
    const [same, port] = grids.map(({ picture }) => picture!)
    const sides = ({ cells, around }: typeof same): number[] =>
      [
        cells.y - around.y,
        cells.x - around.x,
        around.y + around.height - cells.y - cells.height,
        around.x + around.width - cells.x - cells.width,
      ].map((units) => units / x.cell)
    expect(sides(same)).toEqual([0, 1, 1, 1]) // top, left, bottom, right
    expect(sides(port)).toEqual([1, 1, 1, 1])
    expect(x.cell).toBe(y.cell)
    expect(same.cells).toEqual(port.cells)
  })

  it('put the middles of the windows apart by what the conventions part', () => {
    const { grids, y } = sheet(8, 9)
    const [same, port] = grids.map(({ picture }) => picture!.centres)
    expect(same).toHaveLength(20)
    same.forEach((one, index) => {
      expect(one.y - port[index].y).toBeCloseTo(y.cell)
      expect(one.x - port[index].x).toBeCloseTo(0)
    })
  })

  it('say how conventions part on each axis', () => {
    expect(sheet(8, 9).grids.map(({ verdict }) => verdict)).toEqual([
      '',
      'pads 1 row more at the start, so it reads 1 row earlier than tf same',
    ])
    expect(sheet(8, 8).grids[1].verdict).toBe(
      'pads 1 row and 1 column more at the start, so it reads 1 row and 1 column earlier than tf same',
    )
    expect(sheet(9, 7).grids[1].verdict).toBe('the same as tf same')
    expect(sheet(8, 9).grids.map(({ size, parts }) => [size, parts])).toEqual([
      ['→ 4 x 5', false],
      ['→ 4 x 5', true],
    ])
  })

  it('show no window that lies in the gap of a long side', () => {
    const { grids, y } = sheet(500, 9)
    const { down, centres } = grids[0].picture!
    expect(y.gaps.length).toBeGreaterThan(0)
    const drawn = new Set(positionsOf(y))
    const rows = Array.from({ length: down.output }, (_, row) => row)
    const whole = rows.filter((row) => tapsOf(down, row).every((position) => drawn.has(position)))
    expect(whole).toEqual([...new Set(centres.map(({ row }) => row))])
    expect(whole.length).toBeLessThan(down.output)
  })

  it('of any size are few elements within their sheet', () => {
    const size = fc.integer({ min: 1, max: 5000 })
    fc.assert(
      fc.property(size, size, fc.integer({ min: 300, max: 1500 }), (height, width, units) => {
        const { grids, gridWidth, height: h } = sheet(height, width, units)
        for (const { picture } of grids) {
          const { around, centres } = picture!
          expect(centres.length).toBeLessThanOrEqual(50 * 50)
          expect(around.x >= LEFT && around.x + around.width <= gridWidth + 0.01).toBe(true)
          expect(around.y >= TOP && around.y + around.height <= h + 0.01).toBe(true)
        }
      }),
    )
  })

  it('hold numbers that the library makes, with the sum behind each', () => {
    const both = (rule: string, op: Op, sizes = [5, 4]): Answer[] =>
      sizes.map((input, axis) => answersOf([rule], op, { input, kernel: 3, stride: 2, dilation: 1 }, axis)[0])
    const values = (rule: string, op: Op): RowValues => rowValuesOf(op, both(rule, op))!
    const conv = values('pytorch p1', 'conv')
    expect(conv.weights).toEqual([
      [1, 2, 3],
      [3, 1, 2],
      [2, 3, 1],
    ])
    expect([conv.grid(0, 0), conv.grid(0, 3), conv.grid(1, 0), conv.grid(-1, 0), conv.grid(0, -1)]).toEqual([
      3, 1, 9, 0, 0,
    ])
    expect([conv.map(0, 0), conv.sum(0, 0)]).toEqual([34, '3×1 + 1×2 + 9×3 + 2×1 = 34'])
    const mirrored = values('pytorch p1 reflect', 'conv')
    expect([mirrored.grid(-1, -1), mirrored.grid(-1, 0)]).toEqual([2, 9])
    expect(values('pytorch p1', 'maxPool').grid(-1, 0)).toBeUndefined()
    expect(values('tf same', 'averagePool').sum(0, 0)).toBe('(3 + 1 + 4 + 9 + 2 + 6) / 6 = 4.17')
    expect(values('tf same', 'convTranspose').sum(0, 1)).toBe('1 times the kernel: 1, 2, 3 / 3, 1, 2 / 2, 3, 1')
    expect(rowValuesOf('conv', both('tf same', 'conv', [13, 4]))).toBeUndefined()
  })

  it('say why there is no picture', () => {
    const [down, across] = [8, 9].map((input) =>
      answersOf(['pytorch same'], 'conv', { input, kernel: 3, stride: 2, dilation: 1 }),
    )
    expect(gridsOf('conv', down, across, 400, corner).grids[0].verdict).toBe(
      "refuses: torch.nn.Conv with padding='same': not supported for strided convolutions; write F.pad in front and padding=0",
    )
  })
})
