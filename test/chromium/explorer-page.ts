import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import axe from 'axe-core'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { parse, type State } from '../../explorer/state/url.ts'
import { launchOptions } from './launch.ts'

const artefacts = join(import.meta.dirname, '../../build/explorer')
let browser: Browser
const open: { readonly page: Page; readonly faults: string[] }[] = []
/** One for each kind of reader: making one takes longer than a test. */
const contexts = new Map<string, Promise<BrowserContext>>()

/** Starts Chromium for a file of tests; after each test, no page may have complained or asked another host. */
export function useChromium(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ ...launchOptions, headless: true })
    mkdirSync(artefacts, { recursive: true })
  })
  afterEach(async () => {
    const pages = open.splice(0)
    await Promise.all(pages.map(({ page }) => page.close()))
    expect(pages.flatMap(({ faults }) => faults)).toEqual([])
  })
  afterAll(() => browser?.close())
}

/** Opens the page at a link's hash, and waits until it can be used. */
export async function visit(hash: string, options: BrowserContextOptions = {}, path = ''): Promise<Page> {
  const home = inject('explorer')
  const page = await (await contextOf({ viewport: { width: 1280, height: 900 }, ...options })).newPage()
  const faults: string[] = []
  open.push({ page, faults })
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(home)) faults.push(`asked ${request.url()}`)
  })
  await page.goto(`${home}${path}${hash}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('[data-awaited]').waitFor({ state: 'detached' })
  return page
}

function contextOf(options: BrowserContextOptions): Promise<BrowserContext> {
  const key = JSON.stringify(options)
  const context = contexts.get(key) ?? browser.newContext(options)
  contexts.set(key, context)
  return context
}

/** The hash of a page's link as the page has it now; `page.url()` hears of a change a little later. */
export const hashOf = (page: Page): Promise<string> => page.evaluate('location.hash') as Promise<string>

/** The state that a page's link says. */
export const stateOf = async (page: Page): Promise<State> => parse(await hashOf(page)).state

/** Keeps a picture of a page among the artefacts. */
export const picture = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(artefacts, `${name}.png`), fullPage: true })

/** What axe-core finds wrong with a page. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
    )
  })
}

/** How many pixels a page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth') as Promise<number>

/** Where an element ends at the right. */
export async function rightOf(element: Locator): Promise<number> {
  const box = await element.boundingBox()
  return box ? box.x + box.width : Number.NaN
}

/** A page as it stands has no fault that axe-core knows, light or dark, and fits a telephone, a desk and a wall. */
export async function isSound(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await faultsOf(page)).toEqual([])
  }
  for (const width of [360, 1280, 2560]) {
    await page.setViewportSize({ width, height: 900 })
    await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
    await picture(page, `${name}-${width}`)
  }
}

/** Lets a file fall onto the page, under its own name or another. */
export async function drop(page: Page, path: string, name = basename(path)): Promise<void> {
  const base64 = readFileSync(path).toString('base64')
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${base64}'), (char) => char.charCodeAt(0))
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([bytes], '${name}'))
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  })()`)
}

/** What a canvas shows. */
export interface CanvasBytes {
  readonly label: string
  readonly width: number
  readonly height: number
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** What every canvas of a page shows. */
export async function canvases(page: Page): Promise<CanvasBytes[]> {
  const all = (await page.evaluate(`[...document.querySelectorAll('canvas')].map((canvas) => {
    const { width, height, ariaLabel: label } = canvas
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    copy.drawImage(canvas, 0, 0)
    const bytes = copy.getImageData(0, 0, width, height).data
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return { label, width, height, base64: btoa(text) }
  })`)) as (Omit<CanvasBytes, 'data'> & { base64: string })[]
  return all.map(({ base64, ...rest }) => ({ ...rest, data: new Uint8ClampedArray(Buffer.from(base64, 'base64')) }))
}
