import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What an application gets of the built package for a line of imports: bundled, minified, gzipped. */
async function gzipBytes(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', write: false },
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}

it('resolve alone costs an application at most 4 kB', async () => {
  const bytes = await gzipBytes("export { resolve } from 'samepad/geometry'")
  expect(bytes).toBeLessThanOrEqual(4096)
  expect(bytes).toBeGreaterThan(500) // an empty bundle would be small too
  expect(await gzipBytes("export { resolve } from 'samepad'")).toBeLessThanOrEqual(4096)
})

it('an import for its side effects is dropped: there are none', async () => {
  expect(await gzipBytes("import 'samepad'; import 'samepad/geometry'")).toBeLessThan(40)
})

it('the whole library bundles for a browser without a module of Node', async () => {
  expect(await gzipBytes("export * from 'samepad'")).toBeGreaterThan(10_000)
})

it('the operations alone cost an application at most 7 kB', async () => {
  const bytes = await gzipBytes("export { averagePool, conv, convTranspose, maxPool, pad } from 'samepad'")
  expect(bytes).toBeLessThanOrEqual(7_000)
})

it('depends on nothing', () => {
  expect(manifest.dependencies).toBeUndefined()
})
