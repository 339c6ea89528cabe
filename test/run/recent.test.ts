import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Recent } from '../../src/run/recent.ts'

it('keeps the entries used last, so many of them, and tells what made room', () => {
  const step = fc.record({ key: fc.constantFrom(...'abcdefgh'), set: fc.boolean() })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (most, steps) => {
      const dropped: number[] = []
      const recent = new Recent<number>(most, (value) => dropped.push(value))
      let model: { key: string; value: number }[] = [] // the one used longest ago first
      const expected: number[] = []
      steps.forEach(({ key, set }, value) => {
        const known = model.find((entry) => entry.key === key)
        if (!set) expect(recent.get(key)).toBe(known?.value)
        if (set && known) return // what is known is not set again
        if (set) recent.set(key, value)
        const entry = known ?? (set ? { key, value } : undefined)
        if (!entry) return
        model = [...model.filter((other) => other !== known), entry]
        if (model.length > most) expected.push((model.shift() as { value: number }).value)
      })
      expect(dropped).toEqual(expected)
      recent.clear()
      expect(model.map(({ key }) => recent.get(key))).toEqual(model.map(() => undefined))
      expect(dropped).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})
