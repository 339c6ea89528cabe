import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkJob, isWithin, jobName } from '../src/queue/job.ts'
import { WorkerMetrics } from '../src/queue/metrics.ts'
import { ADDRESS, connectionOf } from '../src/queue/redis.ts'
import { inPieces, newFolder, readZarr, runCommand, setUp, start } from './fixtures.ts'
import { startRedis, type TestRedis } from './redis.ts'

let redis: TestRedis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

const places = ['--models', '.', '--inputs', '.', '--outputs', '.']

it('two workers work off what a run queued; the output is the whole, and SIGTERM ends them', async () => {
  const { folder, expected } = await setUp(90, 118)
  const queue = ['--redis', redis.url, '--queue', 'two']
  const workers = [1, 2].map(() => start(folder, ['work', ...queue, ...places, '--workers', '1']))
  const run = await runCommand(folder, ...inPieces, ...queue)
  expect([run.code, run.errors]).toEqual([0, expect.stringMatching(/^9 of 9 pieces, 100 %, /m)])
  expect((await readZarr(join(folder, 'out.zarr'))).data).toEqual(expected.y)
  const status = await runCommand(folder, 'status', ...queue)
  expect(status.out).toBe('0 waiting, 0 at work, 0 to be tried again, 0 failed; 2 workers\n')
  for (const worker of workers) worker.kill('SIGTERM')
  for (const { ended } of workers)
    expect(await ended).toMatchObject({ code: 0, errors: expect.stringMatching(/^SIGTERM: pieces at work/) })
  // Everything is there: nothing is queued, and nobody needs to work.
  const again = await runCommand(folder, 'run', 'model.onnx', 'in.zarr', 'out.zarr', '--deterministic', ...queue)
  expect([again.code, again.errors]).toEqual([0, expect.stringMatching(/^9 of 9 pieces, 100 %, /)])
})

it('a job that asks for what a worker does not allow is a dead letter with the reason, and opens nothing', async () => {
  const { folder } = await setUp(60, 60)
  for (const name of ['models', 'outputs']) mkdirSync(join(folder, name))
  const queue = ['--redis', redis.url, '--queue', 'strict']
  const worker = start(folder, [
    'work',
    ...queue,
    '--models',
    'models',
    '--inputs',
    '.',
    '--outputs',
    'outputs',
    '--workers',
    '1',
  ])
  const run = await runCommand(folder, 'run', 'model.onnx', 'in.zarr', 'out.zarr', '--tile', '60', ...queue)
  expect([run.code, run.errors]).toEqual([
    1,
    expect.stringMatching(
      /^run: all pieces must be done; .* \(1 of 1\), got piece 0: job: a worker opens only what its --models allows/m,
    ),
  ])
  const jobs = new Queue('strict', { connection: connectionOf(new URL(redis.url)) })
  await jobs.add('piece', { command: 'rm' }, { jobId: 'odd' })
  await jobs.add('piece', { text: 'x'.repeat(10_000) }, { jobId: 'large' })
  for (;;) if ((await jobs.getFailedCount()) === 3) break
  const { out } = await runCommand(folder, 'status', ...queue, '--json')
  expect(JSON.parse(out)).toMatchObject({ waiting: 0, active: 0, failed: 3, workers: 1 })
  expect(
    JSON.parse(out)
      .letters.map(({ reason }: { reason: string }) => reason.split(',')[0])
      .sort(),
  ).toEqual([
    'job: a job must have at most 4096 bytes',
    'job: a job must have run',
    expect.stringMatching(/^job: a worker opens only what its --models allows/),
  ])
  expect((await runCommand(folder, 'status', ...queue, '--prometheus')).out).toMatch(
    /bullmq_job_count\{queue="strict", state="failed"\} 3/,
  )
  worker.kill('SIGTERM')
  await worker.ended
  await jobs.close()
})

