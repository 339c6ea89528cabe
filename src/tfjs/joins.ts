import { add } from '../functions/plain.ts'
import { outputOf } from '../reference/problem.ts'
import { isSameShape } from '../run/memory/result.ts'
import { inLayout } from '../tensor/tensor.ts'
import { activationOf, type FilterTask, type FusedLayer, isForChannels, layerTask } from './filters.ts'
import type { KernelAttributes, KernelTensors, LibraryTensor } from './library.ts'
import type { KernelPlanning, KernelTask } from './task.ts'

/** A layer with a kernel that follows it, and its tensors. */
export interface JoinedLayer {
  readonly task: FilterTask
  readonly tensors: KernelTensors
}

/** No more functions than that are computed with a layer. */
const MOST_FUNCTIONS = 4

/** No more different followers of a layer are computed with it: a slope may change with each call, and each takes a program to be made. */
const MOST_FOLLOWERS = 16

/**
 * Joins a kernel that follows a layer to it.
 *
 * @param output that of the layer
 * @param inputs those of the kernel
 * @returns undefined where it is none of those that can be computed with the layer
 */
export function join(
  { task, tensors }: JoinedLayer,
  output: LibraryTensor,
  kernel: string,
  inputs: KernelTensors,
  attrs: KernelAttributes,
  planning: KernelPlanning,
): JoinedLayer | undefined {
  const { layer, longer } = task
  if (!layer || (layer.problem.epilogue ?? []).length >= MOST_FUNCTIONS) return undefined
  const found = kernel === 'Add' ? sumOf(layer, output, inputs) : activated(layer, output, kernel, inputs, attrs)
  if (!found) return undefined
  const { kind, slope, name, tensor } = found
  const text = `${kind} ${slope}`
  if (!longer.has(text)) {
    if (longer.size === MOST_FOLLOWERS) return undefined
    const planned = layerTask({ ...layer, ...found.part(), kind: `${layer.kind} ${kind}` }, planning)
    longer.set(text, planned.isSlow ? undefined : planned)
  }
  const joined = longer.get(text)
  return joined && { task: joined, tensors: name ? { ...tensors, [name]: tensor } : tensors }
}

/** What follows a layer. */
interface Follower {
  readonly kind: string
  /** The number that its function depends on. */
  readonly slope?: unknown
  /** What of the layer it changes. */
  readonly part: () => Partial<FusedLayer>
  /** The tensor that it takes beside, and the name that it has from now on. */
  readonly name?: string | undefined
  readonly tensor?: LibraryTensor | undefined
}

/** Whether a tensor is an output; what is reshaped shares its data. */
function isOutput(tensor: LibraryTensor | undefined, { dataId, shape }: LibraryTensor): boolean {
  return tensor?.dataId === dataId && isSameShape(tensor.shape, shape)
}

/** A sum with a number for each channel, or with another tensor. */
function sumOf(layer: FusedLayer, output: LibraryTensor, { a, b }: KernelTensors): Follower | undefined {
  const [isFirst, isSecond] = [isOutput(a, output), isOutput(b, output)]
  const tensor = isFirst ? b : a
  if (isFirst === isSecond || tensor?.dtype !== 'float32') return undefined
  const { problem, hasBias, residual } = layer
  const { epilogue = [] } = problem
  if (
    !hasBias &&
    epilogue.length === 0 &&
    isForChannels(tensor.shape, problem) &&
    tensor.shape.length <= output.shape.length
  )
    return { kind: 'bias', part: () => ({ hasBias: true }), name: 'bias', tensor }
  if (residual !== undefined || !isSameShape(tensor.shape, output.shape)) return undefined
  const sum = { row: add, operands: [{ residual: true }] } as const
  const part = () => ({ problem: { ...problem, epilogue: [...epilogue, sum] }, residual: 'residual' })
  return { kind: 'sum', part, name: 'residual', tensor }
}

function activated(
  { problem, slopes }: FusedLayer,
  output: LibraryTensor,
  kernel: string,
  { x, alpha: tensor }: KernelTensors,
  { alpha }: KernelAttributes,
): Follower | undefined {
  // Kernels of activations have the names of fused activations, except for capital letters.
  const found = isOutput(x, output) ? activationOf(kernel.toLowerCase(), { leakyreluAlpha: alpha }) : undefined
  const isOfChannels = tensor?.dtype === 'float32' && isForChannels(tensor.shape, problem)
  if (!found || (tensor && (slopes !== undefined || !isOfChannels))) return undefined
  const part = () => ({
    problem: { ...problem, epilogue: [...(problem.epilogue ?? []), ...found] },
    ...(tensor ? { slopes: 'alpha' } : {}),
  })
  return { kind: kernel, slope: alpha, part, ...(tensor ? { name: 'alpha', tensor } : {}) }
}

/** After so many runs that nothing followed a layer is not waited for, but every so often. */
const [MOST_ALONE, SELDOM] = [3, 256]

/** Whether to wait for what follows a layer, which may be computed with it where channels are last. */
export function isWaitedFor(task: KernelTask | undefined): task is FilterTask {
  if (!task || !isOfFilter(task)) return false
  const { layer, shape } = task
  if (layer?.problem.layout !== 'nhwc') return false
  task.alone++
  if (task.alone > MOST_ALONE && task.alone % SELDOM !== 0) return false
  return isSameShape(shape, inLayout(outputOf(layer.problem), 'nhwc'))
}

const isOfFilter = (task: KernelTask): task is FilterTask => 'longer' in task
