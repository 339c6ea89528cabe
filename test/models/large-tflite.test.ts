import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { int8, int32 } from './flat.ts'
import { code, type FileTensor, tfliteFile } from './tflite-file.ts'

/** Strided layers, so many that the tables have some hundred kilobytes. */
const LAYERS = 200
const SIZE = 2 ** 31

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samepad-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A chain of convolutions of 3x3 on 225 cells; `behind` says where the weights lie if they do behind the tables. */
function network(behind?: FileTensor['behind']): Uint8Array {
  const tensors: FileTensor[] = [{ name: 'x', shape: [1, 225, 225, 8] }]
  const operators = Array.from({ length: LAYERS }, (_, layer) => {
    const weights = behind ? { behind } : { data: new Uint8Array(8 * 3 * 3 * 8) }
    tensors.push({ name: `w${layer}`, shape: [8, 3, 3, 8], ...weights })
    tensors.push({ name: `y${layer}`, shape: [1, 225, 225, 8] })
    const options = { 0: int8(0), 1: int32(1), 2: int32(1) }
    return { code: code(3), options, inputs: [2 * layer, 2 * layer + 1], outputs: [2 * layer + 2] }
  })
  return tfliteFile({ tensors, inputs: [0], outputs: [2 * LAYERS], operators })
}

/** A file with nothing written between two parts of it. */
function write(name: string, parts: readonly (readonly [at: number, bytes: Uint8Array])[]): string {
  const path = join(folder, name)
  const file = openSync(path, 'w')
  ftruncateSync(file, SIZE)
  for (const [at, bytes] of parts) writeSync(file, bytes, 0, bytes.length, at)
  closeSync(file)
  return path
}

/** Weights behind the tables, as files above 2 GB have them; and tables behind two gigabytes of weights. */
const layouts = {
  'tables before the weights': () => write('before.tflite', [[0, network([2 ** 20, SIZE - 2 ** 20])]]),
  'tables behind the weights': () => {
    const bytes = network()
    const gap = SIZE - bytes.length
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    // Of all offsets only the one of the root counts from the begin of the file.
    view.setUint32(0, view.getUint32(0, true) + gap, true)
    return write('behind.tflite', [
      [0, bytes.subarray(0, 8)],
      [8 + gap, bytes.subarray(8)],
    ])
  },
}

/** Audits in a process of its own, and prints what that took. */
const child = `
  const { audit } = await import(${JSON.stringify(new URL('../../dist/models.js', import.meta.url).href)})
  const begin = process.cpuUsage()
  const { nodes } = await audit(process.argv[1])
  const { user, system } = process.cpuUsage(begin)
  const output = nodes.at(-1).axes.map((axis) => axis.output)
  console.log(JSON.stringify({ nodes: nodes.length, output, cpu: (user + system) / 1000, memory: process.resourceUsage().maxRSS * 1024 }))
`

it.each(Object.entries(layouts))('2 GiB with %s are audited in 100 MB', (_, layout) => {
  const answer = execFileSync(process.execPath, ['--input-type=module', '-e', child, layout()], { encoding: 'utf8' })
  const { nodes, output, cpu, memory } = JSON.parse(answer)
  expect([nodes, output]).toEqual([LAYERS, [225, 225]])
  expect(memory).toBeLessThan(100e6)
  // Half a second is wanted and a fifth of one is usual; a machine may be four times slower.
  expect(cpu).toBeLessThan(2000)
})
