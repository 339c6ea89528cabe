import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { checkChromium, launchOptions } from '../../test/chromium/launch.ts'
import { serve } from '../chromium/serve.ts'
import { progress } from '../progress.ts'
import type { PageAnswer, PageQuestion } from './page.ts'

/** The same on a build of the library in an isolated page. */
export interface PageResults extends PageAnswer {
  /** `Chromium 149.0`. */
  readonly host: string
  readonly isThreaded: boolean
}

/** Some of each kind: the other models say the same. */
const inPages = ['antispoof', 'blazeface', 'faceres', 'iris', 'movenet-lightning', 'handtrack', 'basic-pitch']

const script = `
  import * as tf from '@tensorflow/tfjs-core'
  import * as wasm from '@tensorflow/tfjs-backend-wasm'
  import * as converter from '@tensorflow/tfjs-converter'
  import * as layers from '@tensorflow/tfjs-layers'
  import { measureInPage } from './tfjs/page.ts'
  globalThis.measure = (question) => measureInPage({ tf, wasm, converter, layers }, question)
`

/** Times models with `only` in their names in Chromium, on the library's builds without threads and with them. */
export async function measureLibraryInChromium(only: string, isQuick: boolean): Promise<PageResults[]> {
  const models = inPages.filter((name) => name.includes(only))
  if (models.length === 0) return []
  checkChromium()
  const server = await serve({ '/page.js': [join(import.meta.dirname, '..'), script] })
  const browser = await chromium.launch(launchOptions)
  try {
    const { port } = server.address() as AddressInfo
    const results: PageResults[] = []
    for (const isThreaded of [false, true]) {
      const answer = await answerOf(browser, `http://localhost:${port}/`, { isThreaded, models, isQuick })
      results.push({ ...answer, host: `Chromium ${browser.version()}`, isThreaded })
    }
    return results
  } finally {
    await browser.close()
    server.close()
  }
}

/** What a page of its own answers: a page has one build of the library. */
async function answerOf(browser: Browser, address: string, question: PageQuestion): Promise<PageAnswer> {
  const page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'info') progress(`Chromium, ${question.isThreaded ? 'threaded' : 'SIMD'}: ${message.text()}`)
  })
  page.setDefaultTimeout(0)
  await page.goto(address)
  const answer = await page.evaluate(`import('/page.js').then(() => measure(${JSON.stringify(question)}))`)
  await page.close()
  return answer as PageAnswer
}
