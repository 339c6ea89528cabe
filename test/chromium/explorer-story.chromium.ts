import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diff, fix } from 'samepad/models'
import { describe, expect, it } from 'vitest'
import { viewNames } from '../../explorer/views/states.ts'
import { chain, conv, pads } from '../audit/networks.ts'
import { realModels } from '../models/onnx/real-models.ts'
import { drop, faultsOf, hashOf, overflow, picture, rightOf, stateOf, useChromium, visit } from './explorer-page.ts'

useChromium()

const blazeface = realModels.blazeface.path
const fileOf = (name: string, buffer: Buffer) => ({ name, mimeType: '', buffer })

describe('the story', () => {
  it('is what a first visit shows, and is gone through by keys alone', async () => {
    const page = await visit('')
    await expect.poll(() => page.getByRole('heading', { level: 2 }).innerText()).toBe('Two frameworks, the same shapes')
    const titles: string[] = []
    for (let step = 1; step <= 6; step++) {
      titles.push(await page.getByRole('heading', { level: 2 }).first().innerText())
      await page.locator('.stage .figure, .stage .card').first().waitFor()
      if (step < 6) await page.getByRole('button', { name: 'Next' }).press('Enter')
    }
    expect(new Set(titles).size).toBe(6)
    await expect.poll(async () => (await stateOf(page)).step).toBe('6')
    await page.getByRole('button', { name: 'Back' }).press('Enter')
    await expect.poll(() => page.locator('.stage').textContent()).toContain('513')
    await page.getByRole('link', { name: /^3:/ }).press('Enter')
    await expect.poll(() => page.locator('.stage svg').textContent()).toContain('31 cells apart')
    // The browser's back leads through what was seen, and out of nothing.
    await page.goBack()
    await expect.poll(() => page.locator('.stage').textContent()).toContain('513')
    await page.goBack()
    await expect.poll(() => page.locator('.told').innerText()).toContain('6 of 6')
    await page.goBack()
    await expect.poll(() => page.locator('.told').innerText()).toContain('5 of 6')
  })

  it('finds the face twice, 22 pixels apart, computed in the page', async () => {
    const page = await visit('#/story?step=4')
    await page.locator('rect.found').nth(1).waitFor({ timeout: 55_000 })
    await expect.poll(() => page.locator('figcaption').innerText()).toContain('22 pixels apart')
    await expect.poll(() => page.locator('figcaption').innerText()).toMatch(/4 of its layers .* are padded differently/)
    const [one, two] = await Promise.all([0, 1].map((at) => page.locator('rect.found').nth(at).boundingBox()))
    expect(Math.hypot(one!.x - two!.x, one!.y - two!.y)).toBeGreaterThan(5)
  })

  it.each([360, 1280])('has no fault that axe-core knows and fits %i pixels', async (width) => {
    for (const step of ['1', '2', '3', '5', '6']) {
      const page = await visit(`#/story?step=${step}`, { viewport: { width, height: 800 } })
      expect(await faultsOf(page)).toEqual([])
      await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
      await picture(page, `story-${step}-${width}`)
    }
  })
})

describe('on a small screen', () => {
  it('every mark and word of the story is inside of its drawing', async () => {
    for (const step of ['1', '2', '3', '5']) {
      const page = await visit(`#/story?step=${step}`, { viewport: { width: 360, height: 740 } })
      await page.locator('.stage svg').locator('text, rect, circle').first().waitFor()
      const outside = (): Promise<string[]> =>
        page.evaluate(`(() => {
          const section = document.querySelector('.stage .figure > section').getBoundingClientRect()
          return [...document.querySelectorAll('.stage svg :is(text, rect, circle)')].filter((mark) => {
            const { left, right } = mark.getBoundingClientRect()
            return left < section.left - 1 || right > section.right + 1
          }).map((mark) => mark.outerHTML)
        })()`) as Promise<string[]>
      await expect.poll(outside).toEqual([])
    }
  })

  it('the name of the view is in sight among the others', async () => {
    const page = await visit('#/conventions', { viewport: { width: 360, height: 740 } })
    const link = page.locator('header nav a[aria-current]')
    await expect.poll(async () => (await link.boundingBox())!.x).toBeLessThan(330)
    await expect.poll(() => rightOf(link)).toBeLessThanOrEqual(360)
  })

  it('a number and its effect are seen together', async () => {
    const page = await visit('#/one-axis', { viewport: { width: 360, height: 740 } })
    await page.locator('summary', { hasText: 'Settings' }).click()
    const looks = async () => {
      const field = (await page.getByLabel('kernel', { exact: true }).boundingBox())!
      const cells = (await page.locator('path.large.cell').first().boundingBox())!
      return {
        isCellsInSight: cells.y > 0 && cells.y + cells.height < field.y,
        isFieldInSight: field.y + field.height <= 740,
      }
    }
    await expect.poll(looks).toEqual({ isCellsInSight: true, isFieldInSight: true })
  })
})

