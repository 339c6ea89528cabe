// Bundled for a page or a worker of Chromium: TensorFlow.js on one of its builds, with its own kernels and with samepad's.

import { threadsUsed } from '../../src/index.ts'
import { accelerate } from '../../src/tfjs.ts'
import { farthest, integers, numbersOf, type Untyped } from './tfjs-numbers.ts'

/** Which build of the library it is, and how far the kernels of both are apart on integers. */
export interface BuildAnswer {
  /** Whether its memory is shared between threads. */
  readonly isShared: boolean
  readonly apart: number
  /** Threads of the library, and the most that computed a kernel of samepad's. */
  readonly threads: readonly [number, number]
  /** Bytes of packed weights, while they are kept and in the end. */
  readonly used: readonly [number, number]
}

export async function compareOn(
  tf: Untyped,
  wasm: Untyped,
  flags: { readonly simd: boolean; readonly threads: boolean; readonly origin: string },
): Promise<BuildAnswer> {
  tf.env().set('WASM_HAS_SIMD_SUPPORT', flags.simd)
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', flags.threads)
  wasm.setWasmPaths(`${flags.origin}/files/@tensorflow/tfjs-backend-wasm/dist/`)
  wasm.setThreadsCount(2)
  // The library takes no more threads than half of the cores that a page says there are.
  Object.defineProperty((globalThis as Untyped).navigator, 'hardwareConcurrency', { value: 4 })
  await tf.setBackend('wasm')
  const calls = callsOf(tf)
  let used = 0
  const resultOf = (call: () => Untyped): Float32Array => {
    const result = call().dataSync()
    used = Math.max(used, threadsUsed())
    return result
  }
  const results = (): Float32Array[] => calls.flatMap((call) => [1, 2, 3].map(() => tf.tidy(() => resultOf(call))))
  const theirs = results()
  const acceleration = accelerate(tf, { deterministic: true })
  let ours = results()
  // Workers take a moment to start.
  for (let wait = 0; flags.threads && used < 2 && wait < 1000; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    ours = results()
  }
  const kept = acceleration.used
  acceleration.stop()
  return {
    isShared: Object.prototype.toString.call(tf.backend().wasm.HEAPU8.buffer) === '[object SharedArrayBuffer]',
    threads: [wasm.getThreadsCount(), used],
    apart: Math.max(...ours.map((data, index) => farthest(data, theirs[index]))),
    used: [kept, acceleration.used],
  }
}

function callsOf(tf: Untyped): (() => Untyped)[] {
  const random = numbersOf(5)
  const x = integers(tf, [2, 31, 37, 12], random)
  const [filter, own, bias] = [[3, 2, 12, 20], [3, 3, 12, 1], [12]].map((shape) => integers(tf, shape, random))
  const around = [0, 200, 200, 0].map((pad) => [pad, pad])
  return [
    () => tf.conv2d(x, filter, 2, 'same'),
    () => tf.depthwiseConv2d(x, own, 1, 'same'),
    () => tf.maxPool(x, 3, 2, 'same'),
    () => tf.add(x, bias),
    () => tf.concat([x, x], 3),
    // So large that memory grows.
    () => tf.slice(tf.pad(x, around), [0, 200, 200, 0], x.shape),
  ]
}
