import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { viewNames } from '../../explorer/views/states.ts'
import { faultsOf, hashOf, overflow, picture, useChromium, visit } from './explorer-page.ts'

useChromium()

describe.each(viewNames)('the view %s', (view) => {
  it('has no fault that axe-core knows, light or dark', async () => {
    const page = await visit(`#/${view}`)
    await page.waitForTimeout(150) // what is worked out after the first picture
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await faultsOf(page)).toEqual([])
      await picture(page, `${view}-${colorScheme}`)
    }
  })

  it('fits a telephone, a tablet, a desk and a wall', async () => {
    const page = await visit(`#/${view}`)
    for (const [width, height] of [
      [360, 740],
      [768, 1024],
      [1280, 900],
      [640, 450], // 200 % of the one before
      [2560, 1440],
    ]) {
      await page.setViewportSize({ width, height })
      await page.waitForTimeout(100)
      await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
      await picture(page, `${view}-${width}`)
    }
  })

  it('says every drawing in words', async () => {
    const page = await visit(`#/${view}`)
    for (const drawing of await page.getByRole('img').all()) {
      await expect.poll(async () => (await drawing.getAttribute('aria-label'))?.length).toBeGreaterThan(10)
    }
  })
})

describe('the focus', () => {
  const focused = (page: Page): Promise<string> =>
    page.evaluate(`(() => {
      const { tagName, labels, ariaLabel } = document.activeElement
      return labels?.[0]?.textContent ?? ariaLabel ?? tagName
    })()`) as Promise<string>

  it('stays near, where a control goes away with what it did', async () => {
    const page = await visit('#/one-axis?input=0')
    await page.getByRole('button', { name: 'Dismiss' }).press('Enter')
    await expect.poll(() => focused(page)).toBe('MAIN')
    await page.getByRole('button', { name: 'Remove pytorch p1' }).press('Enter')
    await expect.poll(() => focused(page)).toBe('Convention 1')
    for (let count = 2; count <= 6; count++) {
      await page.getByLabel('Add a convention').focus()
      await page.getByLabel('Add a convention').selectOption({ index: 1 })
      await page.getByLabel(`Convention ${count}`).waitFor()
    }
    await expect.poll(() => focused(page)).toBe('Convention 6')
    const network = await visit('#/network')
    await network.getByRole('button', { name: '225', exact: true }).press('Enter')
    await network.getByText('= On 225').waitFor()
    await expect.poll(() => focused(network)).toBe('Sizes without drift')
  })
})

describe('the theme', () => {
  it('is the reader’s, and stays', async () => {
    const page = await visit('#/one-axis', { colorScheme: 'light' })
    const paper = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor') as Promise<string>
    const light = await paper()
    const button = page.getByRole('button', { name: /^Theme/ })
    await button.click()
    await button.click()
    await expect.poll(() => button.innerText()).toBe('Theme: dark')
    await expect.poll(paper).not.toBe(light)
    const dark = await paper()
    await page.reload()
    await expect.poll(paper).toBe(dark)
    await expect.poll(() => hashOf(page)).not.toContain('dark')
    await button.click()
    await expect.poll(paper).toBe(light) // the system's again
  })
})

it('looks as the README shows it', async () => {
  const page = await visit('#/one-axis?output=1', { viewport: { width: 1200, height: 764 }, deviceScaleFactor: 1.5 })
  const path = join(import.meta.dirname, '../../build/explorer/readme.png')
  const shown = decode(readFileSync(join(import.meta.dirname, '../../docs/explorer.png')))
  const different = async (): Promise<number> => {
    await page.screenshot({ path, animations: 'disabled' }) // to be copied to docs/explorer.png after a change of its looks
    const now = decode(readFileSync(path))
    expect([now.width, now.height, now.channels]).toEqual([shown.width, shown.height, shown.channels])
    const isOther = (_: unknown, pixel: number): boolean =>
      Math.abs(now.data[pixel * now.channels] - shown.data[pixel * now.channels]) > 48
    return Array.from({ length: now.width * now.height }).filter(isOther).length / (now.width * now.height)
  }
  await expect.poll(different).toBeLessThan(0.05) // letters are not alike on all machines
})

it('works where WebAssembly is forbidden', async () => {
  const page = await visit('#/one-axis', {}, 'strict/')
  await expect.poll(() => page.locator('rect.small').count()).toBe(8)
})
