import { describe, expect, it } from 'vitest'
import { answered, printed, typed } from './typed.ts'

/** A command on axes that differ, and the same for each of them. */
const commands: readonly (readonly [both: string, first: string, second: string])[] = [
  ['explain tf k3x5 s2x1 same --input 80x100', 'explain tf k3 s2 same --input 80', 'explain tf k5 same --input 100'],
  [
    'compare onnx k3x5 s2x1 p0,1x2,2 vs tf k3x5 s2x1 same --input 80x100',
    'compare onnx k3 s2 p0,1 vs tf k3 s2 same --input 80',
    'compare onnx k5 p2,2 vs tf k5 same --input 100',
  ],
  ['phase tf k3x5 s2x1 same x2 --input 80x100', 'phase tf k3 s2 same x2 --input 80', 'phase tf k5 same x2 --input 100'],
  [
    'transposed tf k3x5 s2x3 same --input 4x5',
    'transposed tf k3 s2 same --input 4',
    'transposed tf k5 s3 same --input 5',
  ],
  ['sizes k3x5 s2x1 --near 64x60', 'sizes k3 s2 --near 64', 'sizes k5 --near 60'],
]

describe('axes that differ', () => {
  it.each(commands)('%s', async (both, first, second) => {
    const [together, one, two] = await Promise.all([both, first, second].map((line) => answered(line)))
    expect(together).toEqual({ axes: [one, two] })
  })

  it('stand under one another, and the exit code is 1 where one axis is different', async () => {
    const line = 'compare pytorch k3x3 s2x1 p1x1 vs tf k3x3 s2x1 same'
    const text = await printed(line, 1)
    expect(text).toMatch(/^Axis 0, height\n\n.*Different.*\n\n\nAxis 1, width\n\n.*Equal/s)
  })

  it('one answer is enough where they are alike', async () => {
    expect(await printed('explain "nn.Conv2d(3, 64, 7, stride=2, padding=3)" --input 224', 0)).not.toContain('Axis 1')
  })

  it('must be as many everywhere', async () => {
    expect((await typed('explain tf k3x5 same --input 4x5x6')).stderr).toContain(
      'explain: everything must have 3 axes, got 2',
    )
  })
})
