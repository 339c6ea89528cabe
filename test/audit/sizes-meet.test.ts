import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { audit } from '../../src/models.ts'
import { floats, model, node, type Parts } from '../models/onnx/make-model.ts'
import { realModels } from '../models/onnx/real-models.ts'

const caseOf = (name: string): string => join(import.meta.dirname, 'cases', name)

async function messagesOf(rule: string, ...[source, options]: Parameters<typeof audit>): Promise<string[]> {
  const { findings } = await audit(source, options)
  return findings.filter((one) => one.rule === rule).map(({ message }) => message)
}

describe('cannot-run', () => {
  it('names the node where branches meet, both sizes and whose they are', async () => {
    const { findings } = await audit(caseOf('branches.onnx'))
    expect(findings[0]).toMatchObject({
      rule: 'cannot-run',
      severity: 'error',
      node: { name: "Add 'y'", path: 'main' },
    })
    expect(findings[0].message).toBe(
      "cannot run: sizes along axis 2 must be equal, or one of them 1, got 8 of 'a' and 7 of 'b'",
    )
  })

  it('a detector of texts runs on multiples of 32 alone', async () => {
    const at = (height: number, width: number) =>
      messagesOf('cannot-run', realModels.detection.path, { inputs: { x: [1, 3, height, width] } })
    const [first] = await at(225, 321)
    expect(first).toMatch(/^cannot run at x 1x3x225x321: .* got 15 of 'p2o.Add.235' and 16 of 'nearest_interp/)
    expect(await at(224, 320)).toEqual([])
    expect((await at(224, 336)).length).toBeGreaterThan(0)
  })
})

describe('declared-shape', () => {
  const conv = (
    pads: number[],
    declared: (number | string)[],
    inputs: Parts['inputs'] = { x: [1, 1, 7, 5] },
  ): Parts => ({
    nodes: [node('Conv', 'x w', 'y', { strides: [2, 2], pads })],
    ...{ inputs, initializers: [floats('w', [1, 1, 3, 3])], outputs: { y: declared } },
  })
  const found = (parts: Parts, options = {}) => messagesOf('declared-shape', model(parts, 17), options)

  it('tells both shapes', async () => {
    expect(await messagesOf('declared-shape', caseOf('shape75.onnx'))).toEqual([
      "the file declares 1x1x5x5 for 'y', but it is 1x1x4x2",
    ])
  })

  it('not where they are one, or a size is open', async () => {
    expect(await found(conv([1, 0, 1, 0], [1, 1, 4, 2]))).toEqual([])
    expect(await found(conv([1, 0, 1, 0], [1, 1, 'height', 'width']))).toEqual([])
    expect(await found(conv([0, 0, 0, 0], [1, 1, 5, 5], { x: [1, 1, 'height', 'width'] }))).toEqual([])
  })

  it('an axis too many is told', async () => {
    expect(await found(conv([1, 0, 1, 0], [1, 4, 2]))).toEqual(["the file declares 1x4x2 for 'y', but it is 1x1x4x2"])
  })

  it('not where an input was given another size, for the file then says nothing of it', async () => {
    const open = conv([0, 0, 0, 0], [1, 1, 5, 5], { x: [1, 1, 'height', 'width'] })
    expect(await found(open, { inputs: { x: [1, 1, 7, 5] } })).toEqual([])
    const fixed = conv([1, 0, 1, 0], [1, 1, 5, 5])
    expect(await found(fixed, { inputs: { x: [1, 1, 9, 9] } })).toEqual([])
    expect(await found(fixed, { inputs: { x: [1, 1, 7, 5] } })).toHaveLength(1)
  })
})
