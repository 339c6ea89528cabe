import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomOf } from '../models/onnx/mutate.ts'
import { writeSparseModel } from '../models/onnx/sparse-model.ts'

// Real processes that are ended while they write. KILLS=10 ends ten by each signal, on a file of 400 MB; without it there
// are few, on a smaller one, since a file of that size is written each time.

const kills = Number(process.env.KILLS ?? 0)
const [times, channels] = kills > 0 ? [kills, 1667] : [3, 745]

const main = join(import.meta.dirname, '../../dist/node/main.js')
const words = [main, 'fix', 'model.onnx', '--to', 'explicit', '--in-place']

let folder: string
let kept: string
/** Milliseconds that it takes when it is left alone. */
let whole: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'samepad-'))
  kept = mkdtempSync(join(tmpdir(), 'samepad-'))
  writeSparseModel(join(kept, 'original'), 4, channels, { auto_pad: 'SAME_UPPER' })
  await restore()
  const begin = performance.now()
  await promisify(execFile)(process.execPath, words, { cwd: folder })
  whole = performance.now() - begin
  expect(await isEqual('original')).toBe(false) // it had something to write
  renameSync(join(folder, 'model.onnx'), join(kept, 'result'))
  await restore()
}, 300_000)

afterAll(() => {
  for (const one of [folder, kept]) rmSync(one, { recursive: true, force: true })
})

/** The original in its place, with its holes. */
const restore = (): Promise<unknown> =>
  promisify(execFile)('cp', ['--sparse=always', join(kept, 'original'), join(folder, 'model.onnx')])

async function isEqual(to: 'original' | 'result'): Promise<boolean> {
  const paths = [join(folder, 'model.onnx'), join(kept, to)]
  if (statSync(paths[0]).size !== statSync(paths[1]).size) return false
  return promisify(execFile)('cmp', ['-s', ...paths]).then(
    () => true,
    () => false,
  )
}

/** What else is in the folder. */
const others = (): string[] => readdirSync(folder).filter((name) => name !== 'model.onnx')

/** Ends a run at a moment, which is a share of its time, or as soon as its partial file is there. */
async function endAt(moment: number | 'writing', signal: NodeJS.Signals): Promise<void> {
  const child = spawn(process.execPath, words, { cwd: folder, stdio: 'ignore' })
  let isRunning = true
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isRunning = false
      resolve()
    })
  })
  if (moment === 'writing') while (isRunning && others().length === 0) await setTimeout(1)
  else await setTimeout(moment * whole)
  child.kill(signal)
  await exited
}

/** What the next run tells on stderr, whatever it finds. */
const nextRun = (): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, 'audit', 'model.onnx'], { cwd: folder }, (_, __, stderr) => resolve(stderr))
  })

const random = randomOf(Date.now())

type Seen = Record<'original' | 'result' | 'partial', number>

/** Ends a run, looks at what is there, and lets the next run tell of it. */
async function tryOnce(moment: number | 'writing', signal: NodeJS.Signals, seen: Seen): Promise<void> {
  await endAt(moment, signal)
  const [isOriginal, isResult] = [await isEqual('original'), await isEqual('result')]
  expect([moment, isOriginal || isResult]).toEqual([moment, true])
  seen[isOriginal ? 'original' : 'result']++
  if (signal !== 'SIGKILL') expect([moment, others()]).toEqual([moment, []])
  const told = await nextRun()
  if (others().length === 0) expect(told).toBe('')
  for (const name of others()) {
    expect(told.replace(/\s+/g, ' ')).toContain(`${name}: it was left by a run that was ended`)
    rmSync(join(folder, name))
    seen.partial++
  }
  await restore()
}

describe.skipIf(process.platform === 'win32')('fix --in-place that is ended while it writes', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    '%s: the original or the result, and no partial file that nobody tells of',
    async (signal) => {
      const seen = { original: 0, result: 0, partial: 0 }
      // Up to a little behind its end: it does not always take as long.
      const moments = Array.from({ length: times }, (_, time) => (1.3 * (time + random())) / times)
      for (const moment of [...moments, ...new Array(times).fill('writing')]) await tryOnce(moment, signal, seen)
      for (let more = 0; signal === 'SIGKILL' && seen.partial === 0 && more < 20; more++)
        await tryOnce('writing', signal, seen)
      if (signal === 'SIGKILL') expect(seen.partial).toBeGreaterThan(0)
      console.log(`${signal} at ${times} moments of ${Math.round(whole)} ms: ${JSON.stringify(seen)}`)
    },
    600_000,
  )
})
