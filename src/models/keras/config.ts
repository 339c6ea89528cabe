import { elementsOf, memberAt } from '../../bytes/json-places.ts'
import type { Shape, Span } from '../../network/model.ts'
import { openSize } from '../builder.ts'
import { deepest } from '../limits.ts'

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** An object of JSON, or nothing. */
export type Config = { readonly [key: string]: Json | undefined }

export const isConfig = (value: Json | undefined): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

export const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** Numbers of a list, or a number for each of so many axes. */
export function numbersOf(value: Json | undefined, axes: number): number[] | undefined {
  if (typeof value === 'number') return new Array<number>(axes).fill(value)
  const list = listOf(value)
  return list.length === axes && list.every((one) => typeof one === 'number') ? [...(list as number[])] : undefined
}

/** A shape with its batch; null is an open size. */
export function shapeOf(value: Json | undefined): Shape | undefined {
  return Array.isArray(value) ? value.map((size) => (typeof size === 'number' ? openSize(size) : undefined)) : undefined
}

/** A layer of a model. */
export interface KerasLayer {
  readonly name: string
  readonly className: string
  readonly config: Config
  /** For each call of the layer, the values that it takes: layer, call and output of each. */
  readonly calls: readonly (readonly OutputReference[])[]
  /** Where it stands in the text of the configuration. */
  readonly place: Span | undefined
}

/** An output of a call of a layer. */
export interface OutputReference {
  readonly layer: string
  readonly call: number
  readonly output: number
}

/** The deepest that lists of references lie within each other. */
const DEEPEST = deepest.kerasConfig

/** References within a list of arguments: `[name, call, output]`, or an object that tells a tensor's history. */
export function referencesOf(value: Json | undefined, depth = 0): OutputReference[] {
  if (depth > DEEPEST) return []
  if (Array.isArray(value)) {
    const [layer, call, output] = value as readonly Json[]
    if (typeof layer === 'string' && typeof call === 'number' && typeof output === 'number')
      return [{ layer, call, output }]
    return value.flatMap((one) => referencesOf(one, depth + 1))
  }
  if (!isConfig(value)) return []
  const inner = isConfig(value.config) ? value.config.keras_history : undefined
  return inner ? referencesOf(inner, depth + 1) : Object.values(value).flatMap((one) => referencesOf(one, depth + 1))
}

/** The text of a configuration; it may be a part of a file. */
export interface ConfigText {
  readonly bytes: Uint8Array
  /** Where it begins in the file. */
  readonly offset: number
}

/**
 * The layers of a model's configuration.
 *
 * @param place where the model stands in the text
 */
export function layersOf(model: Config, text?: ConfigText, place?: Span): KerasLayer[] {
  const config = isConfig(model.config) ? model.config : {}
  // The oldest Sequential models have the list itself.
  const list = Array.isArray(model.config) ? model.config : listOf(config.layers)
  const within = Array.isArray(model.config) ? ['config'] : ['config', 'layers']
  const whole = text && place && memberAt(text.bytes, place, ...within)
  const places = whole ? elementsOf(text.bytes, whole.value) : []
  const found = list.map((layer, index) => ({ layer, place: places[index] as Span | undefined }))
  return found.flatMap(({ layer, place }, index): KerasLayer | [] => {
    if (!isConfig(layer)) return []
    const inner = isConfig(layer.config) ? layer.config : {}
    return {
      name: textOf(layer.name) ?? textOf(inner.name) ?? `layer ${index}`,
      className: textOf(layer.class_name) ?? '',
      config: Array.isArray(layer.config) ? { layers: layer.config } : inner,
      calls: callsOf(layer.inbound_nodes),
      place,
    }
  })
}

/** Keras 2 has a list of references for each call, Keras 3 an object of arguments. */
function callsOf(nodes: Json | undefined): (readonly OutputReference[])[] {
  return listOf(nodes).map((call) => referencesOf(call))
}
