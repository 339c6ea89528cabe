import { expect, it } from 'vitest'
import { isTransposed } from '../../src/conventions/convention.ts'
import { everyFormula } from '../../src/conventions/every-formula.ts'
import { type Formulas, onnxFormulas } from '../../src/conventions/onnx-formulas.ts'
import { conventions } from '../../src/conventions/rows/index.ts'
import { onnx } from '../../src/conventions/rows/onnx.ts'

/** The formulas that a row names and a table does not have. */
const missing = (row: (typeof conventions)[number], formulas: Formulas): string[] => {
  const { rule, rejects } = row
  const named: readonly (readonly [table: keyof Formulas, name: string])[] = [
    ...rejects.map((name) => ['rejections', name] as const),
    ...(isTransposed(rule)
      ? ([
          ['sizes', rule.size],
          ['crops', rule.crop],
        ] as const)
      : ([
          ['totals', rule.total],
          ['shares', rule.share],
          ['counts', rule.count ?? 'floor'],
        ] as const)),
  ]
  return named.filter(([table, name]) => !Object.hasOwn(formulas[table], name)).map((one) => one.join(' '))
}

it('the formulas of ONNX are all that its rows name, and no more', () => {
  expect(onnx.flatMap((row) => missing(row, onnxFormulas))).toEqual([])
  for (const table of Object.keys(onnxFormulas) as (keyof Formulas)[]) {
    for (const name of Object.keys(onnxFormulas[table])) {
      const { [name]: _, ...others } = (onnxFormulas as Formulas)[table]
      const without = { ...onnxFormulas, [table]: others }
      expect(onnx.flatMap((row) => missing(row, without))).toContain(`${table} ${name}`)
    }
  }
})

it('other rows name others, which the tables of all have', () => {
  expect(conventions.flatMap((row) => missing(row, everyFormula))).toEqual([])
  expect(conventions.flatMap((row) => missing(row, onnxFormulas))).toContain('totals full')
})
