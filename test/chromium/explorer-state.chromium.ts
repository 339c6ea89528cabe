import { describe, expect, it } from 'vitest'
import { initial, parse, print } from '../../explorer/state/url.ts'
import { hashOf, stateOf, useChromium, visit } from './explorer-page.ts'

useChromium()

describe('the link', () => {
  it('reopened gives the same state', async () => {
    const page = await visit('#/one-axis')
    await page.getByLabel('kernel', { exact: true }).fill('4')
    await page.getByLabel('dilation', { exact: true }).fill('2')
    await page.getByLabel('Convention 2').fill('onnx SAME_LOWER')
    await page.getByLabel('Operation').selectOption('averagePool')
    await page.getByLabel('Add a convention').selectOption('pytorch p1 ceil')
    await page.getByRole('slider').fill('2')
    const { state, complaints } = parse(await hashOf(page))
    expect(complaints).toEqual([])
    expect(state).toEqual({
      ...{ ...initial, view: 'one-axis' },
      ...{ op: 'averagePool', kernel: 4, dilation: 2, output: 2 },
      rules: ['tf same', 'onnx SAME_LOWER', 'pytorch p1 ceil'],
    })
    const again = await visit(await hashOf(page))
    // What holds for every input size is worked out after the drawing.
    await expect
      .poll(async () => (await again.locator('main').innerText()) === (await page.locator('main').innerText()))
      .toBe(true)
    await expect.poll(() => hashOf(again)).toBe(await hashOf(page))
  })

  it('keeps what other views show on the way through them', async () => {
    const page = await visit(print({ ...initial, chain: 'k5 s2, k3 s2', size: 64, stride: 3 }))
    await page.getByRole('link', { name: 'A network' }).click()
    await expect.poll(() => page.getByLabel('Layers').first().inputValue()).toBe('k5 s2, k3 s2')
    await page.getByRole('link', { name: 'Code' }).click()
    await expect.poll(() => page.getByLabel('stride', { exact: true }).inputValue()).toBe('3')
    await expect.poll(() => stateOf(page)).toMatchObject({ chain: 'k5 s2, k3 s2', size: 64, stride: 3 })
  })

  it('catches up where it changes more often than browsers let it', async () => {
    const page = await visit('#/one-axis?input=200')
    await page.evaluate(`(async () => {
      const slider = document.querySelector('input[type=range]')
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
      for (let at = 1; at <= 90; at++) {
        set.call(slider, String(at))
        slider.dispatchEvent(new InputEvent('input', { bubbles: true }))
        await new Promise((done) => setTimeout(done))
      }
    })()`)
    await expect.poll(() => page.getByRole('slider').inputValue()).toBe('90')
    await expect.poll(async () => (await stateOf(page)).output).toBe(90)
  })

  it('with nonsense shows what it can, and says what it could not', async () => {
    const page = await visit('#/one-axis?input=0&kernel=5&colour=red')
    const alert = page.getByRole('alert')
    await expect.poll(() => alert.innerText()).toContain('input must be an integer of at least 1, got 0')
    await expect.poll(() => alert.innerText()).toContain("there is no setting called 'colour'")
    await expect.poll(() => page.getByLabel('kernel', { exact: true }).inputValue()).toBe('5')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => alert.count()).toBe(0)
    await expect.poll(() => hashOf(page)).toBe('#/one-axis?kernel=5')
  })

  it('with thousands of faults tells the first ones', async () => {
    const page = await visit(`#/one-axis?${Array.from({ length: 3000 }, (_, index) => `x${index}=%`).join('&')}`)
    await expect.poll(() => page.getByRole('alert').getByRole('listitem').count()).toBe(9)
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('and 2992 more')
  })

  it('is copied', async () => {
    const page = await visit('#/one-axis?input=11', { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByRole('button', { name: 'Copy link' }).click()
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(page.url())
  })
})

/** What is on the stage once it has been the same for a while: on a busy machine parts of it come late. */
async function settledStage(page: Awaited<ReturnType<typeof visit>>): Promise<string> {
  let [html, looks] = ['', 0]
  while (looks < 5) {
    await page.waitForTimeout(100)
    const now = await page.locator('.stage').innerHTML()
    looks = now === html ? looks + 1 : 0
    html = now
  }
  return html
}

describe('a field', () => {
  const nonsense = ['', 'many', '0', '-1', '2.5', '1e99', '<b>', '٣']

  it.each([
    ['one-axis', ['input', 'kernel', 'stride', 'dilation']],
    ['two-axes', ['input', 'kernel', 'stride', 'dilation']],
    ['code', ['input', 'kernel', 'stride', 'dilation']],
    ['network', ['input']],
  ] as const)('of %s shows the message of the library and leaves the last good picture', async (view, labels) => {
    const page = await visit(`#/${view}`)
    const before = await settledStage(page)
    const link = await hashOf(page)
    for (const label of labels) {
      for (const field of await page.getByLabel(label, { exact: true }).all()) {
        const good = await field.inputValue()
        for (const text of nonsense) {
          await field.fill(text)
          await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/^\w+ must be .*, got /)
          await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
        }
        await expect.poll(() => page.locator('.stage').innerHTML()).toBe(before)
        await expect.poll(() => hashOf(page)).toBe(link)
        await field.fill(good)
        await expect.poll(() => page.getByRole('alert').count()).toBe(0)
      }
    }
  })

  it.each([
    ['one-axis', 'Convention 1', 'lol same', /^a setting must begin with /],
    ['one-axis', 'Convention 2', 'pytorch p1 s3', /^the fields must say the kernel, stride and dilation/],
    ['network', 'Layers', 'k3 s2, x', /^each word must be /],
    ['network', 'Layers', 'k3 x999', /^there must be at most 200 layers/],
  ] as const)('of words in %s, %s: %s', async (view, label, text, message) => {
    const page = await visit(`#/${view}`)
    const before = await settledStage(page)
    await page
      .getByRole('textbox', { name: label })
      .or(page.getByRole('combobox', { name: label }))
      .fill(text)
    await expect.poll(() => page.getByRole('alert').innerText()).toMatch(message)
    await expect.poll(() => page.locator('.stage').innerHTML()).toBe(before)
  })

  it('fills the fields where a whole layer is given', async () => {
    const page = await visit('#/one-axis')
    const shown = (label: string): Promise<string> => page.getByLabel(label, { exact: true }).inputValue()
    for (const text of ['pytorch p2 k5', 'nn.Conv2d(3, 8, kernel_size=5, padding=2)']) {
      await page.getByRole('combobox', { name: 'Convention 2' }).fill(text)
      await expect.poll(() => Promise.all(['kernel', 'stride'].map(shown))).toEqual(['5', '1'])
      await page.getByRole('combobox', { name: 'Convention 2' }).blur()
      await expect.poll(() => page.getByRole('combobox', { name: 'Convention 2' }).inputValue()).toBe('pytorch p2')
      await page.getByLabel('kernel', { exact: true }).fill('3')
    }
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  })

  it('goes back to what holds on Escape, and says where keys lead too far', async () => {
    const page = await visit('#/one-axis?input=9007199254740980&rules=pytorch+p1')
    const field = page.getByLabel('input', { exact: true })
    await field.fill('many')
    await field.press('Escape')
    await expect.poll(() => field.inputValue()).toBe('9007199254740980')
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    for (let press = 0; press < 2; press++) await field.press('Shift+ArrowUp')
    await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/ must be at most 9007199254740991 /)
  })

  it('is changed by keys and by dragging its label', async () => {
    const page = await visit('#/one-axis')
    const field = page.getByLabel('input', { exact: true })
    await field.press('ArrowUp')
    await expect.poll(() => field.inputValue()).toBe('9')
    await field.press('Shift+ArrowUp')
    await expect.poll(() => field.inputValue()).toBe('19')
    await field.press('Shift+ArrowDown')
    await field.press('Shift+ArrowDown')
    await expect.poll(() => field.inputValue()).toBe('1')
    const box = (await page.locator('label', { hasText: /^kernel$/ }).boundingBox())!
    await page.mouse.move(box.x + 5, box.y + 5)
    await page.mouse.down()
    await page.mouse.move(box.x + 5 + 8 * 4, box.y + 5, { steps: 8 })
    await page.mouse.up()
    await expect.poll(() => page.getByLabel('kernel', { exact: true }).inputValue()).toBe('7')
  })
})
