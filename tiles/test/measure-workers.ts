// Measures how much faster two threads run the pieces of a picture than one. By hand, on a machine with two free cores:
//
//   npm run --prefix tiles build && npx tsx tiles/test/measure-workers.ts

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as entry from '../src/index.ts'
import { pixels, slowModel, writeZarr } from './fixtures.ts'

/** Rounds, in each of which one and two threads take turns; cells along each side of the picture. */
const ROUNDS = 4
const SIDE = 2000

// Threads are files of the build, so the build is what is measured.
const built = pathToFileURL(join(import.meta.dirname, '../dist/index.js')).href
const { FolderStore, runInto }: typeof entry = await import(built)

const folder = mkdtempSync(join(tmpdir(), 'samepad-workers-'))
const [model, input] = [join(folder, 'model.onnx'), join(folder, 'in.zarr')]
writeFileSync(model, slowModel(12))
await writeZarr(input, pixels(3, SIDE, SIDE), [3, SIDE, SIDE], [3, 500, 500])
const seconds: Record<1 | 2, number[]> = { 1: [], 2: [] }
for (let round = 0; round < ROUNDS; round++) {
  for (const threads of [1, 2] as const) {
    const begin = performance.now()
    const store = new FolderStore(join(folder, `out-${round}-${threads}`))
    await runInto(store, { model, input, threads, tile: [256, 256] })
    seconds[threads].push((performance.now() - begin) / 1000)
  }
}
rmSync(folder, { recursive: true })
const [one, two] = [Math.min(...seconds[1]), Math.min(...seconds[2])]
const text = (list: readonly number[]): string => list.map((value) => value.toFixed(2)).join(', ')
console.log(
  `one thread: ${text(seconds[1])} s; two: ${text(seconds[2])} s; least over least: ${(one / two).toFixed(2)}`,
)
