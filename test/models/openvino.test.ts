import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { audit, readModel, spatialNodes } from '../../src/models.ts'
import { bytesOf, windowsOf } from './windows-of.ts'

interface Written {
  readonly type: string
  readonly data?: string
  /** Sizes of each input behind the first, which come from constants. */
  readonly constants?: readonly string[]
  readonly output?: string
  readonly input?: string
  /** Where each constant lies in the weights, in integers of 8 bytes. */
  readonly at?: readonly (readonly [offset: number, count: number])[]
}

const port = (id: number, dims: string): string =>
  `<port id="${id}">${dims
    .split(',')
    .filter(Boolean)
    .map((dim) => `<dim>${dim}</dim>`)
    .join('')}</port>`

/** A network of one layer behind its parameter. */
function net({ type, data = '', constants = [], output = '1,8,?,?', input = '1,3,10,12', at = [] }: Written): string {
  const weights = constants.map((dims, index) => {
    const place = at[index] ? `offset="${8 * at[index][0]}" size="${8 * at[index][1]}"` : 'offset="0" size="99999"'
    const data = `<data element_type="i64" shape="${dims}" ${place}/>`
    return `<layer id="${index + 10}" name="w${index}" type="Const">${data}<output>${port(0, dims)}</output></layer>`
  })
  const inputs = [input, ...constants].map((dims, index) => port(index, dims)).join('')
  const own = `<layer id="1" name="a" type="${type}"><data ${data}/><input>${inputs}</input><output>${port(9, output)}</output></layer>`
  const edges = constants.map(
    (_, index) => `<edge from-layer="${index + 10}" from-port="0" to-layer="1" to-port="${index + 1}"/>`,
  )
  return `<?xml version="1.0"?><net name="n" version="11"><layers>
    <layer id="0" name="x" type="Parameter"><data shape="${input}"/><output>${port(0, input)}</output></layer>
    ${weights.join('')}${own}
    <layer id="2" name="r" type="Result"><input>${port(0, output)}</input></layer></layers>
    <edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>${edges.join('')}
    <edge from-layer="1" from-port="9" to-layer="2" to-port="0"/></edges></net>`
}

const convolution = (data: string, filters = '8,3,3,3'): string =>
  net({ type: 'Convolution', data: `strides="2,2" dilations="1,1" ${data}`, constants: [filters] })

describe('auto_pad is read, and the pads beside it are not', () => {
  it.each([
    ['same_upper', 'pads_begin="1,1" pads_end="1,1" auto_pad="same_upper"', 'a 0,1 0,1 5x6'],
    ['in capitals', 'pads_begin="1,1" pads_end="1,1" auto_pad="SAME_LOWER"', 'a 1,0 1,0 5x6'],
    ['valid', 'pads_begin="1,1" pads_end="1,1" auto_pad="valid"', 'a 0,0 0,0 4x5'],
    ['explicit', 'pads_begin="1, 0" pads_end="2, 3" auto_pad="explicit"', 'a 1,2 0,3 6x7'],
    ['nothing said', 'pads_begin="1,0" pads_end="2,3"', 'a 1,2 0,3 6x7'],
    ['notset', 'pads_begin="1,0" pads_end="2,3" auto_pad="notset"', 'a 1,2 0,3 6x7'],
  ])('%s', async (_, data, expected) => {
    expect(await windowsOf(convolution(data))).toEqual([expected])
  })
})

it('filters are [out, in, ...kernel], grouped ones [groups, out / groups, in / groups, ...kernel]', async () => {
  const read = async (text: string): Promise<unknown[]> =>
    spatialNodes(await readModel(bytesOf(text))).map((one) => [one.outputChannels, one.groups, one.weightsShape])
  const group = net({ type: 'GroupConvolution', data: 'strides="1,1"', constants: ['3,2,1,3,5'] })
  expect(await read(convolution('', '8,3,3,5'))).toEqual([[8, 1, [8, 3, 3, 5]]])
  expect(await read(group)).toEqual([[6, 3, [6, 1, 3, 5]]])
})

