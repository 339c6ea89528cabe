import { describe, expect, it } from 'vitest'
import { audit, rules } from '../../src/models.ts'
import { chain, findingsOf } from './networks.ts'
import { quiet } from './quiet-networks.ts'
import { conv, same } from './rule-layers.ts'
import { tripping } from './tripping-networks.ts'

describe('rules', () => {
  it.each(tripping)('$rule: $name', async ({ rule, specs, options, severity, says, fix, count = 1 }) => {
    const found = await findingsOf(rule, chain(specs, options))
    expect(found).toHaveLength(count)
    const last = found[found.length - 1]
    expect(last.severity).toBe(severity)
    expect(last.message).toContain(says)
    expect(last.fix?.what ?? '').toContain(fix ?? '')
    if (!fix) expect(last.fix).toBeUndefined()
  })

  it.each(quiet)('$rule says nothing: $name', async ({ rule, specs, options }) => {
    expect(await findingsOf(rule, chain(specs, options))).toEqual([])
  })

  it('every rule has a network that trips it and one that does not', () => {
    // What is unexpected depends on what is expected: expect.test.ts has its networks. What only other formats can say is in
    // test/models/remarks.test.ts, what files beside a model hold in test/cli/missing-files.test.ts.
    const elsewhere = ['unexpected-padding', 'stale-pads', 'missing-files', 'remark', 'unknown-operators']
    const names = rules.map(({ name }) => name).filter((name) => !elsewhere.includes(name))
    expect(names.filter((name) => !tripping.some(({ rule }) => rule === name))).toEqual([])
    expect(names.filter((name) => !quiet.some(({ rule }) => rule === name))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
  })

  it('every rule says what, why, an example and what to do', () => {
    for (const { name, what, why, example, fix } of rules) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      for (const text of [why, example, fix]) expect(text).toMatch(/^[A-Za-z0-9].{20,}\.$/s)
      expect(what).toMatch(/^[a-zA-Z].{15,}[^.]$/)
    }
  })

  it('a finding points at the bytes of its node', async () => {
    const bytes = chain([conv(3, 2, { ...same, dilations: [2, 2] })])
    const [{ node }] = (await audit(bytes)).findings
    expect(node).toMatchObject({ index: 0, name: 'conv0', path: 'main' })
    const { byteOffset = 0, byteLength = 0 } = node ?? {}
    const text = new TextDecoder('latin1').decode(bytes.subarray(byteOffset, byteOffset + byteLength))
    expect(text).toContain('SAME_UPPER')
    expect(text).not.toContain('graph')
  })
})
