import * as samepad from '../../dist/index.js'
import { difference } from '../agreement.ts'
import type { Packages } from '../engines/packages.ts'
import { peers as names, type Peer } from '../engines/peers.ts'
import { type Budget, interleave } from '../interleave.ts'
import { product } from '../layers.ts'
import { progress } from '../progress.ts'
import type { Between, BetweenRow } from '../results.ts'
import { noise } from '../tensors.ts'
import {
  type Preparing,
  prepareOnSamepad,
  preparingOnOnnxruntime,
  preparingOnTfjs,
  type ReadyOperation,
} from './engines.ts'
import { type Operation, operations } from './operations.ts'

const FLOAT = 4

/** Times what stands between layers on samepad and its peers, and a copy of 1.6 MB within program memory beside each. */
export async function measureBetween(
  packages: Packages,
  peers: readonly Peer[],
  only: string,
  budget: Budget,
): Promise<Between[]> {
  const preparing = new Map<string, Preparing>([['samepad', prepareOnSamepad]])
  if (peers.includes('tfjs')) preparing.set(names.tfjs, await preparingOnTfjs(packages))
  if (peers.includes('ort-web')) preparing.set(names['ort-web'], await preparingOnOnnxruntime(packages))
  const copying = copyOf(operations[0].shapes[0])
  const found: Between[] = []
  for (const operation of operations) {
    if (!operation.name.toLowerCase().includes(only.toLowerCase())) continue
    progress(`between layers: ${operation.name}`)
    found.push(await measureOperation(operation, preparing, copying, budget))
  }
  copying.release()
  return found
}

interface Copying {
  readonly bytes: number
  readonly run: () => void
  readonly release: () => void
}

/** Reads and writes a tensor of this shape. */
function copyOf(shape: readonly number[]): Copying {
  const [from, to] = [
    samepad.programTensor(shape, new Float32Array(product(shape)).fill(1)),
    samepad.programTensor(shape),
  ]
  return {
    bytes: 2 * FLOAT * product(shape),
    run: () => to.data.set(from.data),
    release: () => {
      for (const tensor of [from, to]) tensor.release()
    },
  }
}

async function measureOperation(
  operation: Operation,
  preparing: ReadonlyMap<string, Preparing>,
  copying: Copying,
  budget: Budget,
): Promise<Between> {
  const inputs = operation.shapes.map((shape, index) => spread(shape, index + 1))
  const expected = operation.definition(inputs)
  const taken: { readonly engine: string; readonly ready: ReadyOperation; readonly wrong: string | undefined }[] = []
  const rows: BetweenRow[] = []
  for (const [engine, prepare] of preparing) {
    try {
      const ready = await prepare(operation, inputs)
      taken.push({ engine, ready, wrong: difference(expected, await ready.result()) })
    } catch (error) {
      rows.push({ engine, error: (error instanceof Error ? error.message : String(error)).split('\n')[0] })
    }
  }
  const [copy, ...times] = await interleave([copying.run, ...taken.map(({ ready }) => ready.run)], budget)
  taken.forEach(({ engine, wrong }, index) => {
    rows.push({ engine, ms: times[index], wrong })
  })
  for (const { ready } of taken) await ready.release()
  const { name, kind } = operation
  const bytes = FLOAT * [...operation.shapes, expected.shape].reduce((sum, shape) => sum + product(shape), 0)
  return { operation: name, kind, bytes, copy: { bytes: copying.bytes, ms: copy }, rows }
}

/** Values from -4 to 4, where the functions bend. */
function spread(shape: readonly number[], seed: number): { data: Float32Array; shape: readonly number[] } {
  const { data } = noise(shape, seed)
  return { data: data.map((value) => 4 * value), shape }
}
