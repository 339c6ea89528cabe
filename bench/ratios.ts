import { isTimed, type Results, type Row, type TimedRow } from './results.ts'
import { geometricMean } from './statistics.ts'

const NATIVE = 'onnxruntime-node'

/** samepad's two layouts, the default first. */
export const own = ['samepad', 'samepad nhwc'] as const

/** What samepad is compared as: in one layout, or each layer in that in which it is faster. */
export const choices = [...own, 'better layout'] as const
export type Choice = (typeof choices)[number]

/** Titles of columns, by engine. */
export const titles: Readonly<Record<string, string>> = {
  samepad: 'samepad',
  'samepad nhwc': 'nhwc',
  'tfjs-wasm': 'tfjs',
  'onnxruntime-web': 'ort-web',
  'LiteRT.js': 'litert',
  'tfjs-tflite': 'tflite',
  'jax-js': 'jax-js',
  [NATIVE]: 'ort-node',
}

/** What samepad reaches on a layer; NaN where there is nothing to compare with. */
export interface Ratios {
  /** Times as fast as the fastest other engine on WebAssembly that does the layer. */
  readonly wasm: number
  /** Times as fast as native onnxruntime. */
  readonly native: number
  /** GF/s over the machine's limit; of no meaning for pools, which multiply nothing. */
  readonly share: number
}

/** The rows of a layer that have times. An engine whose values are wrong is no engine to compare with. */
function rowsOf({ rows, disagreements }: Results, layer: string): TimedRow[] {
  const isRight = (row: Row): boolean => !disagreements.some((one) => one.layer === layer && one.engine === row.engine)
  return rows.filter((row) => row.layer === layer && isRight(row)).filter(isTimed)
}

function fastestOf(rows: readonly TimedRow[]): TimedRow | undefined {
  return rows.length > 0 ? rows.reduce((a, b) => (b.ms < a.ms ? b : a)) : undefined
}

const isOwn = ({ engine }: TimedRow): boolean => own.some((name) => name === engine)

/** samepad's time for a layer in its better layout; NaN where it has none. */
export function ownMs(results: Results, layer: string): number {
  return fastestOf(rowsOf(results, layer).filter(isOwn))?.ms ?? Number.NaN
}

/** The fastest other engine on WebAssembly, if any does the layer. */
export function fastestPeer(results: Results, layer: string): string | undefined {
  return fastestOf(peersOf(rowsOf(results, layer)))?.engine
}

function peersOf(rows: readonly TimedRow[]): TimedRow[] {
  return rows.filter((row) => !isOwn(row) && row.engine !== NATIVE)
}

/** Ratios of a layer. */
export function ratiosOf(results: Results, layer: string, choice: Choice): Ratios {
  const rows = rowsOf(results, layer)
  const isChosen = (row: TimedRow): boolean => (choice === 'better layout' ? isOwn(row) : row.engine === choice)
  const self = fastestOf(rows.filter(isChosen))
  const over = (other: TimedRow | undefined): number => (self && other ? other.ms / self.ms : Number.NaN)
  return {
    wasm: over(fastestOf(peersOf(rows))),
    native: over(rows.find(({ engine }) => engine === NATIVE)),
    share: self && !isPool(self) ? self.gflops / results.limit.gflops : Number.NaN,
  }
}

const isPool = ({ kind }: Row): boolean => kind === 'pool'

/** Of some layers, the geometric mean and the worst of each ratio. */
export interface Summary {
  readonly name: string
  readonly mean: Ratios
  readonly least: Ratios
}

/** For each set of layers, for each kind in it and for all of it. */
export function summariesOf(results: Results, choice: Choice): Summary[] {
  const distinct = (values: readonly string[]): string[] => [...new Set(values)]
  return distinct(results.rows.map(({ set }) => set)).flatMap((set) => {
    const rows = results.rows.filter((row) => row.set === set)
    const summary = (name: string, some: readonly Row[]): Summary => {
      const list = distinct(some.map(({ layer }) => layer)).map((layer) => ratiosOf(results, layer, choice))
      const over = (reduce: (values: readonly number[]) => number): Ratios => {
        const of = (key: keyof Ratios): number => {
          const values = list.map((one) => one[key]).filter((value) => !Number.isNaN(value))
          return values.length > 0 ? reduce(values) : Number.NaN
        }
        return { wasm: of('wasm'), native: of('native'), share: of('share') }
      }
      return { name, mean: over(geometricMean), least: over((values) => Math.min(...values)) }
    }
    const kinds = distinct(rows.map(({ kind }) => kind))
    const all = summary(`all of ${set}`, rows)
    return [
      ...kinds.map((kind) =>
        summary(
          kind,
          rows.filter((row) => row.kind === kind),
        ),
      ),
      all,
    ]
  })
}

/** A ratio as text. */
export function times(ratio: number): string {
  return Number.isNaN(ratio) ? '-' : ratio.toFixed(2)
}

/** A share as text. */
export function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(100 * share).toFixed(0)} %`
}

/** A time in three digits, however long. */
export function milliseconds(ms: number): string {
  return ms >= 1000 ? ms.toFixed(0) : ms.toPrecision(3)
}
