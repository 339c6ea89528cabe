import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { audit, findRule } from '../../src/models.ts'
import { ints, model, node } from '../models/onnx/make-model.ts'
import { inShort } from './networks.ts'

const caseOf = (name: string): string => join(import.meta.dirname, 'cases', `${name}.onnx`)
const pool = node('MaxPool', 'p', 'y', { kernel_shape: [3, 3], strides: [2, 2] }, { name: 'pool' })

/** A Pad with zeros before a maximum, on elements of a type. */
const ofType = (type: number): Uint8Array =>
  model({
    nodes: [node('Cast', 'x', 'c', { to: type }), node('Pad', 'c amounts', 'p'), pool],
    inputs: { x: [1, 1, 6, 6] },
    initializers: [ints('amounts', [0, 0, 1, 1, 0, 0, 1, 1])],
  })

describe('zeros before a maximum', () => {
  it('are told, and that an optimiser may take them away', async () => {
    const [finding] = (await audit(caseOf('padmax'))).findings
    expect(finding).toMatchObject({ rule: 'zeros-before-max', severity: 'warning' })
    expect(finding.message).toContain('unless an optimiser folds the Pad')
    expect(findRule('zeros-before-max')?.why).toContain('onnx/optimizer issue 269')
    expect(inShort(await audit(caseOf('padmax-inf')))).not.toContain("warning zeros-before-max MaxPool 'y'")
  })

  it('are no finding on unsigned integers, of which zero is the least', async () => {
    expect(inShort(await audit(caseOf('qpadmax')))).toEqual(["note foldable-pad MaxPool 'y'"])
    expect(inShort(await audit(ofType(2)))).not.toContain('warning zeros-before-max pool')
  })

  it('are one on signed integers', async () => {
    expect(inShort(await audit(ofType(3)))).toContain('warning zeros-before-max pool')
  })

  it('are a note where the model computes how many there are', async () => {
    const bytes = model({
      nodes: [node('Pad', 'x amounts', 'p'), pool],
      inputs: { x: [1, 1, 6, 6], amounts: [8] },
    })
    const [finding] = (await audit(bytes)).findings.filter(({ rule }) => rule === 'zeros-before-max')
    expect(finding.severity).toBe('note')
    expect(finding.message).toContain('of cells that are not known')
    expect(finding.message).not.toMatch(/ {2}/)
  })
})
