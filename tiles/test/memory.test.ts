import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { newFolder, readJson, slowModel, start } from './fixtures.ts'

// A picture that is far larger than the memory. Chunks that a Zarr does not have are zeros, so it takes no disk.
//
//   SAMEPAD_CELLS=40000 SAMEPAD_MEMORY=1GB npx vitest run test/memory.test.ts

const CELLS = Number(process.env.SAMEPAD_CELLS ?? 10000)
const MEMORY = process.env.SAMEPAD_MEMORY ?? '1GB'
const bytes = Number.parseInt(MEMORY, 10) * (MEMORY.endsWith('GB') ? 1e9 : 1e6)

it(`${CELLS} x ${CELLS} cells run under ${MEMORY}`, { timeout: 3_600_000 }, async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'model.onnx'), slowModel(2, 8))
  mkdirSync(join(folder, 'in.zarr'))
  const array = {
    ...{ zarr_format: 3, node_type: 'array', shape: [3, CELLS, CELLS], data_type: 'uint8', fill_value: 7 },
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [3, 512, 512] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
  }
  writeFileSync(join(folder, 'in.zarr', 'zarr.json'), JSON.stringify(array))
  const begin = performance.now()
  const run = start(folder, [
    'run',
    'model.onnx',
    'in.zarr',
    'out.zarr',
    '--memory',
    MEMORY,
    '--type',
    'uint8',
    '--workers',
    '2',
  ])
  let [most, seconds, isEnded] = [0, 0, false]
  run.ended.then(() => {
    isEnded = true
  })
  while (!isEnded) {
    most = Math.max(most, peakOf(run.pid))
    seconds = Math.max(seconds, computedBy(run.pid))
    await setTimeout(20)
  }
  expect(await run.ended).toMatchObject({ code: 0 })
  const { pieces, tile } = readJson(folder, 'out.zarr', '.samepad', 'manifest.json').plan as {
    pieces: number
    tile: number[]
  }
  console.log(
    `${pieces} pieces of ${tile}, ${(most / 1e6).toFixed(0)} MB, ${((performance.now() - begin) / 1000).toFixed(1)} s, ` +
      `${seconds.toFixed(1)} s of CPU`,
  )
  expect(pieces).toBeGreaterThan(3)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(bytes)
})

/** The most memory that a process had at once, in bytes. */
function peakOf(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0 // it has just ended
  }
}

/** Seconds that a process and its threads have computed, in Linux's hundredths. */
function computedBy(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0 // it has just ended
  }
}