describe('a way on', () => {
  it('leads from a layer of a network, and from a node of a model, to one axis', async () => {
    const page = await visit('#/network')
    await page.getByRole('region', { name: 'Table of layers' }).getByRole('link').first().click()
    await expect
      .poll(() => stateOf(page))
      .toMatchObject({
        ...{ view: 'one-axis', kernel: 7, stride: 2, input: 224, rules: ['tf same', 'pytorch p3'] },
      })
    const model = await visit('#/model?sample=yes')
    await model.getByRole('region', { name: 'Table of nodes' }).getByRole('link').first().click()
    await expect
      .poll(() => stateOf(model))
      .toMatchObject({
        ...{ view: 'one-axis', kernel: 5, stride: 2, input: 128, rules: ['onnx p1,2', 'tf same'] },
      })
    await expect.poll(() => model.locator('.figure svg').first().textContent()).toContain('the same as onnx p1,2')
  })

  it('leads back to the beginning', async () => {
    const page = await visit('#/one-axis?input=9&kernel=5&rules=tf+valid')
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(() => hashOf(page)).toBe('#/one-axis')
  })
})

describe('help', () => {
  it('says what words mean, and the command that gives the same answer', async () => {
    const page = await visit('#/one-axis')
    await page.getByText('What do these words mean?').click()
    await expect
      .poll(() => page.locator('.help').innerText())
      .toContain('npx samepad compare "tf same k3 s2" "pytorch p1 k3 s2"')
    await page.locator('.help').getByRole('link', { name: 'All of them' }).click()
    const rows = page.locator('.conventions li')
    await rows.first().waitFor()
    const all = await rows.count()
    await page.getByLabel(/^Search/).fill('pytorch same')
    await expect.poll(() => rows.count()).toBeLessThan(all / 4)
    await expect.poll(() => rows.first().innerText()).toContain('pytorch')
  })

  it('offers the word that was meant', async () => {
    const page = await visit('#/one-axis')
    await page.getByLabel('Convention 2').fill('pytroch p1')
    await page.getByRole('button', { name: 'Did you mean pytorch p1?' }).click()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    await expect.poll(() => page.getByLabel('Convention 2').inputValue()).toBe('pytorch p1')
  })

  it('tells a refusal whole, with what to write instead', async () => {
    const page = await visit('#/one-axis?rules=pytorch+same;tf+same', { viewport: { width: 360, height: 740 } })
    const refusal = page.locator('.reads .fault')
    await expect
      .poll(() => refusal.innerText())
      .toContain('not supported for strided convolutions; write F.pad in front and padding=0')
    await expect.poll(() => rightOf(refusal)).toBeLessThanOrEqual(360)
    const tf = await visit('#/two-axes?op=maxPool&dilation=2&dilation2=2&rules=tf+same')
    await expect
      .poll(() => tf.locator('.reads .fault').innerText())
      .toContain(
        'strides > 1 not supported in conjunction with dilation > 1; write a stride of 1, of whose outputs every s-th is kept',
      )
  })

  it('names a convention of a link that means nothing, and keeps the others', async () => {
    const page = await visit('#/one-axis?rules=tf+same;onnx+SAME_LOWER;foo')
    await expect.poll(() => page.getByRole('alert').innerText()).toContain("the convention 'foo' was left out")
    await expect.poll(() => page.getByLabel('Convention 2').inputValue()).toBe('onnx SAME_LOWER')
    await expect.poll(() => page.getByLabel('Convention 3').count()).toBe(0)
  })
})

describe('numbers', () => {
  it('are explained by the padding that makes them, which is drawn', async () => {
    const page = await visit('#/diagnosis')
    await expect
      .poll(() => page.getByRole('region', { name: 'Explanations' }).innerText())
      .toContain('padding 1 before, 1 after')
    await expect.poll(() => page.locator('.figure rect.small').count()).toBe(3)
    await page.getByLabel(/^output that you got/).fill('321, 543, 65')
    await expect
      .poll(() => page.getByRole('region', { name: 'Explanations' }).innerText())
      .toContain('padding 0 before, 1 after')
    await page.getByLabel(/^output that you got/).fill('1,2,3')
    await page.getByText('No convention gives these numbers').waitFor()
  })
})

