import type { Library, LibraryCall } from '../library.ts'
import { tfjsFunctions, tfjsLayers, tfjsMethods, webnnBuilder } from './javascript.ts'
import { flaxLinen, flaxNnx, jaxLax } from './jax.ts'
import { kerasLayers, kerasOps } from './keras.ts'
import { mlxCore, mlxLayers } from './mlx.ts'
import { onnxOperators } from './onnx.ts'
import { torchFunctions, torchModules } from './pytorch.ts'
import { burnConfigs, candleLayers, candleMethods } from './rust.ts'
import { tensorflowLayers, tensorflowNn, tensorflowSlim } from './tensorflow.ts'

/** Every library whose calls can be read; where a call without a module fits several, the first is meant. */
export const libraries: readonly Library[] = [
  ...[torchModules, torchFunctions, kerasLayers, onnxOperators],
  ...[flaxLinen, flaxNnx, tensorflowNn, tensorflowLayers, kerasOps, jaxLax],
  ...[
    tensorflowSlim,
    tfjsFunctions,
    tfjsLayers,
    mlxLayers,
    mlxCore,
    burnConfigs,
    candleLayers,
    candleMethods,
    webnnBuilder,
    tfjsMethods,
  ],
]

/** A function of a library by its full name. */
export interface FoundCall {
  readonly library: Library
  readonly call: LibraryCall
  readonly name: string
  readonly rank?: number
}

const byName = new Map<string, FoundCall[]>()
for (const library of libraries) {
  for (const call of library.calls) {
    const ranks = call.name.includes('{n}') ? [1, 2, 3] : [undefined]
    for (const rank of ranks) {
      const name = call.name.replace('{n}', String(rank))
      const own = rank ?? call.rank ?? rankIn(name)
      byName.set(name, [...(byName.get(name) ?? []), { library, call, name, ...(own && { rank: own }) }])
    }
  }
}

/** `conv2d` has two axes also where those of one and three have other parameters. */
function rankIn(name: string): number | undefined {
  const digit = /([123])[dD]/.exec(name)?.[1]
  return digit === undefined ? undefined : Number(digit)
}

/** Whether a library has a function of that name. */
export const isFunction = (name: string): boolean => byName.has(name)

/** The names of all functions. */
export const callNames = (): string[] => [...byName.keys()]

/** The modules that have some functions. */
export const modulesOf = (found: readonly FoundCall[]): string[] => found.flatMap(({ library }) => library.modules)

/** The names of the functions of a module, by its full name or the last parts of it. */
export function callsIn(module: string): string[] {
  const own = libraries.filter(({ modules }) => modules.some((one) => one === module || one.endsWith(`.${module}`)))
  return module === ''
    ? []
    : callNames().filter((name) => byName.get(name)?.some(({ library }) => own.includes(library)))
}

/**
 * The functions that a name with its modules may mean, the likeliest first.
 *
 * @param framework a framework that the text names: its own functions come first, and modules do not matter
 */
export function findCalls(path: readonly string[], framework?: string): FoundCall[] {
  const found = byName.get(path[path.length - 1]) ?? []
  const own = found.filter(({ library }) => library.framework === framework)
  if (own.length > 0) return own
  const module = path.slice(0, -1).join('.')
  if (module === '') return found.filter(({ call, library }) => !call.isMethod || library.isBuilder)
  const exact = found.filter(({ library: { modules } }) => modules.includes(module))
  const inner = found.filter(({ library: { modules } }) => modules.some((one) => one.endsWith(`.${module}`)))
  const both = new Set([...exact, ...inner])
  if (both.size > 0) return [...both]
  if (framework !== undefined) return found
  if (path.length !== 2 || !/^[a-z_]\w*$/i.test(module)) return []
  const methods = found.filter(({ call }) => call.isMethod)
  const object = module.toLowerCase().replace(/_$/, '')
  const named = methods.filter(({ library: { modules } }) => modules.some((one) => object.endsWith(one)))
  return named.length > 0 ? named : methods
}
