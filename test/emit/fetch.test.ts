import { expect, it } from 'vitest'
import { fetchLines } from '../../src/emit/fetch.ts'
import { emitRun } from '../../src/emit/program.ts'
import { createMemory, instantiate } from '../../src/wasm/engine.ts'

const PAGE = 65536

it('fetches up to the last whole line of what is told, and nothing behind it', () => {
  const memory = createMemory(1)
  for (const bytes of [4, 60, 64, 68, 448, 500, 512, 516, 572, 576, 1024, 8224, 8640]) {
    const code = emitRun(['from'], (code) => fetchLines(code, code.parameters[0], bytes))
    const { run } = instantiate(code, memory)
    run(PAGE - bytes) // a load behind the end of memory would fail
    if (bytes >= 64) expect(() => run(PAGE - (Math.floor(bytes / 64) - 1) * 64), `${bytes}`).toThrow(/bounds/)
  }
})
