import { readFileSync } from 'node:fs'
import { encode } from 'fast-png'
import type { Page } from 'playwright'
import { loadNetwork, type NamedTensors } from 'samepad/graph'
import { fix } from 'samepad/models'
import { describe, expect, it } from 'vitest'
import { compareOutput, type OutputReport } from '../../explorer/views/model/run/outputs.ts'
import { feedsOf, photoInput } from '../../explorer/views/model/run/photo-input.ts'
import type { Padding, PhotoSize, Scaling } from '../../explorer/views/model/run/state.ts'
import { shareOfRange, valueText } from '../../explorer/views/model/run/words.ts'
import { modelBytes, numbersFrom } from '../graph/onnx-bytes.ts'
import { realModels } from '../models/onnx/real-models.ts'
import { canvases, faultsOf, isSound, stateOf, useChromium, visit } from './explorer-page.ts'

useChromium()

/** Two strided layers that pad as TensorFlow; the map has a quarter of the photo's sides. */
const map = Buffer.from(
  modelBytes({
    inputs: { photo: [1, 3, 'height', 'width'] },
    outputs: ['map'],
    nodes: [
      ['Conv', ['photo', 'w1'], ['a'], { strides: [2, 2], auto_pad: 'SAME_UPPER' }],
      ['Relu', ['a'], ['b']],
      ['Conv', ['b', 'w2'], ['map'], { strides: [2, 2], auto_pad: 'SAME_UPPER' }],
    ],
    constants: {
      w1: { shape: [4, 3, 3, 3], data: numbersFrom(1, 108) },
      w2: { shape: [1, 4, 3, 3], data: numbersFrom(2, 36) },
    },
  }),
)
const mapFile = { name: 'map.onnx', mimeType: '', buffer: map }

const card = (page: Page) => page.getByRole('region', { name: 'Run on a photo' })
const settled = (page: Page): Promise<void> => card(page).locator('.ran[aria-busy=false]').waitFor()
const verdict = (page: Page): Promise<string> => card(page).locator('.ran > p[role=status]').innerText()

/** What the canvas with such a label shows. */
async function canvas(page: Page, label: string): Promise<{ size: PhotoSize; data: Uint8ClampedArray }> {
  const found = (await canvases(page)).find((one) => one.label.startsWith(label))
  if (!found) throw new Error(`there is no canvas '${label}'`)
  return { size: [found.height, found.width], data: found.data }
}

/** What both runs must give for the photo that the page shows, computed here. */
async function expected(page: Page, model: Buffer, scaling: Scaling, to: Padding): Promise<OutputReport[]> {
  const { size, data } = await canvas(page, 'The photo as the network gets it')
  const runs: NamedTensors[] = []
  const network = await loadNetwork(new Uint8Array(model))
  const input = photoInput(network.inputs, {}, size, size)
  const other = await fix(new Uint8Array(model), { to, inputs: input.shapes })
  for (const one of [network, await loadNetwork(other.bytes)]) runs.push(one.run(feedsOf(input, data, scaling)))
  return Object.keys(runs[0]).map((name) => compareOutput(name, runs[0][name], runs[1][name], size))
}

