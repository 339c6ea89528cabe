import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { initial, parse, print, type State } from '../../explorer/state/url.ts'
import { type Shown, shownOf } from '../../explorer/views/picture/model.ts'
import { type Pixels, tensorOf } from '../../explorer/views/picture/paint.ts'
import { LONGEST_SIDE } from '../../explorer/views/picture/state.ts'
import { canvases, faultsOf, hashOf, overflow, picture, stateOf, useChromium, visit } from './explorer-page.ts'

useChromium()

const photos = join(import.meta.dirname, '../../explorer/views/picture/photo')

/** A photo's file as a canvas has it. */
function pixelsOf(file: Buffer): Pixels {
  const { width, height, data, channels } = decode(file)
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) pixels[4 * pixel + channel] = data[channels * pixel + channel]
  }
  return { width, height, data: pixels }
}

const cat = pixelsOf(readFileSync(join(photos, 'chelsea.png')))

/** What the page should show, computed here. */
const expected = async (state: State, photo = cat): Promise<Shown> =>
  (await shownOf(tensorOf(photo), { ...state, sizes: state }))!

/** Pixels in short: a comparison of all of them in words would take longer than to compute them. */
const digest = ({ width, height, data }: Pixels): string =>
  `${width} x ${height} ${createHash('sha256').update(data).digest('hex').slice(0, 16)}`

/** Waits until all that was asked for is computed, and gives what the canvases show, in short. */
async function shown(page: Page): Promise<string[]> {
  await page.locator('.stage[aria-busy=false] canvas').first().waitFor()
  return (await canvases(page)).map(digest)
}

/** The view on the photo as it is, which is computed here too: a canvas may make it smaller in a way of its own. */
const open = (state: Partial<State>, path?: string): Promise<Page> =>
  visit(print({ ...initial, view: 'picture', side: LONGEST_SIDE, ...state }), {}, path)

/** A photo of one's own: lopsided, and nothing in it alike. */
const own = { width: 23, height: 16, channels: 3, data: Uint8Array.from({ length: 1104 }, (_, at) => (at * 53) % 251) }
const file = { name: 'own.png', mimeType: 'image/png', buffer: Buffer.from(encode(own)) }

