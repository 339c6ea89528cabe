import type { Gradient, KernelAttributes, TensorFlow } from './library.ts'

/** A kernel with the kernels of its gradients. */
interface Differentiated {
  readonly kernel: string
  readonly input: string
  readonly filter: string
}

const kernels: readonly Differentiated[] = [
  { kernel: 'Conv2D', input: 'Conv2DBackpropInput', filter: 'Conv2DBackpropFilter' },
  {
    kernel: 'DepthwiseConv2dNative',
    input: 'DepthwiseConv2dNativeBackpropInput',
    filter: 'DepthwiseConv2dNativeBackpropFilter',
  },
  { kernel: 'Conv3D', input: 'Conv3DBackpropInputV2', filter: 'Conv3DBackpropFilterV2' },
  { kernel: 'SamepadConv', input: 'SamepadConvBackpropInput', filter: 'SamepadConvBackpropFilter' },
]

/**
 * Registers gradients that take every dilation, as the kernels here do; the library's own refuse it.
 *
 * @param isAccelerated whether the backend in use has those kernels
 * @returns what puts the library's gradients back
 */
export function registerGradients(tf: TensorFlow, isAccelerated: () => boolean): () => void {
  const undone = kernels.map(({ kernel: kernelName, input, filter }) => {
    const theirs: Gradient | undefined = tf.getGradient(kernelName)
    const gradient: Gradient = {
      ...{ kernelName, inputsToSave: ['x', 'filter'] },
      gradFunc(change, saved, attrs) {
        if (theirs && !isAccelerated()) return theirs.gradFunc(change, saved, attrs)
        const [x, weights] = saved
        const run = (name: string, inputs: object, more: KernelAttributes): unknown =>
          tf.engine().runKernel(name, inputs, { ...attrs, ...more })
        return {
          x: () => run(input, { dy: change, filter: weights }, { inputShape: x.shape }),
          filter: () => run(filter, { x, dy: change }, { filterShape: weights.shape }),
        }
      },
    }
    replaceGradient(tf, theirs, gradient)
    return () => {
      if (tf.getGradient(kernelName) === gradient) replaceGradient(tf, gradient, theirs)
    }
  })
  return () => {
    for (const undo of undone) undo()
  }
}

function replaceGradient(tf: TensorFlow, before: Gradient | undefined, after: Gradient | undefined): void {
  if (before) tf.unregisterGradient(before.kernelName)
  if (after) tf.registerGradient(after)
}
