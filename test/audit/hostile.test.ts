import { expect, it } from 'vitest'
import { cpuTime } from '../cpu-time.ts'
import { audit, fix, readModel, SamepadError } from '../models/onnx/all.ts'
import { firstNodes, mutations, pickBy, randomOf, targetOf } from '../models/onnx/mutate.ts'
import { bytesOf, realNames } from '../models/onnx/real-models.ts'
import { chain } from './networks.ts'

const SLOWEST = 2000 // milliseconds

/** What an audit, and a rewrite of everything, take and say; an error of samepad is an answer. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const { findings } = await audit(bytes)
    await fix(bytes, { to: 'tf-same' })
    return `${findings.length}`
  } catch (error) {
    if (error instanceof SamepadError) return error.message
    throw error
  }
}

it.each(realNames)('no spoilt %s hangs or crashes its audit', async (name) => {
  const whole = bytesOf(name)
  const short = await firstNodes(await readModel(whole), whole, 12)
  const target = targetOf(await readModel(short), short)
  const random = randomOf(realNames.indexOf(name) + 100)
  const pick = pickBy(random)
  const failures: string[] = []
  for (const [way, mutate] of Object.entries(mutations)) {
    for (let time = 0; time < 6; time++) {
      const bytes = await mutate(target, pick, random)
      const elapsed = cpuTime()
      const result = await outcome(bytes).catch((error) => `crashed: ${error.stack}`)
      const took = elapsed()
      if (/^crashed/.test(result) || took > SLOWEST) failures.push(`${way}: ${result.slice(0, 600)} after ${took} ms`)
    }
  }
  expect(failures.slice(0, 3)).toEqual([])
})

const pads = (cells: number): number[] => [cells, cells, cells, cells]

it.each<[string, object, (readonly (number | string)[])?]>([
  ['a kernel of a billion taps', { kernel_shape: [2 ** 30, 2 ** 30] }],
  ['a large kernel that moves by one cell', { kernel_shape: [5000, 5000] }],
  ['a large kernel on an open size', { kernel_shape: [900, 900], pads: pads(449) }, ['n', 2, 'height', 'width']],
  ['a stride of a billion', { kernel_shape: [3, 3], strides: [2 ** 30, 2 ** 30], pads: pads(1) }],
  ['strides that are large primes', { kernel_shape: [7, 7], strides: [4093, 4091], pads: pads(3) }, ['n', 2, 'h', 'w']],
  ['a dilation of a billion', { kernel_shape: [3, 3], dilations: [2 ** 30, 2 ** 30], pads: pads(2 ** 30) }],
  [
    'pads that crop a million cells',
    { kernel_shape: [3, 3], strides: [2, 2], pads: [-1e6, -1e6, 0, 0] },
    [1, 2, 2 ** 21, 2 ** 21],
  ],
  ['pads of a quadrillion', { kernel_shape: [3, 3], pads: pads(2 ** 50) }],
  [
    'an input of a quadrillion cells',
    { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] },
    [1, 2, 2 ** 50, 2 ** 50],
  ],
  [
    'an input of a billion cells',
    { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_LOWER' },
    [1, 2, 2 ** 30, 2 ** 30],
  ],
])('%s is audited, and rewritten, in a moment', async (_, attributes, input) => {
  for (const opType of ['MaxPool', 'AveragePool']) {
    const bytes = chain(new Array(3).fill([opType, attributes]), input ? { input } : {})
    const elapsed = cpuTime()
    expect(await outcome(bytes)).toMatch(/^\d+$/)
    for (const to of ['explicit', 'auto-pad', 'symmetric'] as const) await fix(bytes, { to })
    expect(elapsed()).toBeLessThan(SLOWEST)
  }
})