describe('ConvolutionBackpropData', () => {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-openvino-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const transposed = (data: string, ...more: readonly string[]): Written => ({
    ...{ type: 'ConvolutionBackpropData', data: `strides="2,2" ${data}`, constants: ['3,8,3,3', ...more] },
    ...{
      output: '1,8,20,24',
      at: [
        [90, 9999],
        [0, 2],
      ] as const,
    },
  })

  it.each([
    ['numbers crop', transposed('pads_begin="1,0" pads_end="0,1" output_padding="0,1"'), 'a 1,0 0,0 20x25'],
    ['auto_pad without a size crops nothing', transposed('auto_pad="same_upper"'), 'a 0,0 0,0 21x25'],
    [
      'with a size, same_upper crops the odd cell at the start',
      transposed('auto_pad="same_upper"', '2'),
      'a 1,0 1,0 20x24',
    ],
    ['same_lower at the end', transposed('auto_pad="same_lower"', '2'), 'a 0,1 0,1 20x24'],
    ['and the pads beside a size are not read', transposed('pads_begin="1,1" pads_end="1,1"', '2'), 'a 0,1 0,1 20x24'],
  ])('%s', async (_, written, expected) => {
    expect(await windowsOf(net(written))).toEqual([expected])
  })

  it('a size that the weights hold counts, not what the file says of the output', async () => {
    const path = join(folder, 'net.xml')
    writeFileSync(path, net({ ...transposed('auto_pad="same_upper"', '2'), output: '1,8,?,-1' }))
    const unknown = spatialNodes(await readModel(path))
    expect(unknown[0].reason).toMatch(/output_shape/)
    writeFileSync(join(folder, 'net.bin'), new Uint8Array(new BigInt64Array([19n, 23n]).buffer))
    const [{ axes }] = spatialNodes(await readModel(path))
    expect(axes.map(({ pads, output }) => [pads, output])).toEqual([
      [[1, 1], 19],
      [[1, 1], 23],
    ])
  })

  it('Pad has its numbers in the weights', async () => {
    const path = join(folder, 'pad.xml')
    const written: Written = { type: 'Pad', data: 'pad_mode="reflect"', constants: ['4', '4'], output: '1,3,11,14' }
    writeFileSync(
      path,
      net({
        ...written,
        at: [
          [0, 4],
          [4, 4],
        ],
      }),
    )
    writeFileSync(join(folder, 'pad.bin'), new Uint8Array(new BigInt64Array([0n, 0n, 1n, 0n, 0n, 0n, 0n, 2n]).buffer))
    const { graph } = await readModel(path)
    expect(graph.nodes[0].attributes.map(({ name, ints, string }) => [name, ints ?? string])).toEqual([
      ['pads', [0, 0, 1, 0, 0, 0, 0, 2]],
      ['mode', 'reflect'],
    ])
    expect((await audit(path)).findings).toEqual([])
  })
})

describe('pools', () => {
  const pool = (data: string, type = 'MaxPool'): string =>
    net({ type, data: `kernel="2,2" strides="2,2" pads_begin="1,1" pads_end="1,1" ${data}`, input: '1,3,9,9' })

  it.each([
    ['floor', 'rounding_type="floor"', '5x5'],
    // 9 + 2 cells: a window at 10 holds padding alone.
    ['ceil keeps a window of padding alone', 'rounding_type="ceil"', '6x6'],
    ['ceil_torch does not', 'rounding_type="ceil_torch"', '5x5'],
    ['nothing said is floor', '', '5x5'],
  ])('%s', async (_, data, expected) => {
    const [line] = await windowsOf(pool(data))
    expect(line).toBe(`a 1,1 1,1 ${expected}`)
  })

  it('averages count padding only where exclude-pad says no', async () => {
    const counts = async (data: string): Promise<unknown> =>
      spatialNodes(await readModel(bytesOf(pool(data, 'AvgPool'))))[0].axes[0].setting?.countIncludePad
    expect(await counts('exclude-pad="true"')).toBe(false)
    expect(await counts('exclude-pad="false"')).toBe(true)
    expect(await counts('exclude_pad="False"')).toBe(true)
  })
})

it('sizes of -1 and ranges are open', async () => {
  const text = net({ type: 'MaxPool', data: 'kernel="2,2" strides="2,2"', input: '-1,3,1..10,12' })
  const [{ inputShape }] = spatialNodes(await readModel(bytesOf(text)))
  expect(inputShape).toEqual([undefined, 3, undefined, 12])
})

describe('without the weights nothing false is said of shapes', () => {
  it.each<[string, Written]>([
    ['Transpose', { type: 'Transpose', constants: ['4'], output: '1,10,12,3' }],
    ['Squeeze', { type: 'Squeeze', constants: ['1'], input: '1,1,10,12', output: '1,10,12' }],
    ['Unsqueeze', { type: 'Unsqueeze', constants: ['1'], output: '1,1,3,10,12' }],
    ['Reshape', { type: 'Reshape', data: 'special_zero="true"', constants: ['2'], output: '1,360' }],
    ['ReduceMean', { type: 'ReduceMean', data: 'keep_dims="false"', constants: ['2'], output: '1,3' }],
    [
      'MatMul',
      {
        type: 'MatMul',
        data: 'transpose_a="false" transpose_b="true"',
        input: '1,12',
        constants: ['7,12'],
        output: '1,7',
      },
    ],
    [
      'MatMul turned at first',
      { type: 'MatMul', data: 'transpose_a="true"', input: '12,2', constants: ['12,7'], output: '2,7' },
    ],
  ])('%s', async (_, written) => {
    const { findings } = await audit(bytesOf(net(written)))
    // An order that stands in the weights is not known, which a note says.
    expect(findings.filter(({ rule }) => rule !== 'unknown-operators')).toEqual([])
  })

  it('and what is false is told', async () => {
    const written = { type: 'MatMul', data: 'transpose_b="true"', input: '1,12', constants: ['7,12'], output: '1,8' }
    expect((await audit(bytesOf(net(written)))).findings.map(({ rule }) => rule)).toEqual(['declared-shape'])
  })
})
