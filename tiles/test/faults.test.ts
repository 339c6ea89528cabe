import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { readModel } from 'samepad/models'
import { afterEach, expect, it } from 'vitest'
import { loadEngine } from '../src/engine/load.ts'
import { store } from '../src/engine/values.ts'
import { feedOf } from '../src/model/feed.ts'
import { takeLock } from '../src/output/lock.ts'
import { ZarrOutput } from '../src/output/zarr-output.ts'
import { openPicture } from '../src/picture/open.ts'
import { planRun } from '../src/plan/run-plan.ts'
import { type Running, runPieces } from '../src/run/run-pieces.ts'
import { FolderStore, NOTES } from '../src/store/folder-store.ts'
import { PatientStore } from '../src/store/patient-store.ts'
import {
  commandFile,
  inPieces,
  newFolder,
  type Process,
  readZarr,
  runCommand,
  setUp,
  slowModel,
  start,
} from './fixtures.ts'
import { startRedis } from './redis.ts'

// What goes wrong on real machines. Afterwards every chunk is there once and right, or an error says how to go on.
//
//   SAMEPAD_KILLS=50 npx vitest run test/faults.test.ts

const KILLS = Number(process.env.SAMEPAD_KILLS ?? 3)
const storing = { type: 'float32', scale: 1, offset: 0, compression: 'none' } as const

const running: Process[] = []
const started = (...args: Parameters<typeof start>): Process => {
  const process = start(...args)
  running.push(process)
  return process
}
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGKILL')
    await process.ended
  }
})

/** Random numbers from 0 to 1, the same each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** The files of chunks, with the time of each: one that is written again has another. */
function chunksIn(folder: string): Map<string, number> {
  const chunks = join(folder, 'c')
  if (!existsSync(chunks)) return new Map()
  const names = readdirSync(chunks, { recursive: true, encoding: 'utf8' }).map((name) => join(chunks, name))
  return new Map(names.filter((name) => statSync(name).isFile()).map((name) => [name, statSync(name).ino]))
}

const run = ['run', 'model.onnx', 'in.zarr', 'out.zarr', '--tile', '64', '--deterministic']

/** A network of ten layers, and a picture that lasts for all the kills: 90 pieces and more. */
const slow = (size = Math.round(400 * Math.sqrt(Math.max(1, KILLS / 3)))) => setUp(size, size + 40, slowModel(10))

it('a run that is killed at any time goes on, and writes no chunk twice', async () => {
  const { folder, expected } = await slow()
  const next = random(3)
  let kills = 0
  for (let seen = new Map<string, number>(); kills < KILLS; kills++) {
    const process = started(folder, [...run, '--workers', '1'])
    // It is killed some time after its first new chunk, wherever it is then.
    if (!(await grows(folder, seen.size, process.ended))) break
    await setTimeout(150 * next())
    process.kill('SIGKILL')
    await process.ended
    const found = chunksIn(join(folder, 'out.zarr'))
    for (const [name, id] of seen) expect([name, found.get(name)]).toEqual([name, id])
    seen = found
  }
  expect(kills).toBeGreaterThan(1)
  expect((await runCommand(folder, ...run)).code).toBe(0)
  expect((await readZarr(join(folder, 'out.zarr'))).data).toEqual(expected.y)
})

/** Waits for another chunk; false where the process ends before there is one. */
async function grows(folder: string, count: number, ended: Process['ended']): Promise<boolean> {
  let isEnded = false
  ended.then(() => {
    isEnded = true
  })
  while (!isEnded && chunksIn(join(folder, 'out.zarr')).size <= count) await setTimeout(20)
  return !isEnded
}

it('workers are killed at random, and Redis is: nothing is lost, and nothing is done wrong', async () => {
  const { folder, expected } = await slow()
  const redis = await startRedis()
  const queue = ['--redis', redis.url]
  const work = (): Process =>
    started(folder, [
      'work',
      ...queue,
      '--models',
      '.',
      '--inputs',
      '.',
      '--outputs',
      '.',
      '--workers',
      '1',
      '--lock',
      '1',
    ])
  const next = random(7)
  const workers = [work(), work()]
  const submitted = started(folder, [...run, ...queue])
  let kills = 0
  for (; kills < KILLS; kills++) {
    if (!(await grows(folder, chunksIn(join(folder, 'out.zarr')).size, submitted.ended))) break
    await setTimeout(100 * next())
    const place = Math.floor(2 * next())
    workers[place].kill('SIGKILL')
    workers[place] = work()
    if (kills === 1) await redis.restart(300)
  }
  expect(kills).toBeGreaterThan(1)
  expect(await submitted.ended).toMatchObject({ code: 0 })
  expect((await readZarr(join(folder, 'out.zarr'))).data).toEqual(expected.y)
  const { out } = await runCommand(folder, 'status', ...queue)
  expect(out).toMatch(/^0 waiting, \d at work, 0 to be tried again, 0 failed/)
  for (const worker of workers) worker.kill('SIGTERM')
  for (const worker of workers) await worker.ended
  await redis.stop()
})

it('of two runs at once on one output, one is told of the other', async () => {
  const { folder, expected } = await slow()
  const first = started(folder, [...run, '--workers', '1'])
  expect(await grows(folder, 0, first.ended)).toBe(true)
  first.kill('SIGSTOP') // it cannot end before the other one has seen it
  expect(await runCommand(folder, ...run)).toMatchObject({
    code: 1,
    errors: expect.stringMatching(
      `^output: one run at a time may write OUTPUT; wait for the other, or stop it, got process ${first.pid} on `,
    ),
  })
  first.kill('SIGCONT')
  expect(await first.ended).toMatchObject({ code: 0 })
  expect((await readZarr(join(folder, 'out.zarr'))).data).toEqual(expected.y)
})

