import type { Page } from 'playwright'
import { readModel } from 'samepad/models'
import { tiles } from 'samepad/tiles'
import { describe, expect, it } from 'vitest'
import { samples } from '../../explorer/views/tiles/samples.ts'
import type { SampleName } from '../../explorer/views/tiles/state.ts'
import { memoryText, percent } from '../../explorer/views/tiles/words.ts'
import { modelBytes } from '../graph/onnx-bytes.ts'
import { realModels } from '../models/onnx/real-models.ts'
import { drop, faultsOf, isSound, stateOf, useChromium, visit } from './explorer-page.ts'

useChromium()

const costs = (page: Page) => page.getByRole('region', { name: 'What it costs' })
const said = (page: Page): Promise<string> => costs(page).locator('.conclusion').innerText()
const slider = (page: Page, name: RegExp) => page.getByRole('slider', { name })
const planOf = async (name: SampleName, tile: number, halo?: number) =>
  tiles(await readModel(new TextEncoder().encode(samples[name].text)), {
    inputs: { data: [1, 3, 3000, 4000] },
    tile,
    ...(halo !== undefined && { halo }),
  })

/** Pulls what the mouse takes hold of by so many pixels. */
async function pull(page: Page, grip: string, across: number): Promise<void> {
  await page.locator(grip).hover() // in sight, once it stands still
  const box = await page.locator(grip).boundingBox()
  if (!box) throw new Error(`there is no ${grip}`)
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.down()
  await page.mouse.move(x + across / 2, y, { steps: 3 })
  await page.mouse.move(x + across, y, { steps: 3 })
  await page.mouse.up()
}

