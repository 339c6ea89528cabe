import { expect, it } from 'vitest'
import { type ByteSource, readModel, SamepadError, spatialNodes } from './all.ts'
import { firstNodes, mutations, randomOf, targetOf } from './mutate.ts'
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
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]
  const failures: string[] = []
  for (const [way, mutate] of Object.entries(mutations)) {
    for (const { target, times } of targets) {
      for (let time = 0; time < times; time++) {
        const bytes = await mutate(target, pick, random)
        const begin = performance.now()
        const result = await outcome(bytes).catch((error) => `crashed: ${error.stack}`)
        const took = performance.now() - begin
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
