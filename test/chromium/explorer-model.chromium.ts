import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { audit, fix, readModel, spatialNodes } from 'samepad/models'
import { describe, expect, it } from 'vitest'
import { realModels } from '../models/onnx/real-models.ts'
import { drop, faultsOf, hashOf, overflow, picture, stateOf, useChromium, visit } from './explorer-page.ts'

useChromium()

const blazeface = realModels.blazeface.path

/** The lines of a table, cell by cell. */
async function cells(page: Page, table: string): Promise<string[][]> {
  const rows = page.getByRole('region', { name: table }).locator('tbody tr')
  return (await rows.all()).reduce<Promise<string[][]>>(
    async (all, row) => [...(await all), await row.locator('th, td').allInnerTexts()],
    Promise.resolve([]),
  )
}

const ready = (page: Page): Promise<void> => page.getByRole('region', { name: 'Summary' }).waitFor()
const idle = (page: Page): Promise<void> => page.locator('.stage[aria-busy=false]').waitFor()

/** Presses the button, and gives the file that comes. */
async function downloaded(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Download / }).click(),
  ])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

describe.each(['', 'strict/'])('a model, at /%s', (path) => {
  it('is dropped, audited, mended, downloaded and read again', async () => {
    const page = await visit('#/model', {}, path)
    await drop(page, blazeface)
    await ready(page)
    await expect
      .poll(() => page.getByRole('region', { name: 'Summary' }).getByRole('status').innerText())
      .toBe('Its padding is right: nothing has to be changed.')
    await expect
      .poll(() => page.getByRole('region', { name: 'Summary' }).innerText())
      .toContain('Padded as TensorFlow SAME: 4 layers can tell, and none contradicts.')
    const found = ' !\nsee the findings' // it stands for all of which pads on one side are refused elsewhere
    await expect
      .poll(() => cells(page, 'Table of nodes'))
      .toEqual([
        [`conv2d/BiasAdd${found}`, 'TensorFlow SAME', 'Conv 5x5 stride 2', '128 x 128', '1, 2', '64 x 64'],
        ['depthwise_conv2d_2/depthwise', 'TensorFlow SAME', 'Conv 3x3 stride 2', '64 x 64', '0, 1', '32 x 32'],
        ['depthwise_conv2d_5/depthwise', 'TensorFlow SAME', 'Conv 3x3 stride 2', '32 x 32', '0, 1', '16 x 16'],
        ['depthwise_conv2d_11/depthwise', 'TensorFlow SAME', 'Conv 3x3 stride 2', '16 x 16', '0, 1', '8 x 8'],
      ])
    await expect.poll(() => page.getByRole('button', { name: /^Download / }).isDisabled()).toBe(true)

    await page.getByLabel('What is done').selectOption('auto-pad')
    await page.getByText('17 nodes would be written differently; all other bytes stay.').waitFor()
    const { name, bytes } = await downloaded(page)
    expect(name).toBe('blazeface-front.fixed.onnx')
    expect(bytes.equals(Buffer.from((await fix(blazeface, { to: 'auto-pad' })).bytes))).toBe(true)
    const nodes = spatialNodes(await readModel(new Uint8Array(bytes)))
    expect(nodes.filter(({ written }) => written.autoPad === 'SAME_UPPER').length).toBe(17)
    await expect
      .poll(() => page.getByText('= Written: blazeface-front.fixed.onnx').innerText())
      .toContain('It was read again')

    // The mended file, dropped in its turn, needs nothing more.
    await page.getByLabel('Choose a model').setInputFiles({ name, mimeType: '', buffer: bytes })
    await page.getByText('It is written like this already.').waitFor()
    await expect.poll(() => stateOf(page)).toMatchObject({ rewrite: 'auto-pad', sample: 'no' })
  })
})

describe('the sample', () => {
  it('is fetched only when it is asked for, and then the link asks for it', async () => {
    const page = await visit('#/model')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.waitForTimeout(200)
    expect(asked.filter((url) => url.includes('.onnx'))).toEqual([])
    await page.getByRole('button', { name: 'Try BlazeFace' }).click()
    await ready(page)
    await expect.poll(() => asked.filter((url) => url.includes('.onnx')).length).toBe(1)
    const again = await visit(await hashOf(page))
    await ready(again)
    const report = await audit(blazeface)
    const text = await again.locator('.stage').innerText()
    for (const { message } of report.findings) expect(text).toContain(message)
    await expect.poll(() => again.getByRole('link', { name: 'Apache-2.0' }).getAttribute('href')).toContain('LICENSE')
    await again.getByLabel(/^All 40/).check()
    await expect.poll(async () => (await cells(again, 'Table of nodes')).length).toBe(40)
  })
})

