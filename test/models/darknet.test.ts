import { expect, it } from 'vitest'
import { audit, readModel, spatialNodes } from '../../src/models.ts'
import { bytesOf, windowsOf } from './windows-of.ts'

const net = (...sections: readonly string[]): string =>
  `# a comment\n[net]\nheight=10\nwidth=12\nchannels=3\n\n${sections.map((one) => one.replaceAll(' ', '\n')).join('\n\n')}\n`

it.each([
  ['pad=1 pads by half the kernel', '[convolutional] filters=8 size=5 pad=1', 'convolutional 0 2,2 2,2 10x12'],
  [
    'and padding beside it does not count',
    '[convolutional] filters=8 size=5 pad=1 padding=1',
    'convolutional 0 2,2 2,2 10x12',
  ],
  ['half of an even one is rounded down', '[convolutional] filters=8 size=4 pad=1', 'convolutional 0 2,2 2,2 11x13'],
  ['padding counts alone', '[convolutional] filters=8 size=5 padding=1', 'convolutional 0 1,1 1,1 8x10'],
  ['nothing is no padding', '[convolutional] filters=8 size=3 stride=2', 'convolutional 0 0,0 0,0 4x5'],
  [
    'strides of their own',
    '[convolutional] filters=8 size=3 stride=2 stride_x=1 pad=1',
    'convolutional 0 1,1 1,1 5x12',
  ],
  ['a kernel of 1 has no dilation', '[convolutional] filters=8 size=1 dilation=2', 'convolutional 0 0,0 0,0 10x12'],
  ['the padding of a pool is that of both sides', '[maxpool] size=3 stride=2 padding=1', 'maxpool 0 0,1 0,1 5x6'],
  ['and size - 1 where nothing is said', '[maxpool] size=2 stride=2', 'maxpool 0 0,1 0,1 5x6'],
  ['also with stride 1', '[maxpool] size=2 stride=1', 'maxpool 0 0,1 0,1 10x12'],
  ['a size that is left out is the stride', '[maxpool] stride=2', 'maxpool 0 0,1 0,1 5x6'],
  ['none where that is said', '[maxpool] size=3 stride=2 padding=0', 'maxpool 0 0,0 0,0 4x5'],
  ['averages of a window, too', '[local_avgpool] size=3 stride=1', 'local_avgpool 0 1,1 1,1 10x12'],
])('%s', async (_, section, expected) => {
  expect(await windowsOf(net(section))).toEqual([expected])
})

it('sizes with a dilation do not know it: told, not guessed', async () => {
  const [line] = await windowsOf(net('[convolutional] filters=8 size=3 pad=1 dilation=2'))
  expect(line).toMatch(/dilation/)
})

it('routes join, take a part, and count back', async () => {
  const text = net(
    '[convolutional] filters=8 size=3 pad=1',
    '[convolutional] filters=4 size=3 pad=1',
    '[route] layers=-1,0',
    '[convolutional] filters=2 size=1',
    '[route] layers=2 groups=2 group_id=1',
    '[convolutional] filters=2 size=1',
  )
  const shapes = spatialNodes(await readModel(bytesOf(text))).map(({ inputShape }) => inputShape?.[1])
  expect(shapes).toEqual([3, 8, 12, 6])
})

it('a shortcut from other channels and sizes has what flows in, one of the same is a sum', async () => {
  const resnet = (stride: number, filters: number): string =>
    net(
      '[convolutional] filters=8 size=3 pad=1',
      `[convolutional] filters=${filters} size=3 stride=${stride} pad=1`,
      '[shortcut] from=-2',
      '[convolutional] filters=8 size=3 pad=1',
    )
  const ops = async (text: string): Promise<(string | undefined)[]> =>
    (await readModel(bytesOf(text))).graph.nodes.map(({ opType }) => opType)
  expect((await windowsOf(resnet(2, 16))).at(-1)).toBe('convolutional 3 1,1 1,1 5x6')
  expect(await ops(resnet(2, 16))).not.toContain('Add')
  expect((await windowsOf(resnet(1, 8))).at(-1)).toBe('convolutional 3 1,1 1,1 10x12')
  expect(await ops(resnet(1, 8))).toContain('Add')
})

it('crops and fully connected layers are no errors', async () => {
  const text = net('[crop] crop_height=8 crop_width=8', '[convolutional] filters=8 size=3', '[connected] output=10')
  expect(await windowsOf(text)).toEqual(['convolutional 1 0,0 0,0 6x6'])
  const { findings } = await audit(bytesOf(text))
  // Where a picture is cut is not known, which a note says.
  expect(findings.map(({ rule }) => rule)).toEqual(['unknown-operators'])
})

it.each([
  [
    'a layer that comes later',
    net('[route] layers=3'),
    /^darknet: layer 0 must take the value of a layer before it, got 3/,
  ],
  [
    'before the first one',
    net('[shortcut] from=-9'),
    /^darknet: layer 0 must take the value of a layer before it, got -9/,
  ],
])('%s is refused', async (_, text, expected) => {
  await expect(windowsOf(text)).rejects.toThrow(expected)
})
