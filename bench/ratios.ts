import { isTimed, type Results, type Row } from './results.ts'
import { geometricMean } from './statistics.ts'

const NATIVE = 'onnxruntime-node'

/** samepad's two layouts, the default first. */
export const own = ['samepad', 'samepad nhwc'] as const

/** Titles of columns, by engine. */
export const titles: Readonly<Record<string, string>> = {
  samepad: 'samepad',
  'samepad nhwc': 'nhwc',
  'tfjs-wasm': 'tfjs',
  'onnxruntime-web': 'ort-web',
  '@jax-js/jax': 'jax-js',
  [NATIVE]: 'ort-node',
}

/** What samepad reaches on a layer in one layout; NaN where there is nothing to compare with. */
export interface Ratios {
  /** Times as fast as the fastest other engine on WebAssembly that does the layer. */
  readonly wasm: number
  /** Times as fast as native onnxruntime. */
  readonly native: number
  /** GF/s over the machine's limit; of no meaning for pools, which multiply nothing. */
  readonly share: number
}

/** Ratios of a layer. An engine whose values are wrong is no engine to compare with. */
export function ratiosOf({ rows, limit, disagreements }: Results, layer: string, engine: string): Ratios {
  const isRight = (row: Row): boolean => !disagreements.some((one) => one.layer === layer && one.engine === row.engine)
  const timed = rows.filter((row) => row.layer === layer && isRight(row)).filter(isTimed)
  const self = timed.find((row) => row.engine === engine)
  const others = timed.filter((row) => row.engine !== NATIVE && !own.some((name) => name === row.engine))
  const fastest = Math.min(...others.map(({ ms }) => ms))
  const native = timed.find((row) => row.engine === NATIVE)
  return {
    wasm: self && others.length > 0 ? fastest / self.ms : Number.NaN,
    native: self && native ? native.ms / self.ms : Number.NaN,
    share: self && self.kind !== 'pool' ? self.gflops / limit.gflops : Number.NaN,
  }
}

/** Of some layers, the geometric mean and the worst of each ratio. */
export interface Summary {
  readonly name: string
  readonly mean: Ratios
  readonly least: Ratios
}

/** For each kind of layer, and for all of them. */
export function summariesOf(results: Results, engine: string): Summary[] {
  const kinds = [...new Set(results.rows.map(({ kind }) => kind))]
  return [...kinds, 'all'].map((name) => {
    const rows = results.rows.filter(({ kind }) => name === 'all' || kind === name)
    const layers = [...new Set(rows.map(({ layer }) => layer))]
    const list = layers.map((layer) => ratiosOf(results, layer, engine))
    const over = (reduce: (values: readonly number[]) => number): Ratios => {
      const of = (key: keyof Ratios): number => {
        const values = list.map((one) => one[key]).filter((value) => !Number.isNaN(value))
        return values.length > 0 ? reduce(values) : Number.NaN
      }
      return { wasm: of('wasm'), native: of('native'), share: of('share') }
    }
    return { name, mean: over(geometricMean), least: over((values) => Math.min(...values)) }
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