describe('models', () => {
  it.each([360, 1280])('of two files are compared, and drawn as two columns at %i pixels', async (width) => {
    const page = await visit('#/model', { viewport: { width, height: 900 } })
    if (width < 960) await page.locator('summary', { hasText: 'Settings' }).click()
    const symmetric = Buffer.from((await fix(blazeface, { to: 'symmetric' })).bytes)
    await page
      .getByLabel('Choose a model')
      .setInputFiles([fileOf('trained.onnx', readFileSync(blazeface)), fileOf('ported.onnx', symmetric)])
    const card = page.getByRole('region', { name: 'Comparison' })
    await card.waitFor()
    await expect.poll(() => card.innerText()).toContain('trained.onnx beside ported.onnx')
    await expect.poll(() => card.innerText()).toContain('◆ 4 of 40 layers differ')
    await expect
      .poll(() => page.getByRole('region', { name: 'Layers that differ' }).locator('tbody tr').count())
      .toBe(4)
    // 40 layers each, and between them the drift, which grows: 1, 3, 7, 15 cells.
    const drawing = page.locator('.figure', { has: page.locator('.drift-bar') })
    await expect.poll(() => drawing.locator('.layer-bar').count()).toBe(80)
    await expect
      .poll(async () => (await drawing.locator('.drift-cells').allTextContents()).slice(0, 4))
      .toEqual(['1', '3', '7', '15'])
    await expect.poll(() => drawing.locator('.layer-bar.symmetric').count()).toBe(4)
    const { drifts, between, outside } = (await page.evaluate(`(() => {
      const boxes = (name) => [...document.querySelectorAll(name)].map((one) => one.getBoundingClientRect())
      const [svg] = boxes('.figure svg')
      const columns = boxes('.figure .layer-bar')
      const drifts = boxes('.drift-bar')
      const [left, right] = [Math.max(...columns.filter((_, at) => at % 2 === 0).map((box) => box.right)), Math.min(...columns.filter((_, at) => at % 2 === 1).map((box) => box.left))]
      return {
        drifts: drifts.map(({ width }) => Math.round(width)),
        between: drifts.every((box) => box.left >= left && box.right <= right),
        outside: boxes('.figure svg text').filter((box) => box.left < svg.left - 1 || box.right > svg.right + 1).length,
      }
    })()`)) as { drifts: number[]; between: boolean; outside: number }
    expect(between).toBe(true)
    expect(outside).toBe(0)
    expect(drifts[0]).toBeLessThan(drifts[39] / 4)
    expect(Math.max(...drifts) / drifts[0]).toBeCloseTo(15, -1)
    expect(await faultsOf(page)).toEqual([])
    await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
    // Each has its own verdict, and the ported one can be mended to pad as the first.
    await expect
      .poll(() => page.getByRole('region', { name: 'Findings in trained.onnx' }).innerText())
      .toMatch(/^trained\.onnx by itself: nothing in it contradicts its padding/)
    await expect.poll(() => page.getByRole('region', { name: 'Findings in ported.onnx' }).count()).toBe(1)
    await expect
      .poll(() => card.innerText())
      .toContain('ported.onnx is wrong, and is mended by padding 4 layers as trained.onnx')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Mend ported\.onnx/ }).click(),
    ])
    expect(download.suggestedFilename()).toBe('ported.fixed.onnx')
    const mended = new Uint8Array(readFileSync(await download.path()))
    expect((await diff(new Uint8Array(readFileSync(blazeface)), mended)).equal).toBe(true)
    await expect.poll(() => card.innerText()).toContain('= Written: ported.fixed.onnx')
  })

  it.each([360, 1280])('of hundreds of layers fold those that are alike at %i pixels, and show each', async (width) => {
    const plain = conv(3, 1, pads(1, 1))
    const same = conv(3, 2, pads(0, 1))
    const block = (count: number) => Array.from({ length: count }, () => plain)
    const bytes = chain([...block(20), same, ...block(150), same, ...block(130)], { input: [1, 2, 64, 64] })
    const page = await visit('#/model', { viewport: { width, height: 900 } })
    await page.locator('input[type=file]').setInputFiles(fileOf('deep.onnx', Buffer.from(bytes)))
    const drawing = page.locator('.figure', { has: page.locator('.drift-bar') })
    await expect.poll(() => drawing.locator('.layer-bar').count()).toBe(5)
    await expect.poll(() => drawing.innerText()).toMatch(/It begins with conv20, and is largest from conv171 on/)
    await drawing.locator('.fold').first().click()
    await expect.poll(() => drawing.locator('.layer-bar').count()).toBe(24)
    await drawing.getByRole('button', { name: 'Show 280 layers' }).click()
    await expect.poll(() => drawing.locator('.layer-bar').count()).toBe(302)
    await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
    await drawing.getByRole('button', { name: 'Fold again' }).click()
    await expect.poll(() => drawing.locator('.layer-bar').count()).toBe(5)
    expect(await faultsOf(page)).toEqual([])
  })

  it('is not what a picture is, which is named; a file that hung is refused, and the next one is read', async () => {
    const page = await visit('#/model')
    const png = readFileSync(join(import.meta.dirname, '../../explorer/public/icon.png'))
    await page.getByLabel('Choose a model').setInputFiles(fileOf('cat.png', png))
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('this is a PNG, not a model')
    const hung = readFileSync(join(import.meta.dirname, '../audit/cases/hostile/hang20.onnx'))
    await page.getByLabel('Choose a model').setInputFiles(fileOf('hang20.onnx', hung))
    await page.locator('.stage[aria-busy=false]').waitFor()
    await page.getByLabel('Choose a model').setInputFiles(blazeface)
    await page.getByText('Padded as TensorFlow SAME').waitFor()
  })

  it.each([360, 1280])('have whose padding it is in sight at %i pixels', async (width) => {
    const page = await visit('#/model?nodes=all', { viewport: { width, height: 900 } })
    const { path } = realModels.detection
    await page.locator('input[type=file]').setInputFiles(path)
    await page.getByRole('region', { name: 'Nodes', exact: true }).waitFor()
    const families = await page.locator('table.nodes tbody tr td:nth-child(2) > span').all()
    expect(families.length).toBeGreaterThan(20)
    for (const family of families.slice(0, 12)) {
      await expect.poll(() => rightOf(family)).toBeLessThanOrEqual(width)
    }
  })

  it('keep the sizes that were typed, in the link too', async () => {
    const page = await visit('#/model')
    const { path, inputs } = realModels.detection
    await page.getByLabel('Choose a model').setInputFiles(path)
    await page.getByRole('textbox', { name: 'p2o.DynamicDimension.1' }).fill(String(inputs.x[2]))
    await page.getByRole('link', { name: 'Code' }).click()
    await page.getByRole('link', { name: 'A model' }).click()
    const field = page.getByRole('textbox', { name: 'p2o.DynamicDimension.1' })
    await expect.poll(() => field.inputValue()).toBe(String(inputs.x[2]))
    await expect.poll(async () => (await stateOf(page)).dims).toEqual({ 'p2o.DynamicDimension.1': inputs.x[2] })
  })

  it('dropped on any view are opened', async () => {
    const page = await visit('#/one-axis')
    await drop(page, blazeface, 'face.onnx')
    await page.getByRole('region', { name: 'Summary' }).waitFor()
    await expect.poll(() => page.getByRole('region', { name: 'Summary' }).innerText()).toContain('face.onnx')
    await expect.poll(() => page.locator('.layer-bar').count()).toBe(40)
    // How far each layer would look elsewhere in a port grows down the column.
    await expect
      .poll(async () => (await page.locator('.drift-cells').allTextContents()).slice(0, 4))
      .toEqual(['1', '3', '7', '15'])
    await expect
      .poll(() => page.locator('.figure .conclusion').innerText())
      .toContain('up to ◆ 15 cells of the input away')
  })
})

it('code has the arguments of the call that it shows, and no others', async () => {
  const page = await visit('#/code')
  const rows = page.getByRole('region', { name: 'Table of arguments' })
  await expect.poll(() => rows.innerText()).not.toMatch(/ksize|window_dimensions/)
})

it('classes of sizes repeat after the smallest period', async () => {
  const page = await visit('#/one-axis?input=9&kernel=4&stride=3')
  const card = page.getByRole('region', { name: 'For every input size' })
  await expect.poll(() => card.innerText()).toContain('n mod 3 =')
  await expect.poll(() => card.innerText()).not.toContain('mod 6')
})

it('layers of a network are taken as people write them', async () => {
  const page = await visit('#/network')
  await page.getByLabel('Layers').first().fill('k3s2 x5, 3x3 s2, pool k2 s2')
  await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  await expect.poll(async () => (await stateOf(page)).chain).toBe('k3 s2 x5, k3 s2, maxpool k2')
  await expect.poll(() => page.locator('.why').innerText()).toContain('513 pixels, and not of 512')
})

it('every view has a name in the navigation, and none is alike', async () => {
  const page = await visit('')
  const names = await page.locator('header nav a').allInnerTexts()
  expect(new Set(names).size).toBe(viewNames.length)
})
