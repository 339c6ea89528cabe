import { type BenchLayer, product } from '../layers.ts'
import type { Task } from '../tensors.ts'
import type { Engine } from './engine.ts'
import type { Packages, Untyped } from './packages.ts'

/**
 * jax-js on its WebAssembly backend, which has one thread in Node; calls as they are, since its `jit` makes these slower.
 * Its pools take no padding, and its `pad` has zeros only: an average is a sum over padded cells times the inverse of how
 * many are real, a maximum cannot be had.
 */
export async function jaxWasm(packages: Packages): Promise<Engine> {
  const jax = await packages.jax()
  const devices: string[] = await jax.init('wasm')
  if (!devices.includes('wasm')) throw new Error('@jax-js/jax has no WebAssembly backend here')
  jax.defaultDevice('wasm')
  return {
    ...{ name: 'jax-js', kind: 'wasm', version: packages.version('@jax-js/jax') },
    prepare: async (task) => {
      const { compute, arrays } = callOf(jax, task)
      const ready = async (): Promise<Untyped> => {
        const y = compute()
        await y.blockUntilReady()
        return y
      }
      return {
        run: async () => (await ready()).dispose(),
        result: async () => {
          const y = await ready()
          return { shape: y.shape, data: await y.data() } // reading drops it
        },
        release: () => arrays.forEach((array) => void array.dispose()),
      }
    },
  }
}

/** A call takes its arrays over unless given a reference of its own. */
function callOf(jax: Untyped, { layer, x, weights }: Task): { compute: () => Untyped; arrays: Untyped[] } {
  const { numpy: np, lax } = jax
  const { geometry, groups } = layer
  const { op, axes } = geometry
  const array = (data: Float32Array, shape: readonly number[]): Untyped => np.array(data).reshape([...shape])
  const strides = axes.map(({ stride }) => stride)
  const rhsDilation = axes.map(({ dilation }) => dilation)
  const pads = axes.map(({ padBegin, padEnd }) => [padBegin, padEnd])
  const input = array(x.data, x.shape)
  if (op === 'conv') {
    const filter = array(weights.data, weights.shape)
    const options = { rhsDilation, featureGroupCount: groups }
    const compute = (): Untyped => lax.convGeneralDilated(input.ref, filter.ref, strides, pads, options)
    return { compute, arrays: [input, filter] }
  }
  if (op === 'convTranspose') {
    if (groups > 1) throw new Error('lax.convTranspose takes no groups')
    const filter = array(weights.data, weights.shape)
    const options = { rhsDilation, transposeKernel: true }
    const compute = (): Untyped => lax.convTranspose(input.ref, filter.ref, strides, pads, options)
    return { compute, arrays: [input, filter] }
  }
  if (rhsDilation.some((dilation) => dilation > 1)) throw new Error('lax.reduceWindow takes no dilation')
  const size = axes.map(({ kernel }) => kernel)
  if (op === 'maxPool' && pads.flat().some((cells) => cells > 0)) {
    throw new Error('lax.reduceWindow takes no padding, and numpy.pad has zeros only')
  }
  const padded = (): Untyped => np.pad(input.ref, [[0, 0], [0, 0], ...pads])
  if (op === 'maxPool') {
    const compute = (): Untyped => lax.reduceWindow(input.ref, np.max, size, strides)
    return { compute, arrays: [input] }
  }
  const inverse = array(inverseCounts(layer), [1, 1, ...axes.map(({ output }) => output)])
  const compute = (): Untyped => lax.reduceWindow(padded(), np.sum, size, strides).mul(inverse.ref)
  return { compute, arrays: [input, inverse] }
}

/** One over the number of real cells of each window. */
function inverseCounts({ geometry: { axes } }: BenchLayer): Float32Array {
  const cells = axes.map(({ input, kernel, stride, padBegin, output }) =>
    Array.from({ length: output }, (_, index) => {
      const begin = index * stride - padBegin
      return Math.min(input, begin + kernel) - Math.max(0, begin)
    }),
  )
  return Float32Array.from({ length: product(cells.map(({ length }) => length)) }, (_, at) => {
    let rest = at
    let count = 1
    for (const list of cells.toReversed()) {
      count *= list[rest % list.length]
      rest = Math.floor(rest / list.length)
    }
    return 1 / count
  })
}
