import { isSameFunction } from '../../src/analysis/same-function.ts'
import { findConvention, solve } from '../../src/geometry.ts'
import { readModel, spatialNodes } from '../../src/models.ts'
import type { Network } from '../models/onnx/random-network.ts'
import { engine } from './engine.ts'

// Random networks, run by onnxruntime.

const { InferenceSession, Tensor } = engine('onnxruntime-node')
const options = { graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1 }

/** An output of a network. */
export interface Output {
  readonly dims: readonly number[]
  readonly data: ArrayLike<number>
}

/** Small integers for an input of two channels. */
function feed(spatial: readonly number[]): { x: Output } {
  const dims = [1, 2, ...spatial]
  const length = dims.reduce((product, size) => product * size, 1)
  let state = 7
  const data = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 16) % 9) - 4
  })
  return { x: new Tensor('float32', data, dims) }
}

/** What a network gives at each of some sizes; undefined where onnxruntime refuses it. */
export async function outputsOf(
  bytes: Uint8Array,
  sizes: readonly (readonly number[])[],
): Promise<(Output | undefined)[]> {
  const session = await InferenceSession.create(bytes, options).catch(() => undefined)
  const outputs: (Output | undefined)[] = []
  for (const size of sizes) {
    const found = await session?.run(feed(size)).catch(() => undefined)
    outputs.push(found?.y)
  }
  await session?.release()
  return outputs
}

/** Sums of integers are exact; averages are not, in whatever order they are added. */
export function areEqual(a: Output, b: Output): boolean {
  if (String(a.dims) !== String(b.dims)) return false
  let [largest, apart] = [0, 0]
  for (let index = 0; index < a.data.length; index++) {
    const [one, two] = [a.data[index], b.data[index]]
    if (Object.is(one, two) || one === two) continue
    if (Number.isNaN(one) !== Number.isNaN(two)) return false
    largest = Math.max(largest, Math.abs(one), Math.abs(two))
    apart = Math.max(apart, Math.abs(one - two))
  }
  return apart <= 3e-6 * largest
}

/** Where onnxruntime's own rule for a node gives something else than the specification's: the rule's name. */
export async function faultsOf(bytes: Uint8Array, sizes: readonly (readonly number[])[]): Promise<string[]> {
  const model = await readModel(bytes)
  return sizes.flatMap((size) =>
    spatialNodes(model, { inputs: { x: [1, 2, ...size] } }).flatMap(({ axes, op, written }) =>
      axes.flatMap(({ setting, input }) => {
        if (!setting || input === undefined) return []
        const word = setting.convention.split('.').at(-1) as string
        // With VALID it rounds up where it is told to, which the specification does not.
        const rounds = word === 'valid' && written.ceilMode && op.endsWith('Pool')
        const own = findConvention('onnxruntime', op, rounds ? 'explicit' : word)
        if (!own) return []
        const theirs = { ...setting, convention: own.id, ...(rounds && { pads: [0, 0] as const, ceilMode: true }) }
        const equal = isSameFunction(setting, solve(setting, input), theirs, solve(theirs, input))
        return equal ? [] : [rounds ? `${own.id}, rounded up with VALID` : own.id]
      }),
    ),
  )
}

/** Sizes at which a network is run: its own, and where the file leaves them open two more. */
export const sizesOf = ({ input, open }: Network): (readonly number[])[] =>
  open ? [input, input.map((size) => size + 1), input.map((size, axis) => size + 4 + axis)] : [input]
