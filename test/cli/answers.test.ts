import { expect, it } from 'vitest'
import { refusalLines, type Told, toldLines } from '../../src/cli/answers.ts'
import type { Convention, Outcome } from '../../src/geometry.ts'

/** A convention that no framework has. */
function told(id: string, words: string, fault?: string, outcome: Outcome = { rejected: 'never asked' }): Told {
  const [framework] = id.split('.')
  const rule = { total: 'none', share: 'nothing' } as const
  const convention: Convention = {
    ...{ id, framework, padding: words, ops: ['conv'], rule, rejects: [], source: 'a test', weight: 1 },
    versions: id.includes('before') ? { below: '1.13' } : undefined,
  }
  return { convention, outcome, words, fault }
}

it('conventions stand behind their words, in columns, wrapped where a line is full; the faulty ones below', () => {
  const many = Array.from({ length: 9 }, (_, index) => told(`framework-${index}.same`, 'same'))
  const list = [
    ...[...many, told('other.max-pool.same', 'same'), told('other.corner', 'corner of it')],
    ...[told('onnx.before.same', 'same', 'too early'), told('other.same', 'same', 'too early')],
    told(
      'another.3d.same',
      'same',
      'the total is not clamped at 0, so that a kernel smaller than the stride starts late',
    ),
  ]
  expect(toldLines(list, '  ')).toEqual([
    '  same          framework-0, framework-1, framework-2, framework-3, framework-4,',
    '                framework-5, framework-6, framework-7, framework-8, other',
    '  corner of it  other',
    '  faulty, too early:',
    '    onnx.before (< opset 1.13) same, other same',
    '  faulty, the total is not clamped at 0, so that a kernel smaller than the',
    '  stride starts late:',
    '    another.3d same',
  ])
})

it('refusals stand under their reason', () => {
  const list = ['too wide', 'too late', 'too wide'].map((rejected, index) =>
    told(`framework-${index}.same`, 'same', undefined, { rejected }),
  )
  expect(refusalLines(list, '  ')).toEqual([
    '  too wide:',
    '    framework-0 same, framework-2 same',
    '  too late:',
    '    framework-1 same',
  ])
})