describe('a picture in pieces', () => {
  it('costs what the library says, and has the command of the same plan', async () => {
    const page = await visit('#/tiles')
    await expect.poll(() => said(page)).toBe('= 20 pieces, put together, give exactly what the whole picture gives.')
    const plan = await planOf('unet', 1024)
    const text = await costs(page).innerText()
    expect(plan.pieces).toBe(20)
    expect(text).toContain(percent(plan.share - 1))
    expect(text).toContain(`${memoryText(plan.memory)}; the whole picture at once`)
    expect(text).toContain('npx samepad tiles unet.param --input 1x3x3000x4000 --tile 1024')
    await expect.poll(() => page.locator('rect.twice').count()).toBe(4 + 3)
    await expect.poll(() => page.locator('rect.wrong').count()).toBe(0)
  })

  it('is cut otherwise by mouse and by keys', async () => {
    const page = await visit('#/tiles')
    await expect.poll(() => said(page)).toContain('20 pieces')
    await pull(page, 'rect.corner', 60)
    const { tile } = await stateOf(page)
    expect(tile).toBeGreaterThan(1200)
    const plan = await planOf('unet', tile)
    await expect.poll(() => said(page)).toContain(`${plan.pieces} pieces`)

    await slider(page, /^Pieces of at most/).focus()
    await page.keyboard.press('ArrowLeft')
    const smaller = (await stateOf(page)).tile
    expect(smaller).toBeLessThan(tile)
    await page.keyboard.press('End')
    await expect.poll(() => said(page)).toBe('= One piece: the whole picture at once.')

    await page.keyboard.press('Home')
    await slider(page, /^Piece \d/).focus()
    await page.keyboard.press('Home')
    await expect.poll(() => page.locator('.tile-sliders').innerText()).toContain('Piece 1 reads rows 0 to')
  })

  it('has seams where somebody takes a smaller halo, and costs more with a larger one', async () => {
    const page = await visit('#/tiles')
    await expect.poll(() => said(page)).toContain('20 pieces')
    await slider(page, /^Halo/).focus()
    await page.keyboard.press('ArrowLeft')
    await expect
      .poll(() => said(page))
      .toMatch(/^◆ Seams: beside every cut the result is wrong, in [\d.]+ % of the picture/)
    await expect.poll(() => page.locator('rect.wrong').count()).toBeGreaterThan(4)
    await expect.poll(async () => (await stateOf(page)).halo).toBe(16)
    await expect.poll(() => costs(page).innerText()).not.toContain('--halo')
    await slider(page, /^Halo/).press('End')
    const plan = await planOf('unet', 1024, 48)
    await expect.poll(() => costs(page).innerText()).toContain(percent(plan.share - 1))
    await expect.poll(() => costs(page).innerText()).toContain('--tile 1024 --halo 48')
    await page.getByRole('button', { name: 'Use the halo that the network needs' }).click()
    await expect.poll(() => said(page)).toContain('= 20 pieces')
    await pull(page, 'rect.edge', 14)
    await expect.poll(() => said(page)).toContain('◆ Seams')
  })

  it('says which node no piece can have right, and refuses what cannot be cut', async () => {
    const page = await visit('#/tiles?sampleNet=attending')
    await expect
      .poll(() => said(page))
      .toBe('◆ No piece can be exact: squeeze (GlobalAveragePool) takes all cells together.')
    await expect.poll(() => costs(page).innerText()).toContain('--halo 3')
    await drop(page, realModels.blazeface.path)
    await expect
      .poll(() => page.getByRole('alert').innerText())
      .toContain('joins cells with constants that are written for one size of the picture')
    await page.getByLabel('Choose a model…').setInputFiles(realModels.angle.path)
    await expect
      .poll(() => page.getByRole('alert').innerText())
      .toContain('an output must have cells of an axis that is cut')
    await page.getByRole('combobox').selectOption('super-resolution, three times as large')
    await expect.poll(() => said(page)).toContain('give exactly what the whole picture gives')
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  })

  it('of a network made for one size can be cut once its sizes are opened', async () => {
    const up = { shape: [4], data: [1, 2, 16, 24], type: 7 }
    const layer = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }
    const bytes = modelBytes({
      inputs: { x: [1, 2, 16, 24] },
      outputs: ['y'],
      nodes: [
        ['Conv', ['x', 'w'], ['a'], layer],
        ['MaxPool', ['a'], ['b'], { kernel_shape: [2, 2], strides: [2, 2] }],
        ['Resize', ['b', '', '', 'up'], ['c'], { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }],
        ['Add', ['c', 'a'], ['y']],
      ],
      constants: { up, w: { shape: [2, 2, 3, 3], data: new Array(36).fill(1) } },
    })
    const page = await visit('#/tiles')
    const file = { name: 'baked.onnx', mimeType: '', buffer: Buffer.from(bytes) }
    await page.getByLabel('Choose a model…').setInputFiles(file)
    await page.getByRole('button', { name: 'Open its sizes' }).click()
    await expect.poll(() => said(page)).toBe('= 12 pieces, put together, give exactly what the whole picture gives.')
    const card = page.getByRole('region', { name: 'Opened sizes' })
    await expect.poll(() => card.innerText()).toContain('= 1 node written anew: it takes any size.')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      card.getByRole('button', { name: 'Save baked.open.onnx' }).click(),
    ])
    const saved = await readModel(await download.path())
    const plan = tiles(saved, { inputs: { x: [1, 2, 3000, 4000] }, tile: 1024 })
    expect(plan.pieces).toBe(12)
    // What cannot be opened is said.
    await page.getByLabel('Choose a model…').setInputFiles(realModels.detection.path)
    await page.getByLabel('Choose a model…').setInputFiles(realModels.blazeface.path)
    await page.getByRole('button', { name: 'Open its sizes' }).click()
    await expect.poll(() => card.innerText()).toMatch(/but \d+ nodes still hold for one size/)
    await expect.poll(() => page.getByRole('button', { name: 'Open its sizes' }).count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
  })

  it('has no fault that axe-core knows, and fits', async () => {
    const page = await visit('#/tiles?halo=8&tile=600')
    await expect.poll(() => said(page)).toContain('Seams')
    await isSound(page, 'tiles-seams')
  })
})
