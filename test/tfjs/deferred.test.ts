import { expect, it } from 'vitest'
import { type DataRecord, DeferredOutputs } from '../../src/tfjs/deferred.ts'
import type { LibraryTensor } from '../../src/tfjs/library.ts'

/** A backend's records, and what is computed and disposed of, in order. */
function records() {
  const map = new Map<object, DataRecord>()
  const done: string[] = []
  const names = new Map<object, string>()
  let last = 0
  const data = (name: string): LibraryTensor => {
    const dataId = {}
    last++
    map.set(dataId, { id: last, memoryOffset: 100 * last, refCount: 1 })
    names.set(dataId, name)
    return { dataId, shape: [1], dtype: 'float32' }
  }
  const deferred = new DeferredOutputs(map as never, (dataId) => {
    done.push(`dispose ${names.get(dataId)}`)
    map.delete(dataId)
  })
  const run = (name: string, of: readonly LibraryTensor[]) => (): LibraryTensor => {
    for (const { dataId } of of) expect(map.get(dataId)?.memoryOffset).toBeGreaterThan(0) // it is still there
    done.push(name)
    return data(name)
  }
  const defer = (name: string, of: readonly LibraryTensor[], from?: ReturnType<typeof deferred.defer>) => {
    const output = deferred.defer({
      ...{ shape: [1], of: of.map(({ dataId }) => dataId), run: run(name, of) },
      from: from && { output: from, run: run(`${name} of it`, [from]) },
    })
    names.set(output.dataId, `data of ${name}`)
    return output
  }
  return { map, done, data, deferred, defer }
}

it('what waits is computed once, when somebody asks where it lies, and has its own count then', () => {
  const { map, done, data, defer } = records()
  const output = defer('layer', [data('x')])
  output.refCount++
  expect(done).toEqual([])
  expect(output.memoryOffset).toBe(output.memoryOffset)
  expect(done).toEqual(['layer'])
  expect(map.get(output.dataId)).toMatchObject({ id: output.id, refCount: 2 })
  expect(map.size).toBe(2)
})

it('what nobody reads is never computed, and what it needs stays until then', () => {
  const { map, done, data, deferred, defer } = records()
  const x = data('x')
  const output = defer('layer', [x])
  expect(deferred.dispose(x.dataId)).toBe(true)
  expect([...map.keys()]).toContain(x.dataId)
  expect(deferred.dispose(output.dataId)).toBe(true)
  expect(done).toEqual(['dispose x'])
  expect(map.size).toBe(0)
  expect(deferred.last).toBeUndefined()
})

it('what follows is computed at once, unless what it follows is still there', () => {
  for (const isThere of [true, false]) {
    const { done, data, deferred, defer } = records()
    const x = data('x')
    const first = defer('layer', [x])
    const second = defer('sum', [x, data('y')], first)
    if (!isThere) deferred.dispose(first.dataId)
    deferred.dispose(x.dataId)
    expect(second.id).toBeGreaterThan(0)
    expect(done).toEqual(isThere ? ['layer', 'sum of it', 'dispose x'] : ['sum', 'dispose x'])
  }
})

it('what does not follow lets what waits be computed; data of others is left to the backend', () => {
  const { done, data, deferred, defer } = records()
  const [x, y] = [data('x'), data('y')]
  defer('one', [x])
  const two = defer('two', [x])
  expect(done).toEqual(['one'])
  expect(deferred.last).toBe(two)
  expect(deferred.dispose(y.dataId)).toBeUndefined()
  deferred.dispose(x.dataId)
  deferred.makeAll()
  expect(done).toEqual(['one', 'two', 'dispose x'])
})

it('an output that was disposed of while another one needs it is computed for that one', () => {
  const { map, done, data, deferred, defer } = records()
  const first = defer('layer', [data('x')])
  const second = defer('sum with itself', [first], first)
  expect(deferred.dispose(first.dataId)).toBe(true)
  expect(second.id).toBeGreaterThan(0)
  expect(done).toEqual(['layer', 'sum with itself', 'dispose data of layer'])
  expect(map.has(first.dataId)).toBe(false)
})
