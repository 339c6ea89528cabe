import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findConvention, frameworkOf } from '../../src/conventions/rows/index.ts'
import type { Setting } from '../../src/conventions/setting.ts'
import type { Fill, Op, Pads } from '../../src/geometry/index.ts'

/** One call of a framework on one axis, as the README of the goldens describes it. */
export interface Row {
  readonly framework: string
  readonly op: Op
  readonly padding?: 'same' | 'valid'
  readonly autoPad?: 'SAME_UPPER' | 'SAME_LOWER' | 'VALID' | 'NOTSET'
  readonly pads?: Pads
  readonly paddingMode?: Fill
  readonly ceilMode?: boolean
  readonly countIncludePad?: boolean
  readonly outputPadding?: number
  readonly outputShape?: number
  readonly input: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** Values, `'-inf'` for minus infinity; or `error`. */
  readonly output?: (number | '-inf')[]
  readonly error?: string
}

const folder = process.env.GOLDENS ?? join(import.meta.dirname, '../goldens')

/** Every row of every file that is a list. */
export const rows: readonly Row[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  .filter(Array.isArray)
  .flat()

/** The setting that a row's framework and attributes name. */
export function settingOf(row: Row): Setting {
  const { op, kernel, stride, dilation, pads, ceilMode, countIncludePad, outputPadding, outputShape, paddingMode } = row
  const [name, version] = row.framework.split(' ')
  const framework = frameworkOf(name)
  const auto = row.autoPad === 'NOTSET' ? undefined : row.autoPad
  const convention = framework && findConvention(framework, op, row.padding ?? auto ?? 'explicit', version)
  if (!convention) throw new Error(`no convention for ${JSON.stringify(row)}`)
  const window = { convention: convention.id, op, kernel, stride, dilation }
  return { ...window, pads, ceilMode, countIncludePad, outputPadding, outputShape, fill: paddingMode }
}

/** The input of a row: the README of the goldens says which. */
export function inputOf({ op, input }: Row): number[] {
  const value = {
    conv: (i: number) => i + 1,
    convTranspose: (i: number) => (10 ** i <= 10_000 ? 10 ** i : 7 * i),
    maxPool: (i: number) => (i % 2 ? -(i + 1) : -1.5 * (i + 1)),
    averagePool: (i: number) => (i % 2 ? -(i + 1) : -1.5 * (i + 1)),
  }[op]
  return Array.from({ length: input }, (_, index) => value(index))
}

/** The weights of a row. */
export function weightsOf({ kernel }: Row): number[] {
  return Array.from({ length: kernel }, (_, tap) => 2 ** tap)
}

/** Whether values are those that a row records, to float32 rounding. */
export function isOutput({ output }: Row, values: readonly number[]): boolean {
  return (
    output?.length === values.length &&
    output.every((recorded, index) => {
      const expected = recorded === '-inf' ? Number.NEGATIVE_INFINITY : recorded
      return expected === values[index] || Math.abs(expected - values[index]) <= 1e-6 * Math.abs(expected) + 1e-30
    })
  )
}
