import { beforeAll, describe, expect, it } from 'vitest'
import { conv, lastEngine } from '../../src/index.ts'
import { failCompiling } from './scarcity.ts'
import { repeating } from './tensors.ts'

const { process } = globalThis as { process?: { versions?: { node?: string }; execPath: string } }

/** What `bare-layers.ts` wrote down. */
interface Answer {
  readonly engines: readonly string[]
  readonly values: readonly number[][]
  readonly again: readonly number[][]
  readonly tensors: readonly unknown[]
  readonly use: boolean
}

it('an engine that compiles no more leaves operations to the reference', () => {
  const [x, w] = [repeating([1, 16, 33, 20], 9), repeating([51, 16, 1, 1], 5)]
  const restore = failCompiling()
  const first = conv(x, w)
  expect(lastEngine()).toBe('reference')
  restore()
  expect(conv(x, w)).toEqual(first)
  expect(lastEngine()).toBe('program')
})

// Chromium's own test looks at pages without WebAssembly, and at those whose policy forbids it.
if (process?.versions?.node) {
  const { execPath } = process
  let script = ''

  beforeAll(async () => {
    const { build } = await import('esbuild')
    const { outputFiles } = await build({
      entryPoints: [`${import.meta.dirname}/bare-layers.ts`],
      ...{ bundle: true, format: 'esm', platform: 'node', write: false },
    })
    script = outputFiles[0].text
  })

  const run = async (before = '', ...flags: string[]): Promise<Answer> => {
    const { spawnSync } = await import('node:child_process')
    // Imports run before everything else in a module, but the library in the script is no import.
    const { stdout, stderr } = spawnSync(execPath, [...flags, '--input-type=module'], {
      input: `${before}\n${script}`,
      encoding: 'utf8',
    })
    if (!stdout) throw new Error(stderr)
    return JSON.parse(stdout)
  }

  describe('without WebAssembly, or without a part of it', () => {
    let whole: Answer

    beforeAll(async () => {
      whole = await run()
    })

    it('whole, everything is a program', () => {
      expect(whole.engines).toEqual(['program'])
      expect(whole.again).toEqual(whole.values.slice(0, 4))
      expect(whole.again).toEqual(whole.values.slice(4))
      expect(whole.tensors[1]).toEqual(whole.again.map((data) => data.reduce((sum, value) => sum + value, 0)))
      expect(new Set(whole.values[0]).size).toBeGreaterThan(5) // all alike would be equal too
    })

    const missing = 'SamepadError: programTensor: the tensor must fit into program memory, got 15840 elements'

    it.each([
      ['switched off', '', ['--jitless']],
      ['deleted', 'delete globalThis.WebAssembly', []],
      ['without room for any memory', 'WebAssembly.Memory = class { constructor() { throw new RangeError() } }', []],
    ])('%s: the same results from the reference, and no tensors in program memory', async (_, before, flags) => {
      const answer = await run(before, ...flags)
      expect(answer).toEqual({ ...whole, engines: ['reference'], tensors: [missing, missing], use: false })
    })

    it.each([
      ['whose modules a policy forbids', 'WebAssembly.Module = class { constructor() { throw new Error() } }'],
      [
        'without SIMD',
        `WebAssembly.Module = class extends WebAssembly.Module {
        constructor(bytes) { if (bytes.includes(0xfd)) throw new WebAssembly.CompileError(); super(bytes) }
      }`,
      ],
    ])('%s: the same results from the reference, also on tensors in program memory', async (_, before) => {
      expect(await run(before)).toEqual({ ...whole, engines: ['reference'] })
    })
  })
}