it('a password is taken from the environment or a file, never from the arguments; other servers are refused', async () => {
  const { folder, expected } = await setUp(60, 60)
  const own = await startRedis('--requirepass', 'secret')
  const evicting = await startRedis('--maxmemory-policy', 'allkeys-lru')
  const url = own.url.replace('redis://', 'redis://:secret@')
  writeFileSync(join(folder, 'wrong'), own.url.replace('redis://', 'redis://:mistaken@'))
  const typed = await runCommand(folder, 'status', '--redis', url)
  expect(typed.errors).toMatch(/^redis: a password must not be an argument/)
  expect(typed.errors).not.toContain('secret')
  expect((await runCommand(folder, 'status', '--redis', own.url)).errors).toMatch(
    /^redis: user and password in SAMEPAD_TILES_REDIS or --redis-file must be those of the server at .*, got NOAUTH/,
  )
  const wrong = await runCommand(folder, 'status', '--redis-file', 'wrong')
  expect(wrong.errors).toMatch(/^redis: user and password .*, got WRONGPASS/)
  expect(wrong.errors).not.toContain('mistaken')
  expect((await runCommand(folder, 'status', '--redis', 'redis://127.0.0.1:1')).errors).toMatch(
    /^redis: a server must answer at 127.0.0.1:1, got connect ECONNREFUSED/,
  )
  expect((await runCommand(folder, 'status', '--redis-file', 'none')).errors).toMatch(
    /^redis: --redis-file must be a file that this user may read, got ENOENT/,
  )
  expect((await runCommand(folder, 'status', '--redis', evicting.url)).errors).toMatch(
    /^redis: maxmemory-policy must be noeviction/,
  )
  expect((await runCommand(folder, 'status', '--redis', 'http://127.0.0.1')).errors).toMatch(
    /^redis: an address must be redis:/,
  )
  expect((await runCommand(folder, 'status')).errors).toMatch(
    new RegExp(`^redis: there must be --redis, --redis-file or ${ADDRESS}`),
  )
  writeFileSync(join(folder, 'address'), `${url}\n`)
  const worker = start(folder, ['work', ...places, '--workers', '1'], { [ADDRESS]: url })
  const run = await runCommand(
    folder,
    'run',
    'model.onnx',
    'in.zarr',
    'out.zarr',
    '--tile',
    '60',
    '--redis-file',
    'address',
  )
  expect(run.code).toBe(0)
  expect((await readZarr(join(folder, 'out.zarr'))).data).toEqual(expected.y)
  worker.kill('SIGTERM')
  await worker.ended
  await Promise.all([own.stop(), evicting.stop()])
})

describe('a job is checked before anything is opened', () => {
  const job = { run: 'a'.repeat(64), model: '/m', input: '/i', output: '/o', piece: 3 }
  it('as it is queued', () => {
    expect(checkJob(job)).toEqual(job)
    expect(jobName(job)).toBe(`${'a'.repeat(32)}-3`)
  })
  it.each<[unknown, string]>([
    [undefined, 'a job must have run'],
    [null, 'a job must have run'],
    [[job], 'a job must have run'],
    [{ ...job, more: 1 }, 'a job must have run'],
    [{ ...job, run: 'A'.repeat(64) }, 'run must be a SHA-256'],
    [{ ...job, model: '' }, 'model must be a name'],
    [{ ...job, input: 7 }, 'input must be a name'],
    [{ ...job, output: '/o\0' }, 'output must be a name'],
    [{ ...job, piece: -1 }, 'piece must be a whole number'],
    [{ ...job, piece: 0.5 }, 'piece must be a whole number'],
    [{ ...job, model: 'm'.repeat(5000) }, 'at most 4096 bytes'],
  ])('%#', (data, message) => {
    expect(() => checkJob(data)).toThrow(`job: ${message}`.replace('job: at', 'at'))
  })
})

it('a place lies within another only behind all links, dots and tricks of addresses', () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'in', 'deep'), { recursive: true })
  mkdirSync(join(folder, 'inside'))
  symlinkSync(folder, join(folder, 'in', 'link'))
  const within = (place: string, root = join(folder, 'in')): boolean => isWithin(place, root)
  expect([join(folder, 'in'), join(folder, 'in', 'deep', 'new', 'file')].map((one) => within(one))).toEqual([
    true,
    true,
  ])
  const outside = ['inside', 'in/../inside', 'in/link/inside', 'in/link/new'].map((name) => join(folder, name))
  expect(outside.map((one) => within(one))).toEqual([false, false, false, false])
  expect(within(`${folder}/in/../inside`)).toBe(false)
  const address = 'https://host/slides'
  expect(['https://host/slides/a.zarr', 'https://host/slides/b/c'].map((one) => within(one, address))).toEqual([
    true,
    true,
  ])
  const others = [
    'https://host/slidesx/a',
    'https://host/slides/../a',
    'http://host/slides/a',
    'https://host:1/slides/a',
    'https://me@other/slides/a',
    '/slides/a',
  ]
  expect(others.map((one) => within(one, address))).toEqual(others.map(() => false))
})

it('counts of a worker are text that Prometheus reads', () => {
  const metrics = new WorkerMetrics()
  metrics.add({ isThere: true })
  metrics.add({ error: new Error('x') })
  for (let index = 0; index < 2; index++) {
    metrics.add({ report: { seconds: { read: 1, compute: 2, write: 0.5 }, bytes: { read: 10, written: 20 } } })
  }
  const text = metrics.text()
  expect(text).toContain('# TYPE samepad_tiles_pieces_total counter\nsamepad_tiles_pieces_total{result="done"} 2\n')
  expect(text).toContain('samepad_tiles_seconds_total{stage="compute"} 4\n')
  expect(text).toContain('samepad_tiles_bytes_total{direction="written"} 40\n')
  expect(text.endsWith('\n')).toBe(true)
})
