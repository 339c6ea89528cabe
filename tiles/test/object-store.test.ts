import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import * as zarr from 'zarrita'
import { setUp, smoothModel } from './fixtures.ts'

// The object store of docs/tiles-operation.md, against a server that keeps what a PUT brought whole.

const root = join(import.meta.dirname, '../..')
const [, example] = /^```js\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'docs/tiles-operation.md'), 'utf8')) ?? []

interface Objects {
  readonly kept: Map<string, Buffer>
  readonly counts: Record<string, number>
  readonly server: Server
  readonly address: string
}

/** A server of which every third answer is that it is busy, while `isBusy`. */
async function startObjects(isBusy: () => boolean): Promise<Objects> {
  const kept = new Map<string, Buffer>()
  const counts: Record<string, number> = { GET: 0, HEAD: 0, PUT: 0, refused: 0 }
  let asked = 0
  const server = createServer(async (request, response) => {
    const [method, key] = [request.method ?? '', request.url ?? '']
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    if (isBusy() && ++asked % 3 === 0) {
      counts.refused++
      return response.writeHead(503).end()
    }
    counts[method]++
    if (method === 'PUT') kept.set(key, Buffer.concat(parts))
    const found = kept.get(key)
    response.writeHead(found ? 200 : 404).end(method === 'GET' ? found : undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { kept, counts, server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/out` }
}

it('a run into objects behind HTTP is the whole, and goes on with what is missing', async () => {
  const { folder, expected } = await setUp(150, 170)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(root, 'tiles'), join(folder, 'node_modules', 'samepad-tiles'), 'junction')
  // Small pieces, so that there are many.
  writeFileSync(join(folder, 'objects.mjs'), example.replace('memory: 1e9', 'tile: [64, 64], deterministic: true'))
  let isBusy = false
  const objects = await startObjects(() => isBusy)
  const run = async (model = 'model.onnx'): Promise<string> => {
    const words = ['objects.mjs', model, 'in.zarr', objects.address]
    return (await promisify(execFile)(process.execPath, words, { cwd: folder })).stdout
  }
  expect(await run()).toBe('9 of 9 pieces, 0 of them from before\n')
  const chunks = [...objects.kept.keys()].filter((key) => key.includes('/c/'))
  expect(chunks.length).toBe(9)
  for (const lost of chunks.slice(2, 6)) objects.kept.delete(lost)
  const { PUT } = objects.counts
  isBusy = true
  expect(await run()).toBe('9 of 9 pieces, 5 of them from before\n')
  expect(objects.counts.PUT).toBe(PUT + 4)
  expect(objects.counts.refused).toBeGreaterThan(2)
  isBusy = false
  const store: zarr.AsyncReadable = { get: async (key) => objects.kept.get(`/out${key}`) }
  const array = await zarr.open.v3(zarr.root(store), { kind: 'array' })
  expect(
    (
      await zarr.get(
        array,
        array.shape.map(() => null),
      )
    ).data,
  ).toEqual(expected.y)
  writeFileSync(join(folder, 'other.onnx'), smoothModel(true))
  await expect(run('other.onnx')).rejects.toThrow(/output: OUTPUT holds a run with another model/)
  objects.server.close()
})
