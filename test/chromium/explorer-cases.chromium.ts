import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { hashOf, overflow, rightOf, useChromium, visit } from './explorer-page.ts'
import { seen, seenUnder } from './explorer-seen.ts'

useChromium()

const nothingAmiss = { chosen: true, outside: 0, cut: [], empty: 0, cells: true }

describe('a layer that is larger than its drawing', () => {
  it.each([
    ['#/two-axes?input=65&width=65&stride=1&stride2=1&dilation=12&dilation2=12&rules=tf+same;pytorch+p12', 9],
    ['#/one-axis?input=33&kernel=3&stride=1&dilation=36&rules=tf+same', 3],
    ['#/two-axes?input=2000&width=2000&kernel=31&kernel2=31&rules=pytorch+p1', undefined],
    ['#/two-axes?input=224&width=224&kernel=11&kernel2=11&stride=4&stride2=4&rules=pytorch+p2', 121],
    ['#/one-axis?input=224&kernel=3&stride=2&output=50&rules=tf+same;pytorch+p1', 3],
    [
      '#/one-axis?input=2000&kernel=31&stride=17&rules=tf+same;pytorch+p1;pytorch+p15;onnx+SAME_LOWER;tf+valid;pytorch+p3',
      31,
    ],
  ] as const)('%s shows the window that is chosen', async (hash, taps) => {
    const page = await visit(hash)
    await expect.poll(() => seen(page)).toMatchObject(nothingAmiss)
    const what = await seen(page)
    if (taps !== undefined) expect(what.taps + what.summed).toBe(taps)
    else expect(what.taps).toBeGreaterThan(100)
    const texts = await page.locator('.figure .scroll svg').first().textContent()
    expect(texts).toMatch(/\+\d/) // how many cells are left out
    await expect.poll(() => page.getByText('leaves cells out').count()).toBe(0)
  })

  /** Layers of all kinds: coprime steps through the sizes, so that every pair of them comes together sooner or later. */
  const layers = (view: string, count: number): string[] =>
    Array.from({ length: count }, (_, at) => {
      const pick = (list: readonly number[], step: number): number => list[(at * step + (at >> 3)) % list.length]
      const input = pick([1, 4, 9, 33, 64, 224, 513, 1000, 4096], 5)
      const kernel = pick([1, 2, 3, 4, 5, 7, 11, 31, 63], 7)
      const [stride, dilation] = [pick([1, 2, 3, 5, 16, 64], 5), pick([1, 2, 3, 12, 36, 64], 7)]
      const rules = ['tf+same;pytorch+p1', 'onnx+SAME_LOWER', 'tf+same;pytorch+p40;onnx+SAME_LOWER', 'pytorch+p64'][
        at % 4
      ]
      const op = ['conv', 'conv', 'convTranspose', 'maxPool', 'averagePool'][at % 5]
      const along = `op=${op}&input=${input}&kernel=${kernel}&stride=${stride}&dilation=${dilation}&rules=${rules}`
      const across = `width=${pick([9, 224, 65, 4096], 3)}&kernel2=${kernel}&stride2=${stride}&dilation2=${dilation}`
      return `#/${view}?${along}&output=${pick([0, 1, 40, 5000], 3)}&${across}&output2=${at % 50}`
    })

  it.each([
    ['one-axis', 1280, 110],
    ['one-axis', 360, 110],
    ['two-axes', 1280, 100],
    ['two-axes', 360, 80],
  ] as const)(
    'never leaves a card of %s empty at %i pixels: sizes to 4096, kernels to 63, dilation to 64',
    async (view, width, count) => {
      const page = await visit(`#/${view}`, { viewport: { width, height: 800 } })
      const list = layers(view, count)
      const all = await seenUnder(page, list)
      // Windows that do not fit are refused, and so are some pools.
      const isRefused = ({ cells, taps }: (typeof all)[number]): boolean => !cells && taps === 0
      expect(all.filter(isRefused).length).toBeLessThan(count / 3)
      const amiss = all.flatMap((one, at) => {
        const wrong = Object.entries(nothingAmiss).some(
          ([name, value]) => String(one[name as keyof typeof one]) !== String(value),
        )
        return wrong && !isRefused(one) ? [`${list[at]}: ${JSON.stringify(one)}`] : []
      })
      expect(amiss).toEqual([])
      await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
    },
    300_000,
  )
})

