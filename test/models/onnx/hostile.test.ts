import { describe, expect, it } from 'vitest'
import { bytesField, integerField, join, textField } from '../../../src/models/onnx/encode.ts'
import { cpuTime } from '../../cpu-time.ts'
import { type ByteSource, readModel, SamepadError, spatialNodes } from './all.ts'
import { firstNodes, mutations, pickBy, randomOf, targetOf } from './mutate.ts'
import { bytesOf, realNames } from './real-models.ts'

/** Mutations of each model by each way to spoil it; of whole models a thirtieth. */
const MANY = 300
const SLOWEST = 2000 // milliseconds

/** The same bytes as a file would give them. */
const fileOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (begin, end) => bytes.slice(begin, end),
  close() {},
})

/** The nodes in short, or what was wrong. */
async function outcome(source: Uint8Array | ByteSource): Promise<string> {
  try {
    return spatialNodes(await readModel(source))
      .map(({ name, axes }) => `${name} ${axes.map(({ pads, output }) => `${pads} ${output}`)}`)
      .join('\n')
  } catch (error) {
    if (error instanceof SamepadError) return error.message
    throw error
  }
}

let [count, refused] = [0, 0]

it.each(realNames)('no spoilt %s hangs or crashes its reader', async (name) => {
  const whole = bytesOf(name)
  const model = await readModel(whole)
  const short = await firstNodes(model, whole, 12)
  const targets = [
    { target: targetOf(model, whole), times: Math.floor(MANY / 30) },
    { target: targetOf(await readModel(short), short), times: MANY },
  ]
  const random = randomOf(realNames.indexOf(name) + 1)
  const pick = pickBy(random)
  const failures: string[] = []
  for (const [way, mutate] of Object.entries(mutations)) {
    for (const { target, times } of targets) {
      for (let time = 0; time < times; time++) {
        const bytes = await mutate(target, pick, random)
        const elapsed = cpuTime()
        const result = await outcome(bytes).catch((error) => `crashed: ${error.stack}`)
        const took = elapsed()
        count++
        if (/^onnx: .*, got /.test(result)) {
          refused++
          if (!/\(at byte \d+\)$/.test(result)) failures.push(`${way}: no place in ${result}`)
        }
        if (/^crashed/.test(result) || took > SLOWEST) failures.push(`${way}: ${result.slice(0, 300)} after ${took} ms`)
        // A file is skimmed before it is read. What is long and nobody looks into is not checked then.
        if (time % 10 === 0 && !/^onnx: /.test(result)) {
          const skimmed = await outcome(fileOf(bytes))
          if (skimmed !== result)
            failures.push(`${way}: skimmed ${skimmed.slice(0, 200)}, read ${result.slice(0, 200)}`)
        }
      }
    }
  }
  expect(failures.slice(0, 5)).toEqual([])
})

it('there were at least 20,000 of them, and both kinds of answers', () => {
  expect(count).toBeGreaterThanOrEqual(20_000)
  expect(refused).toBeGreaterThan(count / 10)
  expect(refused).toBeLessThan((count * 9) / 10)
})

describe('files made to hang or to fill the memory end at once', () => {
  const field = (number: number, ...parts: readonly Uint8Array[]): Uint8Array => bytesField(number, join(parts))
  const many = (count: number, make: (index: number) => Uint8Array): Uint8Array =>
    join(Array.from({ length: count }, (_, index) => make(index)))
  const made = (
    opType: string,
    inputs: readonly string[],
    output: string,
    ...attributes: readonly Uint8Array[]
  ): Uint8Array =>
    field(1, ...inputs.map((name) => textField(1, name)), textField(2, output), textField(4, opType), ...attributes)
  const conv = (input: string) => (index: number) => made('Conv', [input, 'w'], `y${index}`)
  const list = (name: string, values: readonly number[]): Uint8Array =>
    field(5, textField(1, name), ...values.map((value) => integerField(8, value)), integerField(20, 7))

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      'a million nodes of two bytes',
      () => new Uint8Array(2_200_000).map((_, at) => (at % 2 ? 0 : 10)),
      /^onnx: a model must have at most 1048576 parts, got more/,
    ],
    [
      'a long way to a Pad, many times',
      () =>
        join([
          made('Pad', ['x'], 'p0'),
          many(30_000, (index) => made('Identity', [`p${index}`], `p${index + 1}`)),
          many(5000, conv('p30000')),
        ]),
      /^Conv/,
    ],
    [
      'a Pad with many inputs, many times',
      () => join([made('Pad', new Array(30_000).fill('x'), 'p'), many(5000, conv('p'))]),
      /^Conv/,
    ],
    [
      'a circle of two',
      () => join([made('Identity', ['b'], 'a'), made('Identity', ['a'], 'b'), many(5000, conv('a'))]),
      /^Conv/,
    ],
    [
      'lists that double',
      () =>
        join([
          made('Constant', [], 'c0', list('value_ints', [1, 2])),
          many(5000, (index) =>
            made(
              'Concat',
              [`c${index}`, `c${index}`],
              `c${index + 1}`,
              field(5, textField(1, 'axis'), integerField(3, 0), integerField(20, 2)),
            ),
          ),
          conv('c5000')(0),
        ]),
      /^Conv/,
    ],
    [
      'axes without end',
      () => join([made('Unsqueeze', ['x'], 'u', list('axes', [...Array(4000).keys()])), many(5000, conv('u'))]),
      /^Conv/,
    ],
    [
      'windows of absurd steps',
      () =>
        many(5000, (index) =>
          made(
            'MaxPool',
            ['x'],
            `y${index}`,
            list('kernel_shape', [2 ** 53 - 1]),
            list('strides', [2 ** 52]),
            list('pads', [2 ** 53 - 1, 2 ** 53 - 1]),
          ),
        ),
      /^MaxPool/,
    ],
  ])('%s', async (_, graph, expected) => {
    const bytes = field(7, graph())
    const before = process.cpuUsage()
    const memory = process.memoryUsage.rss()
    expect(await outcome(bytes)).toMatch(expected)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(2 * SLOWEST) // its collector of garbage runs beside it
    expect(process.memoryUsage.rss() - memory).toBeLessThan(700e6)
  })
})
