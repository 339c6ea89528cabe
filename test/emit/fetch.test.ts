import { expect, it } from 'vitest'
import { fetchLines } from '../../src/emit/fetch.ts'
import { emitRun } from '../../src/emit/program.ts'
import { FETCHED } from '../../src/plan/dense.ts'
import { createMemory, instantiate } from '../../src/wasm/engine.ts'

const PAGE = 65536

it('fetches every line of what is told, and nothing behind it', () => {
  const memory = createMemory(1)
  for (const count of [0, 1, 2, 3, 16, 17]) {
    const { run } = instantiate(
      emitRun(['from'], (code) => fetchLines(code, code.parameters[0], count)),
      memory,
    )
    run(PAGE - count * FETCHED) // a load behind the end of memory would fail
    if (count > 0) expect(() => run(PAGE - count * FETCHED + 64), `${count}`).toThrow(/bounds/)
  }
})
