import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { viewNames } from '../../explorer/views/states.ts'
import { faultsOf, overflow, picture, useChromium, visit } from './explorer-page.ts'

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
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      await picture(page, `${view}-${width}`)
    }
  })

  it('says every drawing in words', async () => {
    const page = await visit(`#/${view}`)
    for (const drawing of await page.getByRole('img').all()) {
      expect((await drawing.getAttribute('aria-label'))?.length).toBeGreaterThan(10)
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
    expect(await focused(network)).toBe('Sizes without drift')
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
    expect(await button.innerText()).toBe('Theme: dark')
    await expect.poll(paper).not.toBe(light)
    const dark = await paper()
    await page.reload()
    await expect.poll(paper).toBe(dark)
    expect(new URL(page.url()).hash).not.toContain('dark')
    await button.click()
    await expect.poll(paper).toBe(light) // the system's again
  })
})

it('looks as the README shows it', async () => {
  const page = await visit('#/one-axis?output=1', { viewport: { width: 1200, height: 764 }, deviceScaleFactor: 1.5 })
  const path = join(import.meta.dirname, '../../build/explorer/readme.png')
  await page.screenshot({ path, animations: 'disabled' }) // to be copied to docs/explorer.png after a change of its looks
  const [now, shown] = [path, join(import.meta.dirname, '../../docs/explorer.png')].map((file) =>
    decode(readFileSync(file)),
  )
  expect([now.width, now.height, now.channels]).toEqual([shown.width, shown.height, shown.channels])
  let different = 0
  for (let at = 0; at < now.data.length; at += now.channels) {
    if (Math.abs(now.data[at] - shown.data[at]) > 48) different++
  }
  expect(different / (now.width * now.height)).toBeLessThan(0.05) // letters are not alike on all machines
})

it('works where WebAssembly is forbidden', async () => {
  const page = await visit('#/one-axis', {}, 'strict/')
  expect(await page.locator('rect.small').count()).toBe(8)
})