describe('on a picture', () => {
  it.each([
    {},
    { filter: 'sharpen', kernel: 4, stride: 1, depth: 1, rules: ['tf same', 'onnx SAME_LOWER', 'pytorch p2 reflect'] },
    { filter: { rows: 2, columns: 3, data: [1, 0, -1, 3, 2, -4] }, stride: 3, dilation: 2, gain: 'auto' },
  ] as const)('every pixel is what the conventions say: %o', async (some) => {
    const page = await open(some)
    const { shots, besides } = await expected({ ...initial, ...some })
    const pictures = [...shots.flatMap(({ made }) => made ?? []), ...besides].map(({ pixels }) => digest(pixels))
    await expect.poll(() => shown(page)).toEqual([...pictures, digest(cat)])
    await expect.poll(() => page.locator('.stage').innerText()).toContain('by a WebAssembly program')
  })

  it('conventions that agree have no difference, others a shift', async () => {
    const page = await open({ rules: ['tf same', 'jax same', 'pytorch p1'] })
    await shown(page)
    const words = (): Promise<string[]> => page.locator('.stage').getByRole('status').allInnerTexts()
    const differ = /^◆ (All|9\d(\.\d)? %) of the pixels differ, by .* levels on average and \d+ at most; white is 255/
    await expect.poll(words).toMatchObject(['= Equal at all pixels.', expect.stringMatching(differ)])
    const text = await page.locator('.stage').innerText()
    expect(text).toContain('jax same is not shifted')
    expect(text).toContain(
      'pytorch p1 reads 3 pixels higher and 2 pixels further left than tf same, so its picture has moved: 0.38 pixels lower and 0.25 pixels further right. A pixel of the result is 8 of the photo.',
    )
    await page.getByLabel('stride', { exact: true }).fill('1')
    await expect.poll(() => page.locator('.stage').innerText()).not.toContain('◆')
  })

  it('moves at first by as much as is seen: nearly a pixel of what three layers leave, which blink in one place', async () => {
    const page = await visit('#/picture')
    const [first, second] = await shown(page)
    await expect.poll(() => page.locator('.stage').innerText()).toContain('0.88 pixels further right')
    await page.getByRole('button', { name: 'Blink' }).click()
    await expect.poll(async () => (await shown(page))[2]).toBe(second)
    await expect.poll(async () => (await shown(page))[2]).toBe(first)
    await page.getByRole('button', { name: 'Pause' }).click()
  })

  it('each takes the place of the difference when it is asked for', async () => {
    const page = await open({})
    const [first, second, difference] = await shown(page)
    await page.getByRole('radio', { name: 'Difference' }).press('ArrowRight')
    await expect.poll(async () => (await shown(page))[2]).toBe(first)
    await page.getByRole('radio', { name: 'tf same' }).press('ArrowRight')
    await expect.poll(async () => (await shown(page))[2]).toBe(second)
    await page.getByRole('radio', { name: 'Difference' }).check()
    await expect.poll(async () => (await shown(page))[2]).toBe(difference)
  })

  it('own numbers begin with those of the preset; nonsense leaves the last good picture', async () => {
    const page = await open({ filter: 'edges-across', kernel: 3 })
    const before = await shown(page)
    await page.getByLabel('Weights').selectOption('own numbers')
    const field = page.getByLabel('3 x 3 numbers, a row to a line')
    await expect.poll(() => field.inputValue()).toBe('-0.25 0 0.25\n-0.5 0 0.5\n-0.25 0 0.25')
    await expect.poll(() => shown(page)).toEqual(before)
    const link = await hashOf(page)
    for (const [text, message] of [
      ['1 2\n3', 'every row must have 2 weights like the first, got 1'],
      ['1 two', "every weight must be a number of at most a million, got 'two'"],
    ]) {
      await field.fill(text)
      await expect.poll(() => page.getByRole('alert').innerText()).toBe(message)
      await expect.poll(() => hashOf(page)).toBe(link)
      await expect.poll(() => shown(page)).toEqual(before)
    }
    await page.getByRole('textbox', { name: 'numbers' }).fill('0 1')
    await expect.poll(() => stateOf(page).then((state) => state.filter)).toEqual({ rows: 1, columns: 2, data: [0, 1] })
    const { shots } = await expected(await stateOf(page))
    await expect.poll(async () => (await shown(page))[0]).toBe(digest(shots[0].made!.pixels))
  })

  it('what cannot be computed is said in the words of the library, beside the last good picture', async () => {
    const page = await open({})
    const before = await shown(page)
    await page.getByLabel('kernel', { exact: true }).fill('0')
    await expect
      .poll(() => page.getByRole('alert').innerText())
      .toMatch(/^kernel must be an integer of at least 1, got 0$/)
    await page.getByLabel('kernel', { exact: true }).fill('99')
    await expect.poll(() => page.getByRole('alert').innerText()).toBe("a picture's kernel must be at most 31, got 99")
    await expect.poll(() => shown(page)).toEqual(before)
    await page.getByLabel('kernel', { exact: true }).fill('3')
    await page.getByLabel('Convention 2').fill('pytorch same')
    await expect.poll(() => page.locator('.stage').innerText()).toContain('refuses: ')
  })

  it('a link reopened computes the same', async () => {
    const page = await open({})
    await page.getByLabel('Weights').selectOption('emboss')
    await page.getByLabel('kernel', { exact: true }).fill('5')
    await page.getByRole('textbox', { name: 'longer side' }).fill('300')
    await page.getByLabel('Differences').selectOption('16')
    const { state, complaints } = parse(await hashOf(page))
    expect(complaints).toEqual([])
    expect(state).toEqual({ ...initial, view: 'picture', filter: 'emboss', kernel: 5, side: 300, gain: '16' })
    const again = await visit(await hashOf(page))
    await expect.poll(() => shown(again)).toEqual(await shown(page))
    await expect.poll(async () => (await shown(page))[3]).toMatch(/^300 x 200 /)
  })

  it('a result is saved as it is shown', async () => {
    const page = await open({})
    const [first] = await shown(page)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: /^Save PNG/ })
        .first()
        .click(),
    ])
    expect(digest(pixelsOf(readFileSync(await download.path())))).toBe(first)
  })
})

