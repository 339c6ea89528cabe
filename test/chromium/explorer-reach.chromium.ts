import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { viewNames } from '../../explorer/views/states.ts'
import { stateOf, useChromium, visit } from './explorer-page.ts'

useChromium()

/** What holds the focus: whether it is one of all that can hold it, and how it is seen. */
interface Stop {
  readonly isOne: boolean
  readonly all: number
  /** What of all of them never had it. */
  readonly missed: readonly string[]
  readonly name: string
  readonly isMarked: boolean
  readonly isInSight: boolean
}

// Runs in the page. Radio buttons of one name are one stop; steps beside a field are for the mouse.
const stopped = `(() => {
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true })
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && isSeen(one))
    .filter((one) => one.type !== 'radio' || one.checked)
  const focus = document.activeElement
  const marked = focus.matches('.chip input, .file input') ? focus.nextElementSibling : focus
  const { outlineStyle, outlineWidth } = getComputedStyle(marked)
  const { left, right, top, bottom } = marked.getBoundingClientRect()
  const nameOf = (one) => (one.labels?.[0]?.textContent || one.getAttribute('aria-label') || one.textContent).trim()
  // Elements, not their places: what is worked out a little later comes between them.
  const had = globalThis.hadTheFocus ??= new WeakSet()
  had.add(focus)
  return {
    isOne: all.includes(focus),
    all: all.length,
    missed: all.filter((one) => !had.has(one)).map(nameOf),
    name: nameOf(focus),
    isMarked: outlineStyle !== 'none' && outlineWidth !== '0px',
    isInSight: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
  }
})()`

const stopOf = (page: Page): Promise<Stop> => page.evaluate(stopped) as Promise<Stop>

/** Goes on by the Tab key until something has the focus whose name begins so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab')
    if ((await stopOf(page)).name.startsWith(name)) return
  }
  throw new Error(`the Tab key never led to '${name}'`)
}

/** Opens a view, and waits until its code came and its drawing stands. */
async function open(view: string, options = {}, query = ''): Promise<Page> {
  const page = await visit(`#/${view}${query}`, options)
  await page.locator('.stage .figure, .stage .card').first().waitFor()
  await page.locator('.stage[aria-busy=true]').waitFor({ state: 'detached' })
  return page
}

describe('the keyboard alone', () => {
  it.each(viewNames)('reaches everything in %s, and what it is at is seen', async (view) => {
    const page = await open(view, {}, '?sample=yes')
    if (view === 'conventions') await page.getByLabel(/^Search/).fill('pytorch same') // of all rows there are hundreds
    await page.getByText('Skip to the drawing').focus()
    await page.keyboard.press('Shift+Tab')
    const stops: Stop[] = []
    for (let step = 0; step < 200; step++) {
      await page.keyboard.press('Tab')
      const stop = await stopOf(page)
      if (!stop.isOne) break // behind the last one
      stops.push(stop)
    }
    const { all, missed } = await stopOf(page)
    expect(missed).toEqual([])
    expect(stops.filter(({ isMarked, isInSight }) => !isMarked || !isInSight)).toEqual([])
    expect(all).toBeGreaterThan(10)
  })

  it('leads through the story, from it into a view, and through all views', async () => {
    const page = await visit('')
    const told = page.locator('.told')
    for (let step = 1; step < 6; step++) {
      await expect.poll(() => told.innerText()).toContain(`${step} of 6`)
      await tabTo(page, 'Next')
      await page.keyboard.press('Enter')
    }
    await tabTo(page, 'One layer')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await stateOf(page)).view).toBe('one-axis')
    // A link is followed where it stands: the next view's is the next stop.
    const links = page.locator('header nav a')
    await links.first().focus()
    for (const [at, view] of viewNames.entries()) {
      await page.keyboard.press('Enter')
      await expect.poll(async () => (await stateOf(page)).view).toBe(view)
      const title = await links.nth(at).innerText()
      await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
      await page.keyboard.press('Tab')
    }
  })

  it('changes what is drawn in every view of a layer', async () => {
    let page = await open('one-axis')
    await tabTo(page, 'Output')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.locator('.reads').innerText()).toContain('reads cells 2, 3, 4')
    await page.keyboard.press('End')
    await expect.poll(async () => (await stateOf(page)).output).toBe(3)
    page = await open('two-axes')
    await tabTo(page, 'Row')
    await page.keyboard.press('ArrowRight')
    await tabTo(page, 'Column')
    await page.keyboard.press('End')
    await tabTo(page, 'Numbers')
    await page.keyboard.press('Space')
    await expect.poll(() => stateOf(page)).toMatchObject({ output: 1, output2: 4, values: 'yes' })
    page = await open('network')
    await tabTo(page, 'First convention')
    await page.keyboard.press('ArrowDown')
    await expect.poll(async () => (await stateOf(page)).first).toBe('lower')
    page = await open('code')
    await tabTo(page, 'PyTorch')
    await page.keyboard.press('ArrowRight')
    await expect.poll(async () => (await stateOf(page)).to).toBe('tensorflow')
  })
})

