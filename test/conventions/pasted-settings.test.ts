import { describe, expect, it } from 'vitest'
import { fieldsOf, readRule, settingOf } from '../../explorer/layer/state.ts'
import { formatSetting, parseChains, parseSetting, parseSettings, type Setting } from '../../src/geometry.ts'
import { typedWords } from '../cli/typed.ts'
import { pasted } from './pasted-settings.ts'
import { wrong } from './wrong-settings.ts'

const all = Object.values(pasted).flat()

/** The settings of the data, one for each axis. */
function expectedOf(told: string): string[] {
  const [, count, setting] = /^(\d) x (.*)$/.exec(told) ?? []
  return setting ? new Array(Number(count)).fill(setting) : told.split(' | ')
}

it('there are 200 of them, at least eight of every framework, and 100 wrong ones', () => {
  expect(all.length).toBeGreaterThanOrEqual(200)
  expect(new Set(all.map(([text]) => text)).size).toBe(all.length)
  const few = Object.entries(pasted).filter(([, list]) => list.length < 8)
  expect(few).toEqual([])
  expect(Object.keys(pasted)).toEqual([
    ...['PyTorch', 'Keras', 'TensorFlow', 'ONNX', 'JAX', 'Flax', 'TensorFlow.js', 'WebNN', 'Burn', 'MLX', 'candle'],
    'words',
  ])
  expect(wrong.length).toBeGreaterThanOrEqual(100)
})

describe.each(Object.entries(pasted))('settings of %s', (_, list) => {
  it.each(list)('%s', async (text, told) => {
    const expected = expectedOf(told)
    const settings = parseSettings(text)
    expect(settings.map(formatSetting)).toEqual(expected)
    if (new Set(expected).size === 1) expect(formatSetting(parseSetting(text))).toBe(expected[0])
    else expect(() => parseSetting(text)).toThrow('setting: all axes must have the same sizes here')
    expect(parseChains(text)).toMatchObject([[{ settings }]])

    const { stdout } = await typedWords(['explain', text, '--input', '40', '--json'])
    const { axes, setting } = JSON.parse(stdout)
    const answered: Setting[] = axes ? axes.map((axis: { setting: Setting }) => axis.setting) : [setting]
    expect(answered.map(formatSetting)).toEqual(axes ? expected : [expected[0]])
  })
})

it.each(all)('the page takes %s', (text, told) => {
  const fields = fieldsOf(text, { kernel: 3 }, (rule) => [readRule(rule)])
  const { op, rules, ...sizes } = fields!
  const two = [
    { kernel: sizes.kernel!, stride: sizes.stride!, dilation: sizes.dilation! },
    { kernel: sizes.kernel2!, stride: sizes.stride2!, dilation: sizes.dilation2! },
  ]
  const [first = '', second = first] = expectedOf(told)
  expect(two.map((size, axis) => formatSetting(settingOf(rules![0], op!, size, axis)))).toEqual([first, second])
})

it.each(wrong.map(([text, fault, right]) => ({ text, fault, right })))('$text is refused: $fault', async (one) => {
  const { text, fault, right } = one
  const message = (read: () => unknown): string => {
    try {
      read()
    } catch (error) {
      return (error as Error).message
    }
    return 'taken'
  }
  const told = message(() => parseSettings(text))
  expect(told).toMatch(/^setting: [^\n]*$/)
  expect(told).toContain(fault)
  if (right !== undefined) expect(told).toContain(right)
  expect(told).not.toMatch(/undefined|NaN|parse[A-Z]| {2}/)

  // The command line wraps the same text; the page has it beside the field, unless the field of a size is missing only.
  if (text === '') return
  const { stderr, exitCode } = await typedWords(['explain', text, '--input', '40'])
  expect(exitCode).toBe(2)
  const printed = stderr.replaceAll(/\s+/g, ' ')
  expect(printed).toContain(told.replaceAll(/\s+/g, ' '))
  if (!/must name a kernel|must stand behind it/.test(told)) expect(message(() => readRule(text))).toContain(fault)
})

it('words that objects inherit are words like others', () => {
  for (const word of ['constructor', '__proto__', 'toString']) {
    const texts = [
      ...[
        word,
        `tf ${word}`,
        `tf k3 ${word}=1`,
        `nn.Conv2d(3, 4, 5, ${word}=1)`,
        `nn.Conv2d(3, 4, 5, padding=${word})`,
      ],
      ...[`tf.conv3d(x, w, 1, '${word}') k3`, `${word}(3)`, `${word}.Conv2d(3)`, `tf.layers.conv2d({ ${word}: 1 })`],
    ]
    for (const text of texts) expect(() => parseSettings(text), text).toThrow(/^setting: /)
  }
})

it('takes time in proportion to the length', () => {
  const many = (count: number): string => `nn.Conv2d(${new Array(count).fill('(1, [2, 3])').join(', ')})`
  for (const text of [many(900), '('.repeat(10_000), "'".repeat(10_001), 'k3 '.repeat(6000), 'a=['.repeat(5000)]) {
    const start = process.cpuUsage()
    expect(() => parseSettings(text)).toThrow('setting: ')
    const { user } = process.cpuUsage(start)
    expect(user / 1e6).toBeLessThan(1)
  }
  expect(() => parseSettings('k3 '.repeat(10_000))).toThrow('setting: a text must have at most 20000 characters')
})
