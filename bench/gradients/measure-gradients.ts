import * as samepad from '../../dist/index.js'
import { difference } from '../agreement.ts'
import { bundledLibrary } from '../engines/bundled-tfjs.ts'
import type { Untyped } from '../engines/packages.ts'
import { nodePackages } from '../engines/packages-node.ts'
import { layerOf } from '../engines/samepad.ts'
import { type Budget, interleave, quick, thorough } from '../interleave.ts'
import { type BenchLayer, isPool, operationsOf, resized, shapesOf } from '../layers.ts'
import { limitLoop } from '../limit.ts'
import { progress, progressEnds } from '../progress.ts'
import { processor } from '../run.ts'
import { median } from '../statistics.ts'
import { channelsLast, noise, type Task, taskOf, type Values } from '../tensors.ts'
import { gflops } from '../time-layers.ts'
import { measureTraining, type Training } from './measure-training.ts'
import { tfjsGradients } from './tfjs-kernels.ts'

export type GradientName = 'weights' | 'input'

/** A gradient of a layer: milliseconds and the share of the machine's limit in both layouts, and beside TensorFlow.js. */
export interface GradientRow {
  readonly layer: string
  readonly kind: string
  readonly gradient: GradientName
  readonly nchw: Rate
  readonly nhwc: Rate
  /** On a part of the layer's input that a kernel in plain JavaScript does in a second or so; none where it refuses. */
  readonly tfjs: { readonly ms: number; readonly times: number; readonly wrong: string | undefined } | undefined
}

interface Rate {
  readonly ms: number
  /** None of pools, which multiply nothing. */
  readonly share: number | null
}

/** What `--gradients` finds out. */
export interface GradientResults {
  readonly cpu: string
  readonly cores: number
  readonly host: string
  readonly tfjs: string
  readonly limit: number
  readonly rows: readonly GradientRow[]
  readonly training: Training
}

/** Operations of the part of a layer that TensorFlow.js is given. */
const PART = 4e6

/** Times the gradients of layers, and a step of training. */
export async function measureGradients(layers: readonly BenchLayer[], isQuick: boolean): Promise<GradientResults> {
  const budget = isQuick ? quick : thorough
  const tf = await bundledLibrary()
  tf.enableProdMode() // else it prints what could be installed in its place
  await tf.setBackend('cpu')
  const rows: GradientRow[] = []
  const limits: number[] = []
  for (const [index, layer] of layers.entries()) {
    progress(`[${index + 1}/${layers.length}] gradients of ${layer.name}`)
    const found = await measureLayer(tf, layer, budget)
    rows.push(...found.rows)
    limits.push(found.limit)
  }
  progress('a step of training')
  const training = await measureTraining(tf, budget)
  progressEnds()
  return {
    ...{ ...processor(), host: `Node ${process.version}`, tfjs: nodePackages.version('@tensorflow/tfjs-core') },
    ...{ limit: median(limits), rows, training },
  }
}

async function measureLayer(
  tf: Untyped,
  layer: BenchLayer,
  budget: Budget,
): Promise<{ readonly rows: GradientRow[]; readonly limit: number }> {
  const names: readonly GradientName[] = isPool(layer) ? ['input'] : ['weights', 'input']
  const all = (['nchw', 'nhwc'] as const).map((layout) => prepared(taskOf(layer), layout))
  const limit = limitLoop()
  const runs = all.flatMap(({ run }) => names.map((name) => () => run(name)))
  const [limitMs, ...times] = await interleave([limit.run, ...runs], budget)
  for (const { release } of all) release()
  const most = gflops(limit.operations, limitMs)
  const rates = times.map((ms): Rate => {
    return { ms, share: isPool(layer) ? null : gflops(operationsOf(layer), ms) / most }
  })
  const beside = await besideTfjs(tf, partOf(layer), names, budget)
  const rows = names.map((gradient, index): GradientRow => {
    const [nchw, nhwc] = [rates[index], rates[names.length + index]]
    return { layer: layer.name, kind: layer.kind, gradient, nchw, nhwc, tfjs: beside?.[index] }
  })
  return { rows, limit: most }
}

/** A layer's gradients on tensors in program memory. */
function prepared(task: Task, layout: samepad.Layout) {
  const { x, y } = shapesOf(task.layer)
  const inLayout = layout === 'nhwc' ? channelsLast : (values: Values): Values => values
  const placed = (values: Values): samepad.ProgramTensor => samepad.programTensor(values.shape, values.data)
  const layer = layerOf(task, layout)
  const gradient = samepad.prepareGradient(layer)
  const [input, change] = [placed(inLayout(task.x)), placed(inLayout(noise(y, 3)))]
  const empty = { input: inLayout(noise(x, 4)), ...(isPool(task.layer) ? {} : { weights: task.weights }) }
  const into = Object.fromEntries(Object.entries(empty).map(([name, values]) => [name, placed(values)]))
  return {
    run: (name: GradientName): samepad.Tensor =>
      gradient.run(input, change, { of: [name], into: { [name]: into[name] } })[name],
    release: (): void => {
      gradient.release()
      layer.release()
      for (const tensor of [input, change, ...Object.values(into)]) tensor.release()
    },
  }
}

/** The layer on so small a part of its input that there are no more operations than `PART`, if its kernel allows. */
function partOf(layer: BenchLayer): BenchLayer {
  const { axes } = layer.geometry
  for (let share = 1; ; share *= 0.8) {
    const cells = axes.map(({ input, kernel, dilation }) => {
      return Math.min(input, Math.max((kernel - 1) * dilation + 1, Math.round(input * share)))
    })
    const part = resized(
      layer,
      cells.map((size, axis) => size - axes[axis].input),
    )
    const isLeast = cells.every((size, axis) => size <= (axes[axis].kernel - 1) * axes[axis].dilation + 1)
    if (operationsOf(part) <= PART || isLeast) return part
  }
}

/** Both libraries on one layer; how many times as fast samepad is, in the layout of the other. */
async function besideTfjs(
  tf: Untyped,
  layer: BenchLayer,
  names: readonly GradientName[],
  budget: Budget,
): Promise<GradientRow['tfjs'][] | undefined> {
  const task = taskOf(layer)
  tf.engine().startScope()
  try {
    const kernels = tfjsGradients(tf, task, noise(shapesOf(layer).y, 3))
    if (!kernels) return undefined
    const own = prepared(task, 'nchw')
    const found: GradientRow['tfjs'][] = []
    for (const name of names) {
      const theirs = kernels[name] as () => Values
      const start = performance.now()
      const expected = theirs()
      const ms = performance.now() - start
      const { data, shape } = own.run(name)
      const wrong = difference(expected, { data: data.slice(), shape })
      const [ownMs] = await interleave([() => own.run(name)], budget)
      found.push({ ms, times: ms / ownMs, wrong })
    }
    own.release()
    return found
  } finally {
    tf.engine().endScope()
  }
}
