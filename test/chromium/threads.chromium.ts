import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchOptions } from './launch.ts'

const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}
const pages: Record<string, Record<string, string>> = {
  '/plain': {},
  '/isolated': isolated,
  '/without-blobs': {
    ...isolated,
    'Content-Security-Policy': "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
  },
}

let server: Server
let browser: Browser

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'page-threads.ts')],
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', write: false },
  })
  server = createServer(({ url = '' }, response) => {
    const headers = pages[url.split('?')[0]]
    for (const [name, value] of Object.entries(headers ?? isolated)) response.setHeader(name, value)
    response.setHeader('Content-Type', headers ? 'text/html' : 'text/javascript')
    const page = '<!doctype html><body><script type="module" src="threads.js"></script>'
    response.end(headers ? page : outputFiles[0].text)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  browser = await chromium.launch({ ...launchOptions, headless: true })
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** What a page says that runs its layer so many times, or until two threads took part. */
async function visit(path: string, rounds: number): Promise<unknown> {
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}?${rounds}`)
  await page.waitForSelector('[data-done]')
  const text = await page.textContent('body')
  await page.close()
  expect(faults).toEqual([])
  return JSON.parse(text ?? '')
}

const right = { isSame: true, engine: 'program' }

it('an isolated page has threads, bundled and minified', async () => {
  expect(await visit('/isolated', 5000)).toEqual({ ...right, isolated: true, threads: 2, used: 2, isFree: true })
})

it('a page that is not isolated has one', async () => {
  expect(await visit('/plain', 50)).toEqual({ ...right, isolated: false, threads: 1, used: 1, isFree: false })
})

it('a page whose policy forbids such workers has one too', async () => {
  expect(await visit('/without-blobs', 50)).toEqual({
    ...{ ...right, isolated: true, threads: expect.any(Number), used: 1 },
    isFree: expect.any(Boolean),
  })
})