describe('sizes that a file leaves open', () => {
  const { path, inputs } = realModels.detection

  it('are typed, and what is found holds at them', async () => {
    const page = await visit('#/model?nodes=all')
    await page.getByLabel('Choose a model').setInputFiles(path)
    await ready(page)
    await expect
      .poll(async () => (await cells(page, 'Table of nodes'))[0].slice(3, 6))
      .toEqual(['p2o.DynamicDimension.1 x p2o.DynamicDimension.2', '1, 1', '? x ?'])
    const [, , height, width] = inputs.x
    const field = (axis: number) => page.getByRole('textbox', { name: `p2o.DynamicDimension.${axis}` })
    await field(1).fill('many')
    await expect
      .poll(() => page.getByRole('alert').innerText())
      .toBe("input must be an integer of at least 1, got 'many'")
    await field(1).fill(String(height))
    await field(2).fill(String(width))
    await expect.poll(async () => (await cells(page, 'Table of nodes'))[0][3]).toBe(`${height} x ${width}`)
    await idle(page)
    const report = await audit(path, { inputs })
    const rows = await cells(page, 'Table of nodes')
    expect(rows.map((row) => row[5])).toEqual(
      report.nodes.map(({ axes }) => axes.map(({ output }) => output ?? '?').join(' x ')),
    )
    expect(rows.map((row) => row[1])).toEqual(report.nodes.map(({ family }) => family))
    await field(2).fill('')
    await expect.poll(async () => (await cells(page, 'Table of nodes'))[0][5]).toBe('? x ?')
  })
})

describe('a file of another format', () => {
  // Its first bytes are a comment: it is known by its name.
  const caffe = {
    name: 'Stem.PROTOTXT',
    mimeType: '',
    buffer: Buffer.from(`# a stem
name: "stem"
input: "data" input_shape { dim: 1 dim: 3 dim: 224 dim: 224 }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
  convolution_param { num_output: 64 kernel_size: 7 stride: 2 pad: 3 } }
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1"
  pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
`),
  }
  const darknet = {
    name: 'net.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(
      '[net]\nwidth=416\nheight=416\nchannels=3\n\n[convolutional]\nfilters=16\nsize=3\nstride=1\npad=1\n\n[maxpool]\nsize=2\nstride=2\n',
    ),
  }

  it('is named and audited, and may be mended as its format allows', async () => {
    const page = await visit('#/model?nodes=all&rewrite=symmetric')
    await page.getByLabel('Choose a model').setInputFiles(caffe)
    await ready(page)
    await expect.poll(() => page.getByRole('region', { name: 'Summary' }).innerText()).toContain('Caffe · ')
    const rows = await cells(page, 'Table of nodes')
    expect(rows.map(([, , window, ...rest]) => [window.replace(/^\S+ /, ''), ...rest.slice(0, 3)])).toEqual([
      ['7x7 stride 2', '224 x 224', '3, 3', '112 x 112'],
      ['3x3 stride 2', '112 x 112', '0, 0', '56 x 56'], // rounded up
    ])
    const mended = page.getByRole('region', { name: 'Mended file' })
    await expect
      .poll(() => mended.innerText())
      .toMatch(/Nothing can be done:\s+pool1 left as it is: it rounds its output up/)
    await expect.poll(() => mended.getByRole('button').isDisabled()).toBe(true)
    expect(await faultsOf(page)).toEqual([])

    // Known by its first bytes, whatever its name; then an ONNX file, which can be mended again.
    await page.getByLabel('Choose a model').setInputFiles(darknet)
    await page.getByText('Darknet · ').waitFor()
    await expect.poll(async () => (await cells(page, 'Table of nodes')).length).toBe(2)
    await page.getByLabel('Choose a model').setInputFiles(blazeface)
    await page.getByRole('region', { name: 'Mended file' }).waitFor()
    await expect.poll(() => page.getByText('are read and not written').count()).toBe(0)
  })
})

describe('a file that is no model', () => {
  it('is refused in the words of the library, and the next one is read', async () => {
    const page = await visit('#/model')
    const text = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no model at all') }
    await page.getByLabel('Choose a model').setInputFiles(text)
    const message = await readModel(new File([text.buffer], text.name)).then(
      () => 'it was read',
      ({ message }: Error) => message,
    )
    await expect.poll(() => page.getByRole('alert').innerText()).toBe(`notes.txt\n\n${message.replace(/^model: /, '')}`)
    await page.getByLabel('Choose a model').setInputFiles(blazeface)
    await ready(page)
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  })
})

it.each(['On a picture', 'A model'])('%s says so where there can be no worker', async (view) => {
  const page = await visit('#/one-axis?sample=yes')
  await page.evaluate(`globalThis.Worker = class {
    set onerror(tell) { setTimeout(() => tell(new ErrorEvent('error'))) }
    postMessage() {}
    terminate() {}
  }`)
  await page.getByRole('link', { name: view }).click()
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('this page must be allowed a worker')
  await idle(page)
})

it('a report has no fault that axe-core knows, and fits', async () => {
  const page = await visit('#/model?sample=yes&rewrite=symmetric&nodes=all')
  await ready(page)
  await expect.poll(() => page.locator('.stage').innerText()).toContain('4 nodes would be written differently')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await faultsOf(page)).toEqual([])
    await picture(page, `model-report-${colorScheme}`)
  }
  for (const width of [360, 1280, 3840]) {
    await page.setViewportSize({ width, height: 900 })
    await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
    await picture(page, `model-report-${width}`)
  }
})
