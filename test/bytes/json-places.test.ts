import { expect, it } from 'vitest'
import { elementsOf, memberAt, membersOf, valueIn } from '../../src/bytes/json-places.ts'
import fc from '../fast-check.ts'

type Place = ReturnType<typeof valueIn>
const encoder = new TextEncoder()

/** A value put together again from its places. */
function rebuilt(bytes: Uint8Array, place: Place): unknown {
  const text = new TextDecoder().decode(bytes.subarray(place.begin, place.end))
  if (text[0] === '[') return elementsOf(bytes, place).map((one) => rebuilt(bytes, one))
  if (text[0] !== '{') return JSON.parse(text)
  const members = [...membersOf(bytes, place)].map(([name, { value }]) => [name, rebuilt(bytes, value)])
  // Not Object.fromEntries of a name such as __proto__, which JSON.parse keeps as its own.
  return JSON.parse(`{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`)
}

it('finds every value of any JSON text, with spaces and without', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, '\t', '\r\n '), (value, space) => {
      const text = JSON.stringify(value, undefined, space)
      const bytes = encoder.encode(` ${text}\n`)
      expect(rebuilt(bytes, valueIn(bytes))).toEqual(JSON.parse(text))
    }),
    { seed: 5, numRuns: 500 },
  )
})

it('takes the last of members that stand twice, as JSON.parse does', () => {
  const bytes = encoder.encode('\ufeff{"a": {"b": 1}, "a" : {"b": "}\\"" }}')
  const found = memberAt(bytes, valueIn(bytes), 'a', 'b')
  expect(new TextDecoder().decode(bytes.subarray(found?.value.begin, found?.value.end))).toBe('"}\\""')
  expect(memberAt(bytes, valueIn(bytes), 'a', 'c')).toBeUndefined()
})

it('ends on any bytes', () => {
  const pieces = fc.array(fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', ' ', 'a', '1'), { maxLength: 40 })
  fc.assert(
    fc.property(pieces, (parts) => {
      const bytes = encoder.encode(parts.join(''))
      const whole = valueIn(bytes)
      for (const place of [...elementsOf(bytes, whole), ...membersOf(bytes, whole).values()])
        expect([place.begin <= place.end, place.end <= bytes.length]).toEqual([true, true])
    }),
    { seed: 5, numRuns: 2000 },
  )
})
