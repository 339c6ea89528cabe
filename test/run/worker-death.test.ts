import { setTimeout as later } from 'node:timers/promises'
import type { Worker as NodeWorker } from 'node:worker_threads'
import { afterEach, expect, it } from 'vitest'
import { prepareConv, programTensor, SamepadError, setThreads, threadsUsed } from '../../src/index.ts'
import type { Block } from '../../src/run/memory/heap.ts'
import { free, take } from '../../src/run/memory/memory.ts'
import { patience } from '../../src/run/threads/worker-pool.ts'
import { places } from '../../src/run/threads/worker-text.ts'
import { repeating } from './tensors.ts'

// What threads do when workers die. Only Node lets a test at them.

const module = process.getBuiltinModule('node:worker_threads') as { Worker: typeof NodeWorker }
const own = { Worker: module.Worker, ...patience }
const started: NodeWorker[] = []

/** Starts workers that do what a text says, their own by default, and are known here. */
function startWith(text?: string): void {
  module.Worker = class extends own.Worker {
    constructor(given: string | URL, options?: object) {
      super(text ?? given, options)
      started.push(this)
    }
  }
}

afterEach(() => {
  setThreads(1)
  module.Worker = own.Worker
  Object.assign(patience, { least: own.least, times: own.times })
  started.length = 0
})

const layer = prepareConv(repeating([32, 24, 3, 3], 11), { padding: 'same', strides: [2, 1] })
const x = repeating([1, 24, 41, 39], 13)
const expected = layer.run(x).data
const same = (data: Float32Array): boolean => data.every((value, index) => value === expected[index])

async function untilShared(): Promise<void> {
  for (let round = 0; round < 20_000; round++) {
    expect(same(layer.run(x).data)).toBe(true)
    if (threadsUsed() > 1) return
    await later(1)
  }
  throw new Error('no worker took part')
}

/** Takes a part and dies, as soon as there is one. */
const dying = `
  require('node:worker_threads').parentPort.on('message', ({ control, thread }) => {
    Atomics.or(control, ${places.ready}, 1 << thread)
    for (;;) {
      const all = Atomics.load(control, ${places.left})
      const bit = all & -all
      if (all !== 0 && Atomics.compareExchange(control, ${places.left}, all, all & ~bit) === all) process.exit(1)
    }
  })
`

it('a part that is never finished is an error too where nobody waits for it, and the next run works', async () => {
  Object.assign(patience, { least: 200, times: 0 })
  startWith(dying)
  setThreads(2)
  let failed = 0
  for (let round = 0; round < 200 && failed === 0; round++) {
    await layer.runAsync(x).then(
      ({ data }) => expect(same(data)).toBe(true), // no worker came for it
      (error) => {
        expect(error).toBeInstanceOf(SamepadError)
        expect(String(error)).toContain('threads: workers must finish the parts that they took')
        failed++
      },
    )
  }
  expect(failed).toBe(1)
  startWith()
  await untilShared()
  expect(same((await layer.runAsync(x)).data)).toBe(true)
})

it('a part that is never finished is an error, and the next run works', async () => {
  startWith(dying)
  Object.assign(patience, { least: 300, times: 1 })
  setThreads(2)
  let fault: unknown
  for (let round = 0; round < 20_000 && !fault; round++) {
    await later(1)
    try {
      layer.run(x)
    } catch (error) {
      fault = error
    }
  }
  expect(fault).toBeInstanceOf(SamepadError)
  expect(String(fault)).toMatch(/threads: workers must finish the parts that they took, got 1 missing after \d+ ms/)
  const place = (): number => {
    const block = take(4 * x.data.length) as Block
    free(block)
    return block.address
  }
  const beside = place()
  startWith()
  Object.assign(patience, own)
  expect(same(layer.run(x).data)).toBe(true)
  await untilShared()
  for (let round = 0; round < 1000 && place() >= beside; round++) await later(10)
  expect(place()).toBeLessThan(beside) // what the dead one might have written into is free again
})

it('workers that are ended while they sleep are replaced', async () => {
  startWith()
  setThreads(3)
  for (let round = 0; round < 2; round++) {
    await untilShared()
    for (const worker of started.splice(0)) await worker.terminate()
    expect(same(layer.run(x).data)).toBe(true)
    expect(started.length).toBe(2)
  }
})

it('workers that are ended at any moment spoil no result', async () => {
  startWith()
  Object.assign(patience, { least: 50, times: 1 })
  setThreads(3)
  let state = 1
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) % below
  }
  const kept = programTensor([1000], new Float32Array(1000).fill(7))
  let faults = 0
  for (let round = 0; round < 60; round++) {
    if (started.length > 0 && random(2) === 0) started[random(started.length)].terminate()
    for (let run = random(20); run >= 0; run--) {
      try {
        expect(same(layer.run(x).data)).toBe(true)
      } catch (error) {
        if (!(error instanceof SamepadError)) throw error
        faults++
      }
    }
    await later(random(8))
  }
  Object.assign(patience, own)
  expect(faults).toBeLessThan(60)
  expect(same(layer.run(x).data)).toBe(true)
  expect(kept.data.every((value) => value === 7)).toBe(true)
})

it('where no worker may be started there is one thread', () => {
  module.Worker = class {
    constructor() {
      throw new Error('not allowed')
    }
  } as never
  expect(setThreads(4)).toBe(1)
  expect(same(layer.run(x).data)).toBe(true)
  expect(threadsUsed()).toBe(1)
})

it('workers that end before they begin are not started again and again', async () => {
  startWith('process.exit(1)')
  setThreads(2)
  for (let round = 0; round < 100; round++) {
    expect(same(layer.run(x).data)).toBe(true)
    expect(threadsUsed()).toBe(1)
    await later(1)
  }
  expect(started.length).toBe(1)
})
