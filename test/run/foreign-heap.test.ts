import { describe, expect, it } from 'vitest'
import { resolve } from '../../src/geometry/index.ts'
import { conv as reference } from '../../src/reference/conv.ts'
import type { Filter, Problem } from '../../src/reference/problem.ts'
import { ForeignHeap } from '../../src/run/memory/foreign-heap.ts'
import { currentHeap, free, take, Values, within } from '../../src/run/memory/memory.ts'
import { compute } from '../../src/run/programs/compute.ts'
import { threadsUsed } from '../../src/run/programs/engine.ts'
import { Holdings } from '../../src/run/programs/holdings.ts'
import { memoryUse } from '../../src/run/programs/programs.ts'
import { Schedule } from '../../src/run/programs/schedule.ts'
import { planFilter } from '../../src/run/programs/strategies.ts'
import { startThreadsIn } from '../../src/run/threads/lent-threads.ts'
import { canShare } from '../../src/run/threads/worker-pool.ts'
import { createMemory, probeFeatures } from '../../src/wasm/engine.ts'

const PAGE = 65536
const FIRST = PAGE - 22_500
const problem: Problem = {
  geometry: resolve({ input: [19, 17], kernel: [3, 2], strides: [2, 1], padding: 'same' }),
  ...{ batch: 2, inChannels: 5, outChannels: 7, groups: 1, layout: 'nhwc' },
}
const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => ((index * 7 + seed) % 9) - 4)
const filter: Filter = {
  weights: numbers(3 * 2 * 5 * 7, 1),
  ...{ steps: { group: 7, in: 7, out: 1, tap: 35 }, bias: numbers(7, 2) },
}
const input = numbers(2 * 19 * 17 * 5, 3)
const wanted = new Float32Array(2 * 10 * 17 * 7)
reference(problem, input, filter, wanted)

/** A lender that hands out what comes next, grows by a page at a time, and notes what comes back. */
function lender(memory: ReturnType<typeof createMemory>, most: number) {
  // Not aligned to a vector, and so that both tensors just fit into the first page.
  let [next, given] = [FIRST, 0]
  return {
    memory,
    allocate(bytes: number): number {
      if (next + bytes > most) return 0
      while (next + bytes > memory.buffer.byteLength) memory.grow(1)
      next += bytes + 4
      given++
      return next - bytes - 4
    },
    free(): void {
      given--
    },
    given: (): number => given,
  }
}

describe.each([
  { kind: 'of one thread', options: undefined },
  { kind: 'that threads share', options: { maximum: 100, shared: true } },
])('a memory $kind that somebody lends', ({ options }) => {
  const run = (most: number): { output: Float32Array; engine: string; given: number; used: number } => {
    const lends = lender(createMemory(1, options), most)
    const heap = new ForeignHeap(lends)
    const addresses = [input.length, wanted.length].map((length) => lends.allocate(length * 4))
    const at = (index: number, length: number): Float32Array =>
      heap.floats().subarray(addresses[index] / 4, addresses[index] / 4 + length)
    at(0, input.length).set(input)
    const operation = { plan: planFilter, reference }
    const own = memoryUse()
    const engine = within(heap, () => {
      const holdings = new Holdings(filter)
      const [from, to] = [new Values(at(0, input.length)), new Values(at(1, wanted.length))]
      try {
        const schedule = new Schedule(problem, { operation, deterministic: true, threads: 1 })
        return compute({ operation, filter }, problem, schedule, holdings, from, to)
      } finally {
        holdings.release()
      }
    })
    if (engine === 'program') expect(lends.memory.buffer.byteLength).toBeGreaterThan(PAGE)
    expect({ ...memoryUse(), code: 0 }).toEqual({ ...own, code: 0 }) // nothing was copied into samepad's own
    expect(currentHeap()).not.toBe(heap)
    return { output: at(1, wanted.length).slice(), engine, given: lends.given(), used: heap.used }
  }

  it('has programs compute where its tensors lie, also while it grows, and is given back all it lent', () => {
    const { output, engine, given, used } = run(100 * PAGE)
    expect(output).toEqual(wanted)
    expect(engine).toBe(probeFeatures().simd ? 'program' : 'reference')
    expect([given, used]).toEqual([2, 0])
  })

  it('leaves it to the definition where it lends no more', () => {
    const { output, engine, given } = run(FIRST + (input.length + wanted.length) * 4 + 20)
    expect(output).toEqual(wanted)
    expect([engine, given]).toEqual(['reference', 2])
  })
})

it('what was lent is freed where it came from, whatever heap is in use', () => {
  const lends = lender(createMemory(1), PAGE)
  const heap = new ForeignHeap(lends)
  const block = within(heap, () => take(100))
  expect([lends.given(), heap.used]).toEqual([1, 100])
  expect((block?.address ?? 1) % 64).toBe(0)
  if (block) free(block)
  if (block) free(block) // once is enough
  expect([lends.given(), heap.used]).toEqual([0, 0])
})

it('another heap is in use for as long as something runs, also if that fails', () => {
  const before = currentHeap()
  const heap = new ForeignHeap(lender(createMemory(1), 2 * PAGE))
  expect(() =>
    within(heap, () => {
      expect(currentHeap()).toBe(heap)
      throw new Error('meanwhile')
    }),
  ).toThrow('meanwhile')
  expect(currentHeap()).toBe(before)
})

describe('threads in a memory that somebody lends', () => {
  const large: Problem = { ...problem, geometry: resolve({ input: [61, 47], kernel: [3, 2], padding: 'same' }) }
  const [cells, outputs] = [numbers(2 * 61 * 47 * 5, 3), 2 * 61 * 47 * 7]
  const memory = createMemory(20, { maximum: 100, shared: true })
  const lends = lender(memory, 100 * PAGE)
  const heap = new ForeignHeap(lends)
  const [from, to] = [cells.length, outputs].map((length) => lends.allocate(length * 4 + 4) + 4)
  heap.floats().set(cells, (from - (from % 4)) / 4)

  /** Runs the layer some times; the threads that took part in the last. */
  const run = (runs: number): number =>
    within(heap, () => {
      const holdings = new Holdings(filter)
      const schedule = new Schedule(large, { operation: { plan: planFilter, reference }, deterministic: true })
      const tensors = [Values.at(from - (from % 4), cells.length), Values.at(to - (to % 4), outputs)] as const
      for (let count = 0; count < runs; count++) {
        compute({ operation: { plan: planFilter, reference }, filter }, large, schedule, holdings, ...tensors)
      }
      holdings.release()
      return threadsUsed()
    })
  const result = (): Float32Array => heap.floats().slice((to - (to % 4)) / 4, (to - (to % 4)) / 4 + outputs)

  it.runIf(probeFeatures().simd && canShare())('compute what one does, and give all back', async () => {
    expect(run(1)).toBe(1)
    const alone = result()
    const own = memoryUse().bytes
    const end = startThreadsIn(heap, 2)
    await expect.poll(() => run(20), { timeout: 20_000 }).toBe(2)
    expect(result()).toEqual(alone)
    expect(heap.used).toBeGreaterThan(0) // code
    end?.()
    expect(run(1)).toBe(1)
    expect([heap.used, memoryUse().bytes]).toEqual([0, own])
  })

  it('are not started where memory is not shared, nor for one', () => {
    expect(startThreadsIn(new ForeignHeap(lender(createMemory(1), PAGE)), 2)).toBeUndefined()
    expect(startThreadsIn(heap, 1)).toBeUndefined()
  })
})