describe('what nobody reads', () => {
  it('is hollow and named: transposed, cells that get only the bias', async () => {
    const page = await visit('#/one-axis?op=convTranspose&input=4&kernel=2&stride=3&rules=tf+same')
    const figure = page.locator('figure')
    await expect.poll(() => figure.innerText()).toContain('cells 2, 5, 8, 11 get only the bias')
    const text = await figure.innerText()
    expect(text).toContain('1 cell added at the end')
    expect(text).not.toContain('-1')
    await expect
      .poll(async () => (await page.locator('path.large.hollow').getAttribute('d'))!.split('M').length - 1)
      .toBe(4)
    await expect.poll(() => page.locator('.legend').innerText()).toContain('only the bias')
  })

  it('is hollow and named: cells between windows', async () => {
    const page = await visit('#/one-axis?input=8&kernel=2&stride=4&rules=tf+valid')
    await expect.poll(() => page.locator('figure').innerText()).toContain('cells 2, 3, 6, 7 are read by no output')
    await expect
      .poll(async () => (await page.locator('path.large.hollow').getAttribute('d'))!.split('M').length - 1)
      .toBe(4)
  })
})

describe('two axes', () => {
  it('follow the pointer on every grid, with both sliders', async () => {
    const page = await visit('#/two-axes')
    const grids = page.locator('.figure .scroll svg > g')
    const outline = async (at: number): Promise<string> => {
      const box = grids.nth(at).locator('.outline')
      return `${await box.getAttribute('x')} ${await box.getAttribute('y')}`
    }
    const before = [await outline(0), await outline(1)]
    const target = (await grids.nth(1).locator('rect.cells').boundingBox())!
    await page.mouse.move(target.x + target.width - 10, target.y + target.height - 10)
    await expect.poll(() => outline(1)).not.toBe(before[1])
    await expect.poll(() => outline(0)).not.toBe(before[0])
    const sliders = await page.getByRole('slider').all()
    await expect.poll(() => Promise.all(sliders.map((slider) => slider.inputValue()))).toEqual(['3', '4'])
  })

  it('have what one axis has: marks, a legend, play, the verdict for all sizes, the derivation', async () => {
    const page = await visit('#/two-axes')
    await expect.poll(() => page.locator('.legend').innerText()).toContain('not as in the first drawing')
    await expect.poll(() => page.locator('.map .mark').last().getAttribute('d')).toContain('M')
    await page.getByRole('region', { name: 'For every input height' }).waitFor()
    await page.getByRole('region', { name: 'Derivation of the width' }).waitFor()
    await page.getByRole('button', { name: 'Play' }).click()
    await expect.poll(() => page.getByRole('slider').last().inputValue(), { timeout: 20_000 }).not.toBe('0')
    await page.getByRole('button', { name: 'Pause' }).click()
  })
})

describe('two axes on a telephone', () => {
  const places = (page: Page) =>
    page.evaluate(`['.figure svg', '.steps-of-two', '.settings'].map((name) => {
      const { top, bottom } = document.querySelector(name).getBoundingClientRect()
      return { top, bottom }
    })`) as Promise<{ top: number; bottom: number }[]>

  it.each(['', '?stride=1&stride2=1', '?op=convTranspose&input=4&width=4'])(
    'both drawings of a small layer%s and their sliders are seen together',
    async (setting) => {
      const page = await visit(`#/two-axes${setting}`, { viewport: { width: 360, height: 740 } })
      await page.evaluate("document.querySelector('.figure .scroll').scrollIntoView()")
      const isSeen = async (): Promise<boolean> => {
        const [drawing, sliders, settings] = await places(page)
        return drawing.top >= -1 && drawing.bottom <= sliders.top && sliders.bottom <= settings.top
      }
      await expect.poll(isSeen).toBe(true)
      await expect.poll(() => seen(page)).toMatchObject({ chosen: true, outside: 0, cut: [] })
    },
  )

  it('the sliders stay in sight beside a drawing that is longer than the screen', async () => {
    const page = await visit('#/two-axes?input=64&width=64', { viewport: { width: 360, height: 740 } })
    await page.evaluate("document.querySelector('.figure .scroll').scrollIntoView()")
    const isSeen = async (): Promise<boolean> => {
      const [drawing, sliders, settings] = await places(page)
      return drawing.bottom > 740 && sliders.top > 500 && sliders.bottom <= settings.top + 1
    }
    await expect.poll(isSeen).toBe(true)
  })
})

