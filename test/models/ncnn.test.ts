import { describe, expect, it } from 'vitest'
import { audit, readModel, spatialNodes } from '../../src/models.ts'
import { bytesOf, windowsOf } from './windows-of.ts'

/** A file with an input of 3 channels, 10 cells high and 12 wide, and the layers of some lines that go on from it. */
const net = (...lines: readonly string[]): string =>
  ['7767517', `${lines.length + 1} ${lines.length + 1}`, 'Input in 0 1 x 0=12 1=10 2=3', ...lines].join('\n')
const layer = (type: string, parameters: string): string => net(`${type} a 1 1 x y ${parameters}`)
const only = async (type: string, parameters: string): Promise<string> => (await windowsOf(layer(type, parameters)))[0]

describe('keys mean other sides in other kinds of layers', () => {
  it.each([
    // left 1, right 2, top 3, bottom 4; height first.
    ['Convolution', '0=8 1=3 6=216 4=1 15=2 14=3 16=4', 'a 3,4 1,2 15x13'],
    ['ConvolutionDepthWise', '0=3 1=3 6=27 7=3 4=1 15=2 14=3 16=4', 'a 3,4 1,2 15x13'],
    ['Pooling', '0=0 1=5 5=1 3=1 14=2 13=3 15=4', 'a 3,4 1,2 13x11'],
    // What is left out: the right is as the left, the top as the left, the bottom as the top.
    ['Convolution', '0=8 1=3 6=216 4=1', 'a 1,1 1,1 10x12'],
    ['Convolution', '0=8 1=3 6=216 4=1 14=0', 'a 0,0 1,1 8x12'],
    ['Pooling', '0=0 1=3 5=1 3=1', 'a 1,1 1,1 10x12'],
    // 14 is the top of a convolution and the right of a pool; 2 is a dilation and a stride.
    ['Convolution', '0=8 1=3 6=216 14=2', 'a 2,2 0,0 12x10'],
    ['Pooling', '0=0 1=3 5=1 14=2', 'a 0,0 0,2 8x12'],
    ['Convolution', '0=8 1=3 6=216 2=2', 'a 0,0 0,0 6x8'],
    ['Pooling', '0=0 1=3 2=2 5=1', 'a 0,0 0,0 4x5'],
    // Width first: 1 and 11 are 3 wide, 5 high.
    ['Convolution', '0=8 1=3 11=5 6=360 3=1 13=2', 'a 0,0 0,0 3x10'],
  ])('%s %s', async (type, parameters, expected) => {
    expect(await only(type, parameters)).toBe(expected)
  })
})

describe('-233 is SAME with the odd cell at the end, -234 at the start', () => {
  const strided = '0=8 1=3 3=2 6=216'
  it.each([
    ['all four by default', `${strided} 4=-233`, 'a 0,1 0,1 5x6'],
    ['all four written', `${strided} 4=-233 14=-233 15=-233 16=-233`, 'a 0,1 0,1 5x6'],
    ['at the start', `${strided} 4=-234`, 'a 1,0 1,0 5x6'],
    ['not with one that is another', `${strided} 4=-233 16=0`, 'a 0,0 0,0 4x5'],
    ['not with both kinds', `${strided} 4=-233 15=-234`, 'a 0,0 0,0 4x5'],
    ['a positive one wins', `${strided} 4=-233 16=2`, 'a 0,2 0,0 5x5'],
    ['other negative ones are none', `${strided} 4=-1`, 'a 0,0 0,0 4x5'],
  ])('%s', async (_, parameters, expected) => {
    expect(await only('Convolution', parameters)).toBe(expected)
  })

  it.each([
    ['a deconvolution takes it only beside an output size', '0=8 1=3 3=2 6=216 4=-233 20=24 21=20', 'a 0,1 0,1 20x24'],
    ['at the start', '0=8 1=3 3=2 6=216 4=-234 20=24 21=20', 'a 1,0 1,0 20x24'],
    ['without one, nothing is cropped', '0=8 1=3 3=2 6=216 4=-233', 'a 0,0 0,0 21x25'],
    ['with half of one, too', '0=8 1=3 3=2 6=216 4=-233 20=24', 'a 0,0 0,0 21x25'],
    ['numbers crop', '0=8 1=4 3=2 6=384 4=1 15=2 14=3 16=0', 'a 3,0 1,2 19x23'],
    ['cells are added at the right and at the bottom', '0=8 1=3 3=2 6=216 4=1 18=1 19=0', 'a 1,1 1,0 19x24'],
  ])('%s', async (_, parameters, expected) => {
    expect(await only('Deconvolution', parameters)).toBe(expected)
  })
})

describe('pools', () => {
  it.each([
    ['round up in mode 0, which is the default', '1=3 2=2', 'a 0,0 0,0 5x6'],
    ['round down in mode 1', '1=3 2=2 5=1', 'a 0,0 0,0 4x5'],
    ['keep padding in mode 1', '1=2 2=2 3=0 14=1 15=1 5=1', 'a 0,1 0,1 5x6'],
    ['are SAME in mode 2', '1=4 2=1 5=2', 'a 1,2 1,2 10x12'],
    ['and at the start in mode 3', '1=4 2=1 5=3', 'a 2,1 2,1 10x12'],
    // Unlike PyTorch, a last window that begins in the tail is kept: 10 + 1 + 1 cells, 2 apart, from 0 to 10.
    ['keep a window in the tail', '1=1 2=4 3=1', 'a 1,1 1,1 4x5'],
  ])('%s', async (_, parameters, expected) => {
    expect(await only('Pooling', `0=0 ${parameters}`)).toBe(expected)
  })

  it('over the whole picture have no window, and lists are channels of one cell', async () => {
    const text = net(
      'Split s 1 2 x x0 x1 -23330=8,3,12,10,3,3,12,10,3',
      'Pooling g 1 1 x0 l 0=1 4=1 -23330=4,1,3,1,1',
      'InnerProduct d 1 1 l m 0=3 2=9 -23330=4,1,3,1,1',
      'BinaryOp b 2 1 x1 m y 0=2 -23330=4,3,12,10,3',
      'Convolution c 1 1 y z 0=8 1=3 6=216',
    )
    expect(await windowsOf(text)).toEqual(['c 0,0 0,0 8x10'])
    expect((await audit(bytesOf(text))).findings).toEqual([])
  })

  it('a hint that is wrong is told', async () => {
    const text = net('Convolution c 1 1 x z 0=8 1=3 6=216 -23330=4,3,10,9,8', 'ReLU r 1 1 z y')
    expect((await audit(bytesOf(text))).findings.map(({ rule }) => rule)).toEqual(['declared-shape'])
  })
})

