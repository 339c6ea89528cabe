import { describe, expect, it } from 'vitest'
import { fix } from '../../src/models.ts'
import { chain, conv, type Spec } from './networks.ts'

describe('what stands around a node', () => {
  it('takes part where it cannot be worked in: cells cut off before automatic padding, and behind it', async () => {
    const cut = (...amounts: number[]): Spec => ['Pad', { amounts }]
    const around = [
      cut(0, 0, 0, 0, 0, 0, -1, -1),
      conv(2, 1, { auto_pad: 'SAME_LOWER' }),
      cut(0, 0, -1, -1, 0, 0, 0, 0),
    ]
    const fixed = await fix(chain(around, { input: [1, 2, 13, 13] }), { to: 'explicit' })
    expect(fixed.changes).toMatchObject([{ before: 'SAME_LOWER', after: 'pads 1,0', same: 'always' }])
    expect(fixed.audit.nodes[0].axes.map(({ padBegin, padEnd }) => [padBegin, padEnd])).toEqual([
      [0, -1],
      [0, -1],
    ])
  })

  it.each(['MaxPool', 'AveragePool'])('pads as large as the kernel are not written: %s', async (opType) => {
    const pool = { kernel_shape: [3, 3], strides: [1, 1], dilations: [3, 3], auto_pad: 'SAME_UPPER' }
    const { changes, skipped } = await fix(chain([[opType, pool]], { input: [1, 2, 9, 9] }), { to: 'explicit' })
    expect(changes).toEqual([])
    expect(skipped.map(({ reason }) => reason)).toEqual(['runtimes refuse pads as large as the kernel of a pool'])
  })
})