describe('at 200 % of a window of 1280 x 900', () => {
  // A page at twice the size has half the room.
  const options = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }

  it.each([
    ['one-axis', 'kernel', '.figure rect.small.chosen'],
    ['two-axes', 'kernel', '.figure .outline'],
    ['network', 'input', '.figure .first-b'],
  ] as const)('a number of %s and its effect are seen together', async (view, label, effect) => {
    const page = await open(view, options)
    await page.locator('summary', { hasText: 'Settings' }).press('Enter')
    const field = page.getByLabel(label, { exact: true }).first()
    await field.press('ArrowUp')
    const looks = async () => {
      const [number, drawn, settings] = await Promise.all(
        [field, page.locator(effect).first(), page.locator('.settings')].map(async (one) => (await one.boundingBox())!),
      )
      return {
        isNumberInSight: number.y >= settings.y && number.y + number.height <= 451,
        isDrawnInSight: drawn.y >= 0 && drawn.y + drawn.height <= settings.y, // not behind the settings
      }
    }
    await expect.poll(looks).toEqual({ isNumberInSight: true, isDrawnInSight: true })
    const drawing = (): Promise<string> => page.locator('.figure svg').first().innerHTML()
    const before = await drawing()
    await field.press('ArrowUp')
    await expect.poll(drawing).not.toBe(before)
  })
})

describe('what is wider than the page', () => {
  it('says that there is more at the side, until all of it was seen', async () => {
    const page = await visit('#/network', { viewport: { width: 360, height: 740 } })
    const table = page.getByRole('region', { name: 'Table of layers' })
    const around = page.locator('.scrolling', { has: table })
    await expect.poll(() => around.innerText()).toContain('more at the side →')
    await expect.poll(() => around.getAttribute('data-unseen')).toBe('right')
    await table.focus()
    for (let press = 0; press < 12; press++) await page.keyboard.press('ArrowRight')
    await expect.poll(() => around.getAttribute('data-unseen')).toBe('left')
    await page.setViewportSize({ width: 1280, height: 740 })
    await expect.poll(() => around.getAttribute('data-unseen')).toBe('')
    await expect.poll(() => around.locator('.more').count()).toBe(0)
  })

  it('never hides anything else: what scrolls sideways has a sign', async () => {
    for (const view of viewNames) {
      const page = await open(view, { viewport: { width: 360, height: 740 } }, '?sample=yes&nodes=all')
      const silent = (): Promise<string[]> =>
        page.evaluate(`[...document.querySelectorAll('main *')].filter((one) => {
        const { overflowX } = getComputedStyle(one)
        const cuts = one.scrollWidth > one.clientWidth + 1 && (overflowX === 'auto' || overflowX === 'scroll')
        return cuts && !one.parentElement.matches('.scrolling[data-unseen~=right]')
      }).map((one) => one.className + ' ' + one.getAttribute('aria-label'))`) as Promise<string[]>
      await expect.poll(silent).toEqual([]) // some of it is drawn a little later
    }
  })
})