describe('Padding', () => {
  it('has top, bottom, left, right, and channels as front and behind', async () => {
    const text = net('Padding p 1 1 x y 0=1 1=2 2=3 3=4 7=5 8=6', 'Convolution c 1 1 y z 0=8 1=3 6=1008')
    const [{ before, inputShape }] = spatialNodes(await readModel(bytesOf(text)))
    expect(inputShape).toEqual([1, 14, 13, 19])
    expect(before[0].steps.map((step) => step && 'pads' in step && step.pads)).toEqual([
      undefined,
      [5, 6],
      [1, 2],
      [3, 4],
    ])
  })

  it('goes up to the window with what it holds', async () => {
    const text = net('Padding p 1 1 x y 0=0 1=1 2=0 3=1 4=2', 'Convolution c 1 1 y z 0=8 1=3 3=2 6=216')
    const [{ pad }] = spatialNodes(await readModel(bytesOf(text)))
    expect(pad?.filling.mode).toBe('reflect')
    expect(pad?.pads).toEqual([
      [0, 1],
      [0, 1],
    ])
  })
})

describe('Crop', () => {
  const layer = 'Convolution a 1 1 cut out 0=8 1=3 6=216'
  it.each([
    ['offsets and sizes of width, height, channels', '0=1 1=2 2=0 3=5 4=4 5=3', 'a 0,0 0,0 2x3'],
    ['-233 is all that is left', '0=1 1=2 2=0 3=-233 4=-233 5=-233', 'a 0,0 0,0 6x8'],
    ['but for what is left out at the end', '0=1 1=2 2=0 3=-233 4=-233 5=-233 6=3 7=1', 'a 0,0 0,0 5x5'],
    ['lists of starts, ends and axes', '-23309=2,2,1 -23310=2,6,6 -23311=2,1,2', 'a 0,0 0,0 2x3'],
  ])('%s', async (_, parameters, expected) => {
    const text = `7767517\n3 3\nInput x 0 1 x 0=11 1=10 2=3\nCrop c 1 1 x cut ${parameters}\n${layer}\n`
    expect(await windowsOf(text)).toEqual([expected])
  })
})

describe('files', () => {
  it('the same in binary', async () => {
    const numbers = (...list: number[]): number[] => list
    const words = [
      ...numbers(7767517, 2, 2),
      ...numbers(16, 0, 1, 0, 0, 12, 1, 10, 2, 3, -233),
      ...numbers(6, 1, 1, 0, 1, 0, 8, 1, 3, 3, 2, 4, -233, 6, 216, -233),
    ]
    const binary = await windowsOf(new Uint8Array(Int32Array.from(words).buffer))
    const text = await windowsOf(layer('Convolution', '0=8 1=3 3=2 4=-233 6=216'))
    expect(binary).toEqual(text.map((line) => line.replace('a ', 'layer 1 ')))
  })

  it.each([
    ['more blobs than words', net('ReLU r 3 1 x y'), /^ncnn: line 4 must name as many blobs as it counts/],
    ['no layers', '7767517\n0 0\n', /^ncnn: a network must have layers/],
  ])('%s', async (_, text, expected) => {
    await expect(windowsOf(text)).rejects.toThrow(expected)
  })
})

describe('pnnx', () => {
  const pnnx = (...lines: readonly string[]): string =>
    ['7767517', '4 4', 'pnnx.Input in 0 1 0 #0=(1,3,9,9)f32', ...lines, 'pnnx.Output out 1 0 1'].join('\n')

  it("has PyTorch's words", async () => {
    const same =
      'nn.Conv2d c 1 1 0 1 in_channels=3 out_channels=8 kernel_size=(4,4) padding=same stride=(1,1) #1=(1,8,9,9)f32'
    const numbers = 'nn.Conv2d c 1 1 0 1 in_channels=3 out_channels=8 kernel_size=(3,3) padding=(1,0) stride=(2,2)'
    expect(await windowsOf(pnnx(same))).toEqual(['c 1,2 1,2 9x9'])
    expect(await windowsOf(pnnx(numbers))).toEqual(['c 1,1 0,0 5x4'])
  })

  it('says what print hides', async () => {
    const pool = (flags: string): string =>
      `nn.AvgPool2d p 1 1 0 1 kernel_size=(2,2) stride=(2,2) padding=(0,0) ${flags}`
    expect(await windowsOf(pnnx(pool('ceil_mode=True count_include_pad=False')))).toEqual(['p 0,0 0,0 5x5'])
    expect(await windowsOf(pnnx(pool('ceil_mode=False count_include_pad=False')))).toEqual(['p 0,0 0,0 4x4'])
  })
})
