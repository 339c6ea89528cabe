import { expect, it } from 'vitest'
import { runRows } from '../../src/graph/lower/operators/index.ts'
import { operatorOf } from '../../src/operators/index.ts'

it('every row that runs is a row of the operators, once', () => {
  const names = runRows.map(({ name }) => name)
  expect(names.filter((name) => !operatorOf({ domain: '', opType: name }))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
})
