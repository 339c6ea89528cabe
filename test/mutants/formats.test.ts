import { expect, it } from 'vitest'
import { formats } from '../../src/models/formats.ts'
import { spoiltFormats } from './formats.ts'
import { tryFormat } from './spoilt-format.ts'

it.each(spoiltFormats.map((format) => [format.name, format] as const))(
  'no spoilt file of %s crashes its reader or holds it up',
  async (_, format) => {
    const { read, refused, failures } = await tryFormat(format, 1, 500)
    expect(failures.slice(0, 2)).toEqual([])
    // Both kinds of answers are among them; the numbers make the same mutants each time.
    expect(Math.min(read, refused)).toBeGreaterThan(0)
  },
  600_000,
)

it('every format has mutants', () => {
  const has = (name: string): boolean => spoiltFormats.some((format) => format.name.startsWith(name))
  const missing = formats.map(({ name }) => name).filter((name) => name !== 'ONNX' && !has(name))
  expect(missing).toEqual([])
})
