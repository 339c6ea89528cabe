import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { accelerate } from '../../src/tfjs.ts'
import { bundledLibrary, type Untyped } from './tfjs-accelerated.ts'

const ops = join(import.meta.dirname, '../../bench/node_modules/@tensorflow/tfjs-core/dist/ops')
const jasmine = join(import.meta.dirname, 'tfjs-jasmine.ts')

/** The library's own tests of convolutions and pools, as its package ships them. */
function ownTests(): string[] {
  const named = (folder: string): string[] =>
    readdirSync(join(ops, folder)).filter((name) => /(conv|pool).*_test\.js$/.test(name) && !/conv_util/.test(name))
  return [...named('.'), ...named('fused').map((name) => `fused/${name}`)]
}

/** Runs all tests: what each failed by, if it did. */
async function outcomes(tf: Untyped): Promise<Map<string, string | undefined>> {
  const found = new Map<string, string | undefined>()
  for (const { name, body, before } of tf.declared) {
    tf.engine().startScope()
    try {
      for (const prepare of before) await prepare()
      await body()
      found.set(name, undefined)
    } catch (error) {
      found.set(name, String(error))
    } finally {
      tf.engine().endScope()
    }
  }
  return found
}

/** Tests that pass with the library's kernels only, and why. */
const others: Readonly<Record<string, string>> = {
  'avgPool: gradient x=[3,3,1] f=[3,3] s=1 p=explicit':
    'asks for windows over padding to be divided by all taps, which the forward pass does not do',
  'depthwiseConv2d gradients: throws error on dilations > 1': 'there is that gradient now',
  'maxPool: [x=[3,3,1] f=[2,2] s=1 ignores NaNs': 'NaN wins over everything',
  'maxPool3d: x=[1,3,3,3,1] f=[2,2,2] s=1 p=valid, ignores NaNs': 'NaN wins over everything',
}

/** Tests that pass with samepad's kernels, and do not with the library's own, at least. */
const gained: Readonly<Record<string, number>> = { wasm: 44, cpu: 0 }

describe("the library's own tests of convolutions and pools", async () => {
  const imports = ownTests().map((name) => `import '@tensorflow/tfjs-core/dist/ops/${name}'`)
  const plugin = {
    name: 'jasmine',
    setup(build: Untyped) {
      build.onResolve({ filter: /jasmine_util$/ }, () => ({ path: jasmine }))
    },
  }
  const exported = `${imports.join('\n')}\nexport { declared } from '${jasmine}'`
  const tf = await bundledLibrary(exported, { inject: [jasmine], plugins: [plugin], ignoreAnnotations: true })

  it.each(['wasm', 'cpu'])('on the backend %s all pass that pass with its kernels', async (backend) => {
    await tf.setBackend(backend)
    const theirs = await outcomes(tf)
    const acceleration = accelerate(tf)
    const ours = await outcomes(tf)
    acceleration.stop()
    expect(ours.size).toBeGreaterThan(300)
    const passed = (outcome: Map<string, string | undefined>): string[] =>
      [...outcome].filter(([, failure]) => failure === undefined).map(([name]) => name)
    const [before, after] = [passed(theirs), passed(ours)]
    expect(before.filter((name) => !after.includes(name)).sort()).toEqual(Object.keys(others).sort())
    expect(after.filter((name) => !before.includes(name)).length).toBeGreaterThanOrEqual(gained[backend])
  })
})
