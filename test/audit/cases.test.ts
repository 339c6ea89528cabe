import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Audit, audit, diff } from '../../src/models.ts'
import { contradictions } from './contradictions.ts'

// Every small model of the folder, each of which was judged wrongly once: what is said of it, and of those beside it.

const cases = join(import.meta.dirname, 'cases')
const caseOf = (name: string): string => join(cases, `${name}.onnx`)

/** Of each: its style, and the rules that speak, each once. */
const said: Readonly<Record<string, readonly [Audit['style'], ...rules: string[]]>> = {
  asym3d: ['tf-same', 'note grid-drift', 'note pads-refused-elsewhere'],
  asympool: ['either', 'note pads-refused-elsewhere'],
  avg11: ['either'],
  avg19: ['either', 'note auto-pad-misread'],
  branches: ['either', 'error cannot-run'],
  ct765: ['either'],
  'gan-k4-k4': ['either'],
  negpad: ['either'],
  'negpad-folded': ['either', 'error pads-refused'],
  ovdyn: ['mixed', 'warning mixed-conventions', 'note auto-pad-refused', 'note auto-pad-misread'],
  'own-ct': ['tf-same'],
  'own-ct-ref': ['tf-same', 'note transposed-swap'],
  'own-dil': ['symmetric'],
  'own-dil-ref': ['symmetric', 'note grid-drift'],
  padmax: ['symmetric', 'warning zeros-before-max', 'note grid-drift'],
  'padmax-inf': ['symmetric', 'note foldable-pad', 'note grid-drift'],
  'padopen-min': ['either'],
  pve: ['either'],
  pvr: ['either'],
  qdqpad: ['tf-same', 'note foldable-pad', 'note grid-drift'],
  qpad0: ['tf-same', 'warning pad-not-zero-point', 'note grid-drift'],
  qpad128: ['tf-same', 'note grid-drift'],
  qpadmax: ['either', 'note foldable-pad'],
  reflect7: ['either'],
  'sdvae-pt': ['either', 'note baked-pads', 'note foldable-pad'],
  shape75: ['either', 'warning declared-shape'],
  simplebaseline: ['symmetric'],
  'timm-dyn-int': ['tf-same'],
  zero7: ['either'],
}

it('every file of the folder is judged here', () => {
  const files = readdirSync(cases).flatMap((file) => (file.endsWith('.onnx') ? [file.slice(0, -5)] : []))
  expect(files.sort()).toEqual(Object.keys(said).sort())
})

describe.each(Object.entries(said))('%s', (name, [style, ...rules]) => {
  it('is told as it is, and nothing contradicts', async () => {
    const found = await audit(caseOf(name))
    expect(found.style).toBe(style)
    expect([...new Set(found.findings.map(({ severity, rule }) => `${severity} ${rule}`))]).toEqual(rules)
    expect(contradictions(found)).toEqual([])
    for (const { message } of found.findings) expect(message).not.toMatch(/undefined|NaN|\?| {2}/)
  })

  it('is like itself', async () => {
    expect((await diff(caseOf(name), caseOf(name))).equal).toBe(true)
  })
})

it.each([
  ['reflect7', 'zero7', false],
  ['pvr', 'pve', false],
  ['qpad0', 'qpad128', false],
  ['padmax', 'padmax-inf', false],
  ['own-ct', 'own-ct-ref', true],
  ['own-dil', 'own-dil-ref', true],
  ['negpad', 'negpad-folded', false],
  ['avg19', 'avg11', true],
])('%s and %s: alike is %s', async (a, b, equal) => {
  expect((await diff(caseOf(a), caseOf(b))).equal).toBe(equal)
})
