import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serve } from '../../bench/chromium/serve.ts'
import { checkChromium, launchOptions } from '../chromium/launch.ts'
import type { BuildAnswer } from './tfjs-builds-page.ts'

const bench = join(import.meta.dirname, '../../bench')
const script = `
  import * as tf from '@tensorflow/tfjs-core'
  import * as wasm from '@tensorflow/tfjs-backend-wasm'
  import { compareOn } from '${join(import.meta.dirname, 'tfjs-builds-page.ts')}'
  globalThis.compare = (flags) => compareOn(tf, wasm, { ...flags, origin: location.origin })
  globalThis.onmessage = async ({ data }) => {
    globalThis.postMessage(await globalThis.compare(data).catch((error) => ({ error: String(error) })))
  }
`

let server: Awaited<ReturnType<typeof serve>>
let browser: Browser

beforeAll(async () => {
  checkChromium()
  server = await serve({ '/compare.js': [bench, script] })
  browser = await chromium.launch(launchOptions)
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** Asks a page, or a worker of one. */
async function answerOf(flags: object, inWorker: boolean): Promise<BuildAnswer> {
  const page = await browser.newPage()
  try {
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
    const asked = inWorker
      ? `new Promise((resolve, reject) => {
           const worker = new Worker('/compare.js', { type: 'module' })
           worker.onmessage = ({ data }) => resolve(data)
           worker.onerror = ({ message }) => reject(new Error(message))
           worker.postMessage(${JSON.stringify(flags)})
         })`
      : `import('/compare.js').then(() => compare(${JSON.stringify(flags)}))`
    return (await page.evaluate(asked)) as BuildAnswer
  } finally {
    await page.close()
  }
}

it.each([
  { build: 'plain', simd: false, threads: false, inWorker: false },
  { build: 'SIMD', simd: true, threads: false, inWorker: false },
  { build: 'SIMD', simd: true, threads: false, inWorker: true },
  { build: 'threaded', simd: true, threads: true, inWorker: false },
  { build: 'threaded', simd: true, threads: true, inWorker: true },
])('the $build build computes what it does with its own kernels, in a worker: $inWorker', async (question) => {
  const { simd, threads, inWorker } = question
  const answer = await answerOf({ simd, threads }, inWorker)
  expect(answer).toMatchObject({ apart: 0, isShared: threads, threads: threads ? [2, 2] : [1, 1] })
  expect(answer.used[0]).toBeGreaterThan(0)
  expect(answer.used[1]).toBe(0)
})
