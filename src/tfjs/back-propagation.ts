import type { Gradient, LibraryTensor, TensorFlow } from './library.ts'

/**
 * The kernels of a convolution, by what each computes of the other two: the change of the output (which the convolution itself gives
 * as an output), that of the input, and that of the filter. The sum of output times change is linear in all three.
 */
interface Kernels {
  readonly x: string
  readonly dy: string
  readonly filter: string
}

const named = (dy: string, { x = `${dy}BackpropInput`, filter = `${dy}BackpropFilter` } = {}): Kernels => ({
  ...{ x, dy, filter },
})

const convolutions: readonly Kernels[] = [
  ...[named('Conv2D'), named('DepthwiseConv2dNative'), named('SamepadConv')],
  named('Conv3D', { x: 'Conv3DBackpropInputV2', filter: 'Conv3DBackpropFilterV2' }),
]

/** In the order in which kernels have them. */
const names = ['x', 'dy', 'filter'] as const

/**
 * Registers gradients that take every dilation, as the kernels here do; the library's own refuse it. Gradients have gradients too: that of
 * an input or a filter is what the third kernel gives, with the change in the place of what was computed.
 *
 * @param isAccelerated whether the backend in use has those kernels
 * @returns what puts the library's gradients back
 */
export function registerGradients(tf: TensorFlow, isAccelerated: () => boolean): () => void {
  const undone = convolutions.flatMap((kernels) => names.map((made) => register(tf, kernels, made, isAccelerated)))
  return () => {
    for (const undo of undone) undo()
  }
}

/** The gradient of the kernel that makes one of the three. */
function register(tf: TensorFlow, kernels: Kernels, made: keyof Kernels, isAccelerated: () => boolean): () => void {
  const kernelName = kernels[made]
  const inputsToSave = names.filter((name) => name !== made)
  const theirs: Gradient | undefined = tf.getGradient(kernelName)
  const gradient: Gradient = {
    ...{ kernelName, inputsToSave },
    gradFunc(change, saved, attrs) {
      if (theirs && !isAccelerated()) return theirs.gradFunc(change, saved, attrs)
      const [first, second] = inputsToSave
      const tensors = { [made]: change, [first]: saved[0], [second]: saved[1] } as Record<keyof Kernels, LibraryTensor>
      const { x, filter } = tensors
      const own = { ...attrs, dilations: attrs.dilations ?? 1, inputShape: x.shape, filterShape: filter.shape }
      const gradientOf = (name: keyof Kernels) => (): unknown => {
        const { [name]: _, ...others } = tensors
        return tf.engine().runKernel(kernels[name], others, own)
      }
      return { [first]: gradientOf(first), [second]: gradientOf(second) }
    },
  }
  replaceGradient(tf, theirs, gradient)
  return () => {
    if (tf.getGradient(kernelName) === gradient) replaceGradient(tf, gradient, theirs)
  }
}

function replaceGradient(tf: TensorFlow, before: Gradient | undefined, after: Gradient | undefined): void {
  if (before) tf.unregisterGradient(before.kernelName)
  if (after) tf.registerGradient(after)
}