it('of locks that are asked for at the same time, one is given; a dead process holds none', async () => {
  for (let round = 0; round < 20; round++) {
    const folder = newFolder()
    const notes = join(folder, NOTES)
    mkdirSync(notes)
    // The process of this number began at another time, so it is another one.
    const dead = { host: hostname(), pid: process.pid, began: '1', isReleased: false }
    writeFileSync(join(notes, 'lock-1'), JSON.stringify(dead))
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => takeLock(folder)))
    const given = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(given.length).toBe(1)
    expect(readdirSync(notes)).toEqual(['lock-2'])
    await given[0].release()
    await (await takeLock(folder)).release()
    expect(readdirSync(notes)).toEqual(['lock-3'])
  }
})

/** A run within this process, into a store that a test makes. */
async function runInto(folder: string, target: FolderStore): Promise<Awaited<ReturnType<typeof runPieces>>> {
  const path = join(folder, 'model.onnx')
  const model = await readModel(path)
  const picture = await openPicture(join(folder, 'in.zarr'), {}, 1e9)
  const feed = feedOf(model, picture, {})
  const plan = planRun(model, { input: feed.input, shape: feed.shape, tile: [48, 48], halo: undefined })
  const engine = await loadEngine({ model: path, engine: 'samepad', deterministic: true })
  const pool: Running['pool'] = {
    run: async ({ data, shape, kept }) => {
      const results = await engine.run(feed.input, { data, shape })
      const made = kept.map(({ output, from, size }) => store(results[plan.outputs[output].name], from, size, storing))
      return { kept: made, milliseconds: 0 }
    },
  }
  return runPieces({
    plan,
    feed,
    pool,
    lanes: 3,
    output: await ZarrOutput.open(new PatientStore(target), plan, storing),
  })
}

const failure = (code: string): Error => Object.assign(new Error(`${code}: as the test wants it`), { code })

it('a full disk ends the run with what is finished in place; when there is room it goes on', async () => {
  const { folder, expected } = await setUp(90, 118)
  const out = join(folder, 'out.zarr')
  class Full extends FolderStore {
    left = 4
    override async set(key: `/${string}`, bytes: Uint8Array): Promise<void> {
      if (key.includes('/c/') && this.left-- <= 0) throw failure('ENOSPC')
      return super.set(key, bytes)
    }
  }
  const full = new Full(out)
  await expect(runInto(folder, full)).rejects.toThrow('ENOSPC')
  const finished = chunksIn(out)
  expect(finished.size).toBe(4)
  full.left = 100
  expect(await runInto(folder, full)).toEqual({ done: 9, all: 9, before: 4 })
  for (const [name, id] of finished) expect(chunksIn(out).get(name)).toBe(id)
  expect((await readZarr(out)).data).toEqual(expected.y)
})

/** Whether this user may mount a file system in a namespace of its own. */
const mayMount =
  spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

it.skipIf(!mayMount)(
  'a disk that is really full ends the run in a sentence; with more room the same line goes on',
  async () => {
    const { folder, expected } = await setUp(90, 118)
    mkdirSync(join(folder, 'out.zarr'))
    const line = [process.execPath, commandFile, ...inPieces]
    // A disk of 64 kB; the output has 85 kB. What is mounted is seen by this shell alone.
    const script = [
      'mount -t tmpfs -o size=64k tmpfs out.zarr',
      '"$@" 2> first.txt; echo $? > first.code',
      'ls out.zarr/c/0/0/* > first.chunks; ls out.zarr/.samepad/unfinished > unfinished.txt',
      'mount -o remount,size=1m out.zarr',
      '"$@" 2> second.txt; echo $? > second.code',
      'cp -r out.zarr copy.zarr',
    ]
    const shell = ['--map-root-user', '--mount', 'sh', '-c', script.join('\n'), 'sh', ...line]
    expect(spawnSync('unshare', shell, { cwd: folder }).status).toBe(0)
    const text = (name: string): string => readFileSync(join(folder, name), 'utf8')
    expect([text('first.code'), text('second.code')]).toEqual(['1\n', '0\n'])
    expect(text('first.txt')).toMatch(/store: there must be room for the output; make room .*, got ENOSPC/)
    expect(text('unfinished.txt')).toBe('')
    expect(text('second.txt')).toMatch(/^9 of 9 pieces, 100 %/m)
    expect((await readZarr(join(folder, 'copy.zarr'))).data).toEqual(expected.y)
  },
)

it('a store that answers late, and with errors, is asked again', async () => {
  const { folder, expected } = await setUp(90, 118)
  const out = join(folder, 'out.zarr')
  const next = random(11)
  let refused = 0
  class Flaky extends FolderStore {
    override async set(key: `/${string}`, bytes: Uint8Array): Promise<void> {
      await setTimeout(30 * next())
      // Every second time, so that five times in a row never fail.
      if (key.includes('/c/') && refused++ % 2 === 0) throw failure('EIO')
      return super.set(key, bytes)
    }
  }
  expect((await runInto(folder, new Flaky(out))).done).toBe(9)
  expect(refused).toBeGreaterThan(9)
  expect((await readZarr(out)).data).toEqual(expected.y)
  class Broken extends FolderStore {
    override async set(): Promise<void> {
      throw failure('EACCES')
    }
  }
  await expect(runInto(folder, new Broken(join(folder, 'other.zarr')))).rejects.toThrow('EACCES')
})
