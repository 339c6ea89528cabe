import { audit, diff, portedDrift } from 'samepad/models'
import { describe, expect, it } from 'vitest'
import { columnOf } from '../../explorer/views/model/drawing.ts'
import { foldName, linesOf } from '../../explorer/views/model/folds.ts'
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

  it('of many layers fold those that are alike, whether the grid moves before or behind them', async () => {
    const many = (odd: typeof same) =>
      chain([...Array.from({ length: 120 }, () => plain), odd, ...Array.from({ length: 9 }, () => plain)])
    const both = await diff(many(same), many(symmetric))
    const { rows, height } = pairsOf(both, 400)
    const seen = rows.map(({ count, differs, apart }) => [count, differs, apart])
    expect(seen).toEqual([
      [120, false, 0],
      [1, true, 1],
      [9, false, 1],
    ])
    expect(rows[0].name).toMatch(/^× 120: .+ … .+$/)
    // Where one is opened, the others stay folded.
    const opened = pairsOf(both, 400, new Set([121]))
    expect(opened.rows.map(({ count }) => count)).toEqual([120, ...Array.from({ length: 10 }, () => 1)])
    expect(opened.height).toBeGreaterThan(height)
  })
})

describe('rows as lines', () => {
  const isLike = (one: string, before: string) => one === before
  const lines = (text: string, open: number[] = []) =>
    linesOf([...text], isLike, new Set(open)).map(({ first, count }) => (count > 1 ? `${first}${count}` : first))

  it('fold three and more that are alike, of more than 60', () => {
    expect(lines('a'.repeat(60))).toHaveLength(60)
    expect(lines('a'.repeat(61))).toEqual(['a61'])
    expect(lines(`${'a'.repeat(58)}bbccc`)).toEqual(['a58', 'b', 'b', 'c3'])
    expect(lines(`${'ab'.repeat(40)}`)).toHaveLength(80)
  })

  it('are all rows in order, whatever is open', () => {
    const text = `${'a'.repeat(40)}b${'c'.repeat(30)}`
    expect(lines(text, [0, 41]).join('')).toBe(text)
    expect(lines(text, [41])).toEqual(['a40', 'b', ...'c'.repeat(30)])
  })

  it('have the names of both ends, as far as there is room', () => {
    expect(foldName(23, 'conv2', 'conv24', 40)).toBe('× 23: conv2 … conv24')
    expect(foldName(23, 'stage4/unit2/conv', 'stage4/unit9/conv', 30)).toBe('× 23: …nit2/conv … …nit9/conv')
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

  it('of hundreds of layers has a line for what is alike, and says where the drift begins and is largest', async () => {
    const block = (count: number) => Array.from({ length: count }, () => plain)
    const layers = [...block(20), same, ...block(150), same, ...block(130)]
    const model = chain(layers, { input: [1, 2, 64, 64] })
    const [report, ported] = [await audit(model), await portedDrift(model)]
    const { bars, growth } = columnOf(report, ported, 900)
    expect(bars.map(({ count, apart }) => [count, apart])).toEqual([
      [20, 0],
      [1, 1],
      [150, 1],
      [1, 3],
      [130, 3],
    ])
    const names = report.nodes.map(({ name }) => name)
    expect(growth?.map((name) => names.findIndex((full) => full.endsWith(name)))).toEqual([20, 171])
    const all = columnOf(report, ported, 900, new Set([0, 21, 172]))
    expect(all.bars).toHaveLength(layers.length)
    expect(new Set(all.bars.map(({ at }) => at)).size).toBe(layers.length)
  })

  it('has no room for a drift that is none', async () => {
    const model = chain([plain, plain])
    const { most, right, width } = columnOf(await audit(model), await portedDrift(model), 900)
    expect([most, right]).toEqual([0, width])
  })
})
