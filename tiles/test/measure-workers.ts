// Measures how much faster two threads run the pieces of a picture than one, and how much faster two processes that share nothing
// run the network: that is the most there can be. By hand, on a machine with two free cores; the side of the picture may follow:
//
//   npm run --prefix tiles build && npx tsx tiles/test/measure-workers.ts 2000

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as entry from '../src/index.ts'
import { pixels, slowModel, writeZarr } from './fixtures.ts'

/** Rounds, in each of which one and two threads take turns; cells along each side of the picture. */
const ROUNDS = 3
const SIDE = Number(process.argv[2] ?? 2000)
const TILE = 256

// Threads are files of the build, so the build is what is measured.
const built = pathToFileURL(join(import.meta.dirname, '../dist/index.js')).href
const { FolderStore, runInto }: typeof entry = await import(built)

const folder = mkdtempSync(join(tmpdir(), 'samepad-workers-'))
const [model, input] = [join(folder, 'model.onnx'), join(folder, 'in.zarr')]
writeFileSync(model, slowModel(12))
await writeZarr(input, pixels(3, SIDE, SIDE), [3, SIDE, SIDE], [3, 500, 500])
/** Runs the network so often on a piece, in a process of its own, from its start to its end. */
const alone = `
const { loadNetwork } = await import('samepad/graph')
const [model, side, count] = process.argv.slice(1)
const network = await loadNetwork(model)
const shape = [1, 3, Number(side), Number(side)]
const data = new Float32Array(3 * side * side).fill(1)
for (let piece = 0; piece < count; piece++) network.run({ x: { data, shape } })
`
async function processes(count: number, pieces: number): Promise<void> {
  const args = ['--input-type=module', '-e', alone, model, `${TILE}`, `${Math.ceil(pieces / count)}`]
  const options = { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' } as const
  const ended = Array.from({ length: count }, () => once(spawn(process.execPath, args, options), 'exit'))
  for (const [code] of await Promise.all(ended))
    if (code !== 0) throw new Error(`a process must end with 0, got ${code}`)
}

const seconds: Record<string, number[]> = { 'threads 1': [], 'threads 2': [], 'processes 1': [], 'processes 2': [] }
async function timed(name: string, action: () => Promise<unknown>): Promise<void> {
  const begin = performance.now()
  await action()
  seconds[name].push((performance.now() - begin) / 1000)
}

for (let round = 0; round < ROUNDS; round++) {
  for (const count of [1, 2]) {
    const store = new FolderStore(join(folder, `out-${round}-${count}`))
    let pieces = 0
    await timed(`threads ${count}`, async () => {
      pieces = (await runInto(store, { model, input, threads: count, tile: [TILE, TILE] })).all
    })
    await timed(`processes ${count}`, () => processes(count, pieces))
  }
}
rmSync(folder, { recursive: true })
for (const kind of ['threads', 'processes']) {
  const [one, two] = [1, 2].map((count) => seconds[`${kind} ${count}`])
  const text = [one, two].map((list) => list.map((value) => value.toFixed(2)).join(', ')).join(' s; two: ')
  console.log(`one of ${kind}: ${text} s; least over least: ${(Math.min(...one) / Math.min(...two)).toFixed(2)}`)
}
