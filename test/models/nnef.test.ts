import { describe, expect, it } from 'vitest'
import { nnef } from '../../src/models/nnef/format.ts'
import { readModel } from '../../src/models/read-model.ts'
import { spatialNodes } from '../../src/network/spatial-nodes.ts'
import { readAs, shown } from './shown.ts'

/** A network of one input x [1, 4, 9, 10] and a filter w. */
const text = (body: string, filter = '[8, 4, 3, 3]'): string => `version 1.0;

# a comment with graph in it
graph net( x ) -> ( y )
{
    x = external<scalar>(shape = [1, 4, 9, 10]);
    w = variable<scalar>(shape = ${filter}, label = 'conv/w');
    ${body}
}
`
const of = async (...given: Parameters<typeof text>): Promise<string[]> => shown(await readAs(nnef, text(...given)))

describe('convolutions', () => {
  it('padding is a pair for each axis', async () => {
    expect(
      await of(
        "y = conv(x, w, 0.0, border = 'constant', padding = [(1, 2), (0, 3)], stride = [2, 1], dilation = [1, 2]);",
      ),
    ).toEqual(['conv 4>8 g1: k3 s2 d1 1,2 9>5; k3 s1 d2 0,3 10>9'])
  })

  it.each(['y = conv(x, w, stride = [2, 2]);', 'y = conv(x, w, padding = [], stride = [2, 2]);'])(
    'padding that is empty is automatic, not none: %s',
    async (body) => {
      expect(await of(body)).toEqual(['conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5'])
    },
  )

  it('and pairs of zeros are none', async () => {
    expect(await of('y = conv(x, w, padding = [(0, 0), (0, 0)], stride = [2, 2]);')).toEqual([
      'conv 4>8 g1: k3 s2 d1 0,0 9>4; k3 s2 d1 0,0 10>4',
    ])
  })

  it('groups of 0 are as many as there are channels', async () => {
    expect(await of('y = conv(x, w, groups = 0);', '[4, 1, 3, 3]')).toEqual([
      'conv 4>4 g4: k3 s1 d1 1,1 9>9; k3 s1 d1 1,1 10>10',
    ])
    expect(await of('y = conv(x, w, groups = 2);', '[8, 2, 3, 3]')).toEqual([
      'conv 4>8 g2: k3 s1 d1 1,1 9>9; k3 s1 d1 1,1 10>10',
    ])
  })

  it.each([
    ['replicate', 'edge'],
    ['reflect', 'reflect'],
    ['reflect-even', 'symmetric'],
  ])('a border of %s stands in a Pad before', async (border, mode) => {
    const model = await readAs(nnef, text(`y = conv(x, w, border = '${border}', padding = [(1, 1), (0, 2)]);`))
    expect(spatialNodes(model)[0].pad).toMatchObject({
      filling: { mode },
      pads: [
        [1, 1],
        [0, 2],
      ],
    })
  })

  it('transposed ones crop; automatic, the output is the input times the stride', async () => {
    const back = (more: string, filter = '[4, 8, 3, 3]') => of(`y = deconv(x, w, stride = [2, 2]${more});`, filter)
    expect(await back(', padding = [(1, 0), (1, 1)]')).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 1,0 9>18; k3 s2 d1 1,1 10>19',
    ])
    expect(await back('')).toEqual(['convTranspose 4>8 g1: k3 s2 d1 0,1 9>18; k3 s2 d1 0,1 10>20'])
    expect(await back('', '[4, 8, 1, 4]')).toEqual(['convTranspose 4>8 g1: k1 s2 d1 0,-1 9>18; k4 s2 d1 1,1 10>20'])
    expect(await back(', output_shape = [1, 8, 17, 20]')).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 1,1 9>17; k3 s2 d1 0,1 10>20',
    ])
  })
})

describe('pools', () => {
  const pool = (name: string, border: string) =>
    text(
      `y = ${name}(x, size = [1, 1, 3, 2], border = '${border}', padding = [(0, 0), (0, 0), (1, 1), (0, 1)], stride = [1, 1, 2, 2]);`,
    )

  it('name batch and channels too', async () => {
    expect(shown(await readAs(nnef, pool('max_pool', 'ignore')))).toEqual([
      'maxPool 4>4 g1: k3 s2 d1 1,1 9>5; k2 s2 d1 0,1 10>5',
    ])
  })

  it('a maximum takes a constant border for zeros, which stand in a Pad', async () => {
    const [ignored] = spatialNodes(await readAs(nnef, pool('max_pool', 'ignore')))
    const [constant] = spatialNodes(await readAs(nnef, pool('max_pool', 'constant')))
    expect(ignored.pad).toBeUndefined()
    expect(constant.pad).toMatchObject({ filling: { mode: 'constant', value: 0 } })
  })

  it('an average counts the cells of a constant border', async () => {
    for (const [border, counts] of [
      ['constant', true],
      ['ignore', false],
    ] as const) {
      const [average] = spatialNodes(await readAs(nnef, pool('avg_pool', border)))
      expect(average.axes.map(({ setting }) => setting?.countIncludePad)).toEqual([counts, counts])
    }
  })
})

it('what is not known keeps its own name, and several outputs their names', async () => {
  const model = await readAs(nnef, text('[a, b] = split(x, axis = 1, ratios = [1, 1]); y = conv(a, w);'))
  expect(model.graph.nodes[0]).toMatchObject({ opType: 'split', domain: 'nnef', outputs: ['a', 'b'] })
})

it('is known by its first word, and a text that breaks off is told with its place', async () => {
  expect((await readModel(new TextEncoder().encode(text('y = conv(x, w);')))).format).toBe('NNEF')
  await expect(readAs(nnef, text('y = conv(x, ').slice(0, -3))).rejects.toThrow(/^nnef: .* \(at byte \d+\)$/)
  await expect(readAs(nnef, 'version 1.0;')).rejects.toThrow(/^nnef: a text must have a graph/)
})
