import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { memoryUse } from '../../src/index.ts'
import { register } from '../../src/onnxruntime.ts'
import { engine } from './engine.ts'
import { pageOfText } from './page-of-text.ts'

// @gutenye/ocr-node as it is published: it finds lines of text with onnxruntime-node, and is told of samepad by an option
// that it passes on.

interface Line {
  readonly text: string
  readonly mean: number
  readonly box?: readonly (readonly number[])[]
}

interface Ocr {
  create(options: object): Promise<{ detect(path: string): Promise<readonly Line[]> }>
}

const folder = mkdtempSync(join(tmpdir(), 'samepad-ocr-'))
const picture = join(folder, 'page.png')
const warnings: string[] = []
let Ocr: Ocr

beforeAll(async () => {
  register(engine('onnxruntime-node'), { warn: (message) => warnings.push(message) })
  const require = createRequire(join(import.meta.dirname, '../../bench/package.json'))
  Ocr = (await import(pathToFileURL(require.resolve('@gutenye/ocr-node')).href)).default
  writeFileSync(picture, pageOfText().toPng())
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  warnings.length = 0
})

async function linesBy(executionProviders: readonly string[]): Promise<readonly Line[]> {
  const ocr = await Ocr.create({ onnxOptions: { executionProviders, logSeverityLevel: 3 } })
  return ocr.detect(picture)
}

it('ocr-node reads on samepad what it reads on onnxruntime-node', async () => {
  const wanted = await linesBy(['cpu'])
  const before = memoryUse().used
  const found = await linesBy(['samepad', 'cpu'])
  expect(warnings).toEqual([])
  expect(memoryUse().used).toBeGreaterThan(before + 1e6)
  expect(wanted.map(({ text }) => text).join(' ')).toContain('224')
  expect(found.map(({ text, box }) => ({ text, box }))).toEqual(wanted.map(({ text, box }) => ({ text, box })))
  found.forEach(({ mean }, index) => {
    expect(mean).toBeCloseTo(wanted[index].mean, 4)
  })
})

it('without samepad in its options it stays on onnxruntime', async () => {
  const before = memoryUse().used
  await linesBy(['cpu'])
  expect(memoryUse().used).toBeLessThanOrEqual(before)
  expect(warnings).toEqual([])
})
