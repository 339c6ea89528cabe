import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { STEPS } from '../../explorer/views/training/curve.ts'
import { Learner } from '../../explorer/views/training/learner.ts'
import { isSound, useChromium, visit } from './explorer-page.ts'

useChromium()

const said = (page: Page): Promise<string> => page.locator('.learned').innerText()
const stepsOf = async (page: Page): Promise<number> => Number(await page.locator('progress').getAttribute('value'))
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

describe('a network that learns in the page', () => {
  it('begins as it does elsewhere, and its loss falls while it is drawn', async () => {
    const page = await visit('#/training?seed=11')
    await expect.poll(() => said(page)).toContain('It has learned nothing yet')
    await press(page, 'Start')
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(0)
    const early = await stepsOf(page)
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(early) // without a touch
    await expect.poll(() => stepsOf(page), { timeout: 50_000 }).toBeGreaterThan(STEPS / 2)

    const here = new Learner(11, 32)
    here.learn()
    const [first] = here.look(false).losses
    const [, began, ended, right] =
      /began at ([\d.]+) and is ([\d.]+); ([\d.]+) %/.exec(await said(page))?.map(Number) ?? []
    expect(began).toBeCloseTo(first, 2)
    expect(ended).toBeLessThan(began / 2)
    expect(right).toBeGreaterThan(75)
    const [points, steps] = (await page.evaluate(
      `[document.querySelector('.loss-each').getAttribute('d').split(/[ML]/).length - 1, document.querySelector('progress').value]`,
    )) as [number, number]
    expect(points).toBe(steps)
    await expect.poll(() => page.getByRole('region', { name: 'New pictures' }).getByRole('img').count()).toBe(8)
  })

  it('waits, goes on, and begins anew, by keys', async () => {
    const page = await visit('#/training?batch=256', { reducedMotion: 'reduce' })
    await page.getByRole('button', { name: 'Start' }).press('Enter')
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Pause' }).press('Enter')
    await page.getByRole('button', { name: 'Continue' }).waitFor()
    // A last look may still come; then it stands for longer than from one look to the next.
    let steps = -1
    const stands = async () => {
      const before = steps
      steps = await stepsOf(page)
      return steps === before
    }
    await expect.poll(stands, { interval: 700 }).toBe(true)
    await press(page, 'Reset the network')
    await expect.poll(() => stepsOf(page)).toBe(0)
    await page.getByRole('textbox', { name: 'seed' }).fill('x')
    await expect
      .poll(() => page.getByRole('alert').innerText())
      .toContain("the seed must be an integer of 0 to 99999, got 'x'")
    await press(page, 'Start')
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(0)
  })

  it('has no fault that axe-core knows, and fits', async () => {
    const page = await visit('#/training?batch=256')
    await press(page, 'Start')
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(5)
    await press(page, 'Pause')
    await isSound(page, 'training')
  })
})
