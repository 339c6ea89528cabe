import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchOptions } from './launch.ts'

const policies = {
  '/open': "script-src 'self' 'wasm-unsafe-eval'",
  '/strict': "script-src 'self'",
}

let server: Server
let browser: Browser

/** The library in one script, as a page of an application has it. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'page-layer.ts')],
    ...{ bundle: true, minify: true, format: 'iife', platform: 'browser', write: false },
  })
  return outputFiles[0].text
}

beforeAll(async () => {
  const script = await bundle()
  server = createServer(({ url }, response) => {
    const policy = policies[url as keyof typeof policies]
    if (policy) response.setHeader('Content-Security-Policy', policy)
    response.setHeader('Content-Type', policy ? 'text/html' : 'text/javascript')
    response.end(policy ? '<!doctype html><body><script src="layer.js"></script>' : script)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  browser = await chromium.launch({ ...launchOptions, headless: true })
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** What a page says of its layer, after a script that runs before all others. */
async function visit(path: string, before = ''): Promise<{ engine: string; shape: number[]; data: number[] }> {
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  await page.addInitScript(before)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  const text = await page.textContent('body')
  await page.close()
  expect(faults).toEqual([])
  return JSON.parse(text ?? '')
}

it('a page whose policy forbids WebAssembly, or that has none, gets the same results from the reference', async () => {
  const open = await visit('/open')
  expect(open.engine).toBe('program')
  expect(open.shape).toEqual([1, 8, 5, 14])
  expect(new Set(open.data).size).toBeGreaterThan(10) // all alike would be equal too
  const missing = await visit('/open', 'delete globalThis.WebAssembly')
  for (const other of [await visit('/strict'), missing]) expect(other).toEqual({ ...open, engine: 'reference' })
})