describe('a model that is run on a photo', () => {
  it('gives what samepad gives elsewhere, with its own padding and with another', async () => {
    const page = await visit('#/model?sample=yes')
    await card(page).getByRole('button', { name: 'Run it' }).click()
    await expect
      .poll(() => verdict(page))
      .toMatch(/^◆ With 4 layers padded alike on both sides, as PyTorch does, 4 of 4 outputs change/)
    await settled(page)
    const bytes = readFileSync(realModels.blazeface.path)
    for (const output of await expected(page, bytes, 'signed', 'symmetric')) {
      const text = await card(page)
        .getByRole('region', { name: `Output ${output.name}`, exact: true })
        .innerText()
      expect(text).toContain(`${shareOfRange(output)}, at`)
      expect(output.largest).toBeGreaterThan(1)
    }
    // Its boxes are drawn, as far apart as in the story: 22 pixels of 512.
    await expect.poll(() => card(page).innerText()).toMatch(/their middles are 5\.\d of the network’s 128 pixels apart/)
    await expect.poll(() => card(page).innerText()).toMatch(/As it pads [\d.]+ ms .*padded differently [\d.]+ ms/)
    await expect.poll(() => stateOf(page)).toMatchObject({ run: 'yes', sample: 'yes' })

    // Another photo gives other numbers.
    const before = await verdict(page)
    await card(page)
      .getByRole('combobox', { name: /^Photo/ })
      .selectOption('a cat')
    await expect.poll(() => verdict(page)).not.toBe(before)
  })

  it('shows where outputs that are pictures differ', async () => {
    const page = await visit('#/model?run=yes&pixels=48x64&scaling=unit&versus=symmetric')
    await page.getByLabel('Choose a model').setInputFiles(mapFile)
    await expect
      .poll(() => verdict(page))
      .toContain('2 layers padded alike on both sides, as PyTorch does, the output changes')
    await settled(page)
    const [report] = await expected(page, map, 'unit', 'symmetric')
    const seen = () => canvas(page, 'Output map, 1 x 1 x 12 x 16: how far both runs are apart')
    await expect.poll(seen).toEqual({ size: [12, 16], data: report.map?.pixels[2].data })
    await expect.poll(() => card(page).innerText()).toContain(valueText(report.map?.brightest ?? 0))
    await card(page).getByLabel('padded as PyTorch').check()
    const other = () => canvas(page, 'Output map, 1 x 1 x 12 x 16: padded as PyTorch')
    await expect.poll(other).toMatchObject({ data: report.map?.pixels[1].data })

    // The second run may pad as the model does: then nothing differs.
    await card(page).getByLabel('The second run pads').selectOption('as TensorFlow SAME')
    await expect
      .poll(() => verdict(page))
      .toBe('= All layers are padded as TensorFlow’s SAME already: it was run once.')
  })

  it('takes the reader’s photo and a size', async () => {
    const page = await visit('#/model?run=yes')
    await page.getByLabel('Choose a model').setInputFiles(mapFile)
    await expect.poll(() => card(page).innerText()).toContain('photo takes 1 x 3 x 320 x 320')
    const data = Uint8Array.from({ length: 40 * 60 * 3 }, (_, at) => (at * 53) % 251)
    const buffer = Buffer.from(encode({ width: 60, height: 40, channels: 3, data }))
    await card(page).getByLabel('Choose a photo…').setInputFiles({ name: 'own.png', mimeType: 'image/png', buffer })
    await expect.poll(() => card(page).innerText()).toContain('photo takes 1 x 3 x 224 x 320')
    await card(page)
      .getByLabel(/^Scaled to height x width/)
      .fill('40x60')
    await expect.poll(() => card(page).innerText()).toContain('photo takes 1 x 3 x 40 x 60')
    await settled(page)
    const begin = async () => [...(await canvas(page, 'The photo as the network gets it')).data.subarray(0, 8)]
    await expect.poll(begin).toEqual([...data.subarray(0, 3), 255, ...data.subarray(3, 6), 255])
    await card(page)
      .getByLabel(/^Scaled to height x width/)
      .fill('40x')
    await expect.poll(() => card(page).getByRole('alert').innerText()).toContain('a size must be HEIGHTxWIDTH')
  })

  it('takes all of a photo between bars, blue first, and names classes', async () => {
    const sorting = modelBytes({
      inputs: { x: [1, 3, 40, 40] },
      outputs: ['y'],
      nodes: [
        ['Conv', ['x', 'w'], ['a'], { strides: [2, 2], auto_pad: 'SAME_UPPER' }],
        ['GlobalAveragePool', ['a'], ['b']],
        ['Flatten', ['b'], ['y']],
      ],
      constants: { w: { shape: [4, 3, 3, 3], data: numbersFrom(1, 108) } },
    })
    const page = await visit('#/model?run=yes&fit=letterbox&colours=bgr')
    const model = { name: 'sorting.onnx', mimeType: '', buffer: Buffer.from(sorting) }
    await page.getByLabel('Choose a model').setInputFiles(model)
    const data = Uint8Array.from({ length: 20 * 40 * 3 }, (_, at) => [200, 0, 0][at % 3])
    const buffer = Buffer.from(encode({ width: 40, height: 20, channels: 3, data }))
    await card(page).getByLabel('Choose a photo…').setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer })
    await expect.poll(() => card(page).innerText()).toContain('all of the photo between grey bars, scaled to 40 x 40')
    await expect.poll(() => card(page).innerText()).toContain('blue before green and red')
    await settled(page)
    const rowsSeen = async () => {
      const { data } = await canvas(page, 'The photo as the network gets it')
      return [0, 9, 10, 29, 30, 39].map((row) => [...data.subarray(4 * 40 * row, 4 * 40 * row + 4)])
    }
    await expect
      .poll(rowsSeen)
      .toEqual([0, 1, 2, 2, 1, 0].map((kind) => (kind === 2 ? [200, 0, 0, 255] : [114, 114, 114, 255])))
    const names = { name: 'four.txt', mimeType: 'text/plain', buffer: Buffer.from('cat\ndog\nbird\nfish\n') }
    await card(page).getByLabel('Names of the classes…').setInputFiles(names)
    await expect.poll(() => card(page).innerText()).toContain('4 names of four.txt')
    const heads = card(page).getByRole('region', { name: 'Values of y' }).locator('tbody th')
    const rows = async () => (await heads.allInnerTexts()).map((row) => row.trim()).sort()
    await expect.poll(rows).toEqual(['0 cat', '1 dog', '2 bird', '3 fish'])
    expect(await faultsOf(page)).toEqual([])
  })

  it('names the nodes that cannot be run, and what is no picture', async () => {
    const page = await visit('#/model?run=yes')
    const odd = modelBytes({
      inputs: { x: [1, 3, 8, 8] },
      outputs: ['y'],
      nodes: [
        ['Conv', ['x', 'w'], ['a'], { strides: [2, 2], auto_pad: 'SAME_UPPER' }],
        ['own.Swirl', ['a'], ['b']],
        ['own.Twist', ['b'], ['y']],
      ],
      constants: { w: { shape: [1, 3, 3, 3], data: numbersFrom(1, 27) } },
    })
    await page.getByLabel('Choose a model').setInputFiles({ name: 'odd.onnx', mimeType: '', buffer: Buffer.from(odd) })
    await expect.poll(() => card(page).innerText()).toContain('2 nodes of it cannot be computed here')
    await expect
      .poll(() => card(page).getByRole('listitem').allInnerTexts())
      .toEqual([expect.stringMatching(/'b'.* is own\.Swirl/), expect.stringMatching(/'y'.* is own\.Twist/)])
    const flat = modelBytes({ inputs: { x: [1, 64] }, outputs: ['y'], nodes: [['Relu', ['x'], ['y']]] })
    await page
      .getByLabel('Choose a model')
      .setInputFiles({ name: 'flat.onnx', mimeType: '', buffer: Buffer.from(flat) })
    await expect
      .poll(() => card(page).innerText())
      .toContain("an input must take pictures: batch, 1, 3 or 4 channels, height and width, got 'x: 1x64'")
  })

  it('is ended when somebody stops it', async () => {
    const page = await visit('#/model?sample=yes')
    await page.getByRole('region', { name: 'Summary' }).waitFor()
    await page.evaluate(`globalThis.ended = 0, globalThis.Worker = class {
      postMessage() {}
      terminate() { globalThis.ended++ }
    }`)
    await card(page).getByRole('button', { name: 'Run it' }).click()
    await card(page).getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => card(page).getByRole('alert').innerText()).toBe('it was stopped')
    await expect.poll(() => page.evaluate('globalThis.ended')).toBe(1)
    await expect.poll(() => card(page).getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true)
  })

  it('has no fault that axe-core knows, and fits', async () => {
    const page = await visit('#/model?run=yes&pixels=48x64')
    await page.getByLabel('Choose a model').setInputFiles(mapFile)
    await expect.poll(() => verdict(page)).toContain('the output changes')
    await settled(page)
    await card(page).locator('summary').click()
    await isSound(page, 'model-run')
  })
})
