import { audit, diff, portedDrift } from 'samepad/models'
import { describe, expect, it } from 'vitest'
import { columnOf, MOST } from '../../explorer/views/model/drawing.ts'
import { pairsOf } from '../../explorer/views/model/pairs.ts'
import { chain, conv, pads } from '../audit/networks.ts'

const plain = conv(3, 1, pads(1, 1))
const same = conv(3, 2, pads(0, 1))
const symmetric = conv(3, 2, pads(1, 1))

describe('two models beside one another', () => {
  it('have a line for each pair in order, and for what only one of them has where it stands', async () => {
    const [a, b] = [chain([same, plain, conv(5, 1, pads(2, 2))]), chain([symmetric, conv(1, 1), plain])]
    const { rows, begin, end, width } = pairsOf(await diff(a, b), 800)
    expect(rows.map((row) => [row.a?.pads, row.b?.pads, row.differs, row.apart])).toEqual([
      ['0,1', '1,1', true, 1],
      [undefined, '0,0', true, undefined],
      ['1,1', '1,1', false, 1],
      ['2,2', undefined, true, undefined],
    ])
    expect(rows[0].a!.length).toBeLessThan(begin)
    expect(end + rows[0].b!.length).toBeLessThan(width)
    expect(rows.every(({ y }, at) => at === 0 || y > rows[at - 1].y)).toBe(true)
  })

  it('of many layers show those that differ or move the grid, wherever they stand, and tell how many they leave out', async () => {
    const many = (odd: typeof same) =>
      chain([...Array.from({ length: 120 }, () => plain), odd, ...Array.from({ length: 9 }, () => plain)])
    const { rows, hidden } = pairsOf(await diff(many(same), many(symmetric)), 400)
    expect([rows.length, hidden]).toEqual([MOST, 130 - MOST])
    expect(rows.filter(({ differs }) => differs).map(({ name, apart }) => [name.replace(/^\D*/, ''), apart])).toEqual([
      ['120', 1],
    ])
  })
})

describe('the column of a model', () => {
  it('has a bar for each layer, as wide as what it reads, and the drift of a port', async () => {
    const model = chain([same, plain, same], { input: [1, 2, 64, 64] })
    const { bars, most, right, room, width } = columnOf(await audit(model), await portedDrift(model), 900)
    expect(bars.map(({ size, pads, lean, apart }) => [size, pads, lean, apart])).toEqual([
      ['64 x 64', '0,1', 'tf-same', 1],
      ['32 x 32', '', undefined, 1],
      ['32 x 32', '0,1', 'tf-same', 3],
    ])
    expect(bars[0].length).toBeGreaterThan(bars[1].length)
    expect(most).toBe(3)
    expect(right + room).toBeLessThanOrEqual(width)
  })

  it('has no room for a drift that is none', async () => {
    const model = chain([plain, plain])
    const { most, right, width } = columnOf(await audit(model), await portedDrift(model), 900)
    expect([most, right]).toEqual([0, width])
  })
})