describe('numbers in the cells of two axes', () => {
  it('show kernel, values, products and the sum, and every output that reads a cell', async () => {
    const page = await visit('#/two-axes?rules=tf+same')
    await page.getByLabel('Numbers').check()
    await expect.poll(() => hashOf(page)).toContain('values=yes')
    // Rows of the input are 3 1 4 1 5 ..., 9 2 6 5 3 ..., 5 8 9 7 9 ...; those of the kernel 1 2 3, 3 1 2, 2 3 1.
    const sum = '3×2 + 1×3 + 9×1 + 2×2 + 5×3 + 8×1 = 45'
    await expect.poll(() => page.locator('.reads').innerText()).toContain(sum)
    await expect.poll(() => page.locator('.map ~ g text.chosen').textContent()).toBe('45')
    const weighed = page.locator('.weight-of')
    await expect.poll(() => weighed.allTextContents()).toEqual(['×1', '×2', '×3', '×3', '×1', '×2', '×2', '×3', '×1'])
    await expect.poll(() => seen(page)).toMatchObject(nothingAmiss)
    const cells = (await page.locator('rect.cells').first().boundingBox())!
    await page.mouse.move(cells.x + (cells.width * 2.5) / 9, cells.y + (cells.height * 2.5) / 8)
    await expect
      .poll(() => page.locator('.reads').innerText())
      .toContain('the cell in row 2, column 2 is read by 2 outputs: rows 0 and 1, column 1')
    await expect
      .poll(async () => (await page.locator('.readers path.pointed').getAttribute('d'))!.split('M').length - 1)
      .toBe(2)
    await page.mouse.move(2, 2)
    await expect.poll(() => page.locator('.readers').count()).toBe(0)
  })

  it.each([
    'op=convTranspose',
    'op=averagePool',
    'kernel=5&kernel2=5&stride=1',
    'input=12&width=12&rules=pytorch+p1+reflect',
  ])('of %s stand inside of them at 360 pixels', async (setting) => {
    const page = await visit(`#/two-axes?values=yes&${setting}`, { viewport: { width: 360, height: 740 } })
    await page.locator('.reads .sum').first().waitFor()
    await expect.poll(() => seen(page)).toMatchObject(nothingAmiss)
    const outside = (): Promise<number> =>
      page.evaluate(`[...document.querySelectorAll('.map ~ g text.value')].filter((text) => {
        const [box, map] = [text, text.closest('g').parentNode.querySelector('.map-cells')].map((one) => one.getBoundingClientRect())
        return box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom
      }).length`) as Promise<number>
    await expect.poll(outside).toBe(0)
  })

  it('are not offered for a layer that is too large', async () => {
    const page = await visit('#/two-axes?input=64&values=yes')
    await expect.poll(() => page.getByLabel('Numbers').count()).toBe(0)
    await expect.poll(() => page.locator('.reads .sum').count()).toBe(0)
  })
})

describe('a convention of two numbers', () => {
  it('is not suggested where PyTorch takes one, and the refusal says what to write instead', async () => {
    const page = await visit('#/one-axis')
    const suggested = (await page.evaluate(
      "[...document.querySelector('datalist').options].map(({ value }) => value)",
    )) as string[]
    expect(suggested.filter((rule) => /\bp\d+,\d/.test(rule))).toEqual([])
    const field = page.getByLabel('Convention 2')
    await field.fill('pytorch p0,1')
    await expect.poll(() => page.locator('.reads').innerText()).toMatch(/one number for both sides; write F\.pad/)
    // What it says is suggested: F.pad, then the layer.
    expect(suggested).toContain('pytorch pad0,1')
    await field.fill('pytorch pad0,1')
    await expect.poll(() => page.locator('.reads .fault').count()).toBe(0)
    await expect.poll(() => page.locator('.figure .scroll svg').first().textContent()).toContain('the same as tf same')
  })

  it.each([360, 1280])(
    'dilations of both axes, one after the other: the refusal is whole at %i pixels',
    async (width) => {
      const page = await visit('#/two-axes?op=maxPool&rules=tf+same', { viewport: { width, height: 800 } })
      if (width < 960) await page.locator('summary', { hasText: 'Settings' }).click()
      for (const axis of [0, 1]) {
        await page.getByLabel('dilation', { exact: true }).nth(axis).press('ArrowUp')
        const refusal = page.locator('.reads .fault')
        await expect
          .poll(() => refusal.innerText())
          .toContain('strides > 1 not supported in conjunction with dilation > 1; write')
        await expect.poll(() => rightOf(refusal)).toBeLessThanOrEqual(width)
        const cut =
          "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.reads .fault'))"
        await expect.poll(() => page.evaluate(cut)).toBeLessThanOrEqual(0)
      }
      await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    },
  )
})

describe('one axis', () => {
  it('shows every output that reads the cell under the pointer', async () => {
    const page = await visit('#/one-axis?rules=tf+same')
    const box = (await page.locator('path.large.cell').first().boundingBox())!
    await page.mouse.move(box.x + box.width * (2.5 / 8), box.y + 10)
    await expect.poll(() => page.locator('.reads').innerText()).toContain('cell 2 is read by outputs 0, 1')
    await expect.poll(() => page.locator('.readers .tap').count()).toBe(2)
  })

  it('shows kernel, values and the sum on demand', async () => {
    const page = await visit('#/one-axis?rules=tf+same')
    await page.getByLabel('Numbers').check()
    // Cells hold 3 1 4 1 5 ..., the kernel is 1 2 3.
    await expect.poll(() => page.locator('.reads').innerText()).toContain('3×1 + 1×2 + 4×3 = 17')
    await expect.poll(() => page.locator('.figure .scroll svg').textContent()).toContain('17')
    await expect.poll(() => hashOf(page)).toContain('values=yes')
  })
})