describe('a photo of one’s own', () => {
  it('is chosen, stays out of the link, and is left again', async () => {
    const page = await open({})
    await shown(page)
    const link = await hashOf(page)
    await page.getByLabel('Choose a photo…').setInputFiles(file)
    const photo = pixelsOf(file.buffer)
    await expect.poll(async () => (await shown(page))[3]).toBe(digest(photo))
    const { shots } = await expected(await stateOf(page), photo)
    await expect.poll(async () => (await shown(page))[0]).toBe(digest(shots[0].made!.pixels))
    await expect.poll(() => hashOf(page)).toBe(link)
    await page.getByRole('link', { name: 'One axis' }).click()
    await page.getByRole('link', { name: 'On a picture' }).click()
    await expect.poll(async () => (await shown(page))[3]).toBe(digest(photo))
    await page.getByRole('button', { name: 'The cat again' }).click()
    await expect.poll(async () => (await shown(page))[3]).toBe(digest(cat))
  })

  it.each(['drop', 'paste'])('is taken from a %s', async (kind) => {
    const page = await open({})
    await shown(page)
    await page.evaluate(`(async () => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from([${[...file.buffer]}])], 'own.png', { type: 'image/png' }))
      const event = '${kind}' === 'drop'
        ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
        : new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
      document.body.dispatchEvent(event)
    })()`)
    await expect.poll(async () => (await shown(page))[3]).toBe(digest(pixelsOf(file.buffer)))
  })

  it('that is none is refused, and the one before stays', async () => {
    const page = await open({})
    const before = await shown(page)
    const text = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') }
    await page.getByLabel('Choose a photo…').setInputFiles(text)
    await expect
      .poll(() => page.getByRole('alert').innerText())
      .toBe(
        "a photo must be a picture that this browser can open, such as a PNG or a JPEG that is whole, got 'notes.txt'",
      )
    await expect.poll(() => shown(page)).toEqual(before)
    await expect.poll(() => page.locator('.stage').innerText()).toContain('Chelsea')
    await page.getByLabel('Choose a photo…').setInputFiles(file)
    await expect.poll(async () => (await shown(page))[3]).toBe(digest(pixelsOf(file.buffer)))
    // A photo keeps its own name while a broken file is refused by its name.
    await page.getByLabel('Choose a photo…').setInputFiles({ ...text, name: 'broken.png', mimeType: 'image/png' })
    await expect.poll(() => page.getByRole('alert').innerText()).toContain("got 'broken.png'")
    const caption = await page.locator('.shots').innerText()
    expect(caption).toContain(file.name)
    expect(caption).not.toContain('broken.png')
  })
})

describe('where WebAssembly is forbidden', () => {
  it('the reference computes the same, and the page says so', async () => {
    const page = await open({}, 'strict/')
    const { shots } = await expected(initial)
    await expect
      .poll(async () => (await shown(page)).slice(0, 2))
      .toEqual(shots.map(({ made }) => digest(made!.pixels)))
    const text = await page.locator('.stage').innerText()
    expect(text).toContain("WebAssembly is missing here, or this page's policy forbids it")
    expect(text).toContain('by the reference, plain loops')
  })

  it('and the kernel is large, the page still answers at once', async () => {
    const page = await open({ filter: 'blur', kernel: 31, stride: 1, depth: 1 }, 'strict/')
    await page.locator('.stage[aria-busy=true]').waitFor()
    const field = page.getByLabel('kernel', { exact: true })
    const longest: number[] = []
    // While the worker computes, the page's own turns are short; the best of some rounds, as the machine has other work too.
    for (let kernel = 30; kernel > 20 && !(Math.min(...longest) < 150); kernel--) {
      await field.fill(String(kernel))
      await expect.poll(async () => (await stateOf(page)).kernel).toBe(kernel)
      longest.push(
        (await page.evaluate(`(async () => {
          let [longest, last] = [0, performance.now()]
          for (let frame = 0; frame < 20; frame++) {
            await new Promise((done) => setTimeout(done))
            longest = Math.max(longest, performance.now() - last)
            last = performance.now()
          }
          return longest
        })()`)) as number,
      )
    }
    expect(Math.min(...longest)).toBeLessThan(150)
    await field.fill('5')
    const { shots } = await expected({ ...initial, filter: 'blur', kernel: 5, stride: 1, depth: 1 })
    await expect.poll(async () => (await shown(page))[0], { timeout: 20_000 }).toBe(digest(shots[0].made!.pixels))
  })
})

it('pictures have no fault that axe-core knows, and fit', async () => {
  const page = await open({ rules: ['tf same', 'pytorch p1 reflect', 'pytorch same'] })
  await shown(page)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await faultsOf(page)).toEqual([])
  }
  for (const width of [360, 1280, 3840]) {
    await page.setViewportSize({ width, height: 900 })
    await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
    await picture(page, `picture-computed-${width}`)
  }
})
