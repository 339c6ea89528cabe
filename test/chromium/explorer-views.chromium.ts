import { readFileSync } from 'node:fs'
import { decode } from 'fast-png'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { stateOf, useChromium, visit } from './explorer-page.ts'
import { seen } from './explorer-seen.ts'

useChromium()

describe('one axis', () => {
  it('follows the pointer, is pinned by a click, and plays', async () => {
    const page = await visit('#/one-axis')
    const reads = page.locator('.reads')
    await page.locator('rect.small').nth(2).hover()
    await expect.poll(() => reads.innerText()).toContain('reads cells 4, 5, 6')
    await page.locator('rect.small').nth(3).click()
    await page.mouse.move(5, 5)
    await expect.poll(() => reads.innerText()).toContain('reads cells 6, 7 and 1 padding cell')
    await page.getByRole('button', { name: 'Play' }).click()
    await expect.poll(() => reads.innerText(), { timeout: 20_000 }).toContain('reads cells 0, 1, 2')
    await page.getByRole('button', { name: 'Pause' }).click()
  })

  it('shows on a narrow page what a link points to, far to the right', async () => {
    const page = await visit('#/one-axis?input=64&stride=1&output=40', { viewport: { width: 360, height: 800 } })
    await expect.poll(() => seen(page)).toMatchObject({ chosen: true, taps: 3, outside: 0, cut: [] })
  })

  it('lets the end of the input be dragged', async () => {
    const page = await visit('#/one-axis')
    await page.locator('.grip').first().hover() // once it stands still
    const grip = (await page.locator('.grip .reach').first().boundingBox())!
    const [cell, next] = await Promise.all([0, 1].map((at) => page.locator('rect.read').nth(at).boundingBox()))
    await page.mouse.move(grip.x + grip.width / 2, grip.y + 10)
    await page.mouse.down()
    await page.mouse.move(grip.x + grip.width / 2 + 3 * (next!.x - cell!.x), grip.y + 10, { steps: 12 })
    await page.mouse.up()
    await expect.poll(() => page.getByLabel('input', { exact: true }).inputValue()).toBe('11')
  })

  it('decides for every input', async () => {
    const page = await visit('#/one-axis?rules=pytorch+p1;tf+same;onnx+SAME_LOWER')
    const card = page.getByRole('region', { name: 'For every input size' })
    await expect
      .poll(() => card.innerText())
      .toContain(
        'On every even input pytorch p1 pads 1 cell at each end, tf same 1 cell at the end, so ◆ tf same reads 1 cell later.',
      )
    await expect.poll(() => card.innerText()).toContain('the same')
  })

  it('draws thousands of cells as both their ends', async () => {
    const page = await visit('#/one-axis?input=123456&kernel=7')
    await expect.poll(() => page.locator('svg *').count()).toBeLessThan(400)
    await expect.poll(() => page.locator('figure').innerText()).toContain('123450')
  })

  it('marks taps of its own and those of the first convention apart', async () => {
    const page = await visit('#/one-axis')
    await expect.poll(() => page.locator('.dot.here').count()).toBe(1)
    await expect.poll(() => page.locator('.missing').count()).toBe(1)
    await expect.poll(() => page.locator('.legend').innerText()).toContain('× only in the first drawing')
  })

  it.each(['conv', 'convTranspose', 'averagePool'])('takes a kernel of a billion for %s', async (op) => {
    const page = await visit(`#/one-axis?op=${op}&input=1e9&kernel=1e9&rules=tf+same`)
    await expect
      .poll(() => page.locator('.reads').innerText())
      .toMatch(/cells 0 to \d+(;| and) \d+ (padding cells|cells cropped)/)
    await page.getByRole('link', { name: 'Two axes' }).click()
    await page.locator('.outline').waitFor()
  })
})

describe('code', () => {
  it('is copied as it stands, in every framework', async () => {
    const page = await visit('#/code', { permissions: ['clipboard-read', 'clipboard-write'] })
    for (const [name, words] of Object.entries({
      PyTorch: 'F.conv1d',
      JAX: 'lax.conv',
      ONNX: 'make_node',
      WebNN: 'conv2d',
    })) {
      await page.getByRole('radio', { name, exact: true }).check()
      await page.getByRole('button', { name: /Copy code|Copied/ }).click()
      await expect
        .poll(() => page.evaluate('navigator.clipboard.readText()'))
        .toBe(await page.locator('pre').textContent())
      await expect.poll(() => page.locator('pre').innerText()).toContain(words)
    }
  })
})

describe('a network', () => {
  it('goes to a size without drift', async () => {
    const page = await visit('#/network')
    await expect.poll(() => page.locator('.conclusion').innerText()).toContain('At the end they look 31 cells apart')
    await page.getByRole('button', { name: '225', exact: true }).click()
    await expect
      .poll(() => page.locator('.conclusion').innerText())
      .toContain('Both look at the same cells on an input of 225')
    await page.getByRole('combobox', { name: 'Network' }).selectOption('BlazeFace')
    await expect.poll(async () => (await stateOf(page)).size).toBe(128)
  })
})

describe('a drawing', () => {
  it.each(['one-axis', 'two-axes', 'network'])('of %s is saved as SVG that needs no style sheet', async (view) => {
    const page = await visit(`#/${view}`)
    const svg = await saved(page, 'Save SVG')
    const text = svg.toString()
    expect(text).toContain('<title>')
    expect(/ class=|var\(| style=|NaN/.exec(text)).toBeNull()
    expect(text.match(/<(rect|path|line|circle|text) /g)!.length).toBeGreaterThan(20)
  })

  it('is saved as PNG that shows the colours of the page', async () => {
    const page = await visit('#/one-axis', { colorScheme: 'light' })
    const { width, height, data, channels } = decode(await saved(page, 'Save PNG'))
    expect(width).toBeGreaterThan(1000)
    const seen = new Set<string>()
    for (let at = 0; at < width * height; at++) seen.add(data.slice(at * channels, at * channels + 3).join())
    expect(seen).toContain('29,79,145') // a cell that is read
    expect(seen).toContain('173,82,6') // the output that reads it
    expect(seen).toContain('255,254,251') // paper
  })

  it('is saved as an animation with a frame for every output, each another picture', async () => {
    const page = await visit('#/one-axis?input=7&rules=tf+same')
    const base64 = (await saved(page, 'Save animation')).toString('base64')
    const frames = (await page.evaluate(`(async () => {
      const data = Uint8Array.from(atob('${base64}'), (char) => char.charCodeAt(0))
      const decoder = new ImageDecoder({ data, type: 'image/png' })
      await Promise.all([decoder.tracks.ready, decoder.completed])
      const { frameCount, animated, repetitionCount } = decoder.tracks.selectedTrack
      const frames = []
      for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
        const { image } = await decoder.decode({ frameIndex })
        const bytes = new Uint8Array(image.allocationSize())
        await image.copyTo(bytes)
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).join()
        frames.push({ digest, milliseconds: image.duration / 1000, animated, forever: repetitionCount === Infinity })
      }
      return frames
    })()`)) as { digest: string; milliseconds: number; animated: boolean; forever: boolean }[]
    expect(frames.length).toBe(4) // outputs of 7 cells
    expect(new Set(frames.map(({ digest }) => digest)).size).toBe(4)
    expect(frames.every(({ milliseconds, animated, forever }) => milliseconds === 700 && animated && forever)).toBe(
      true,
    )
  })

  async function saved(page: Page, button: string): Promise<Buffer> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).first().click(),
    ])
    return readFileSync(await download.path())
  }
})
