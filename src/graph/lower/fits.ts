import { isSameShape } from '../../run/memory/result.ts'
import { type GraphOperation, type GraphValue, type MoveOperation, sizeOf, type WindowOperation } from './operation.ts'

type Sizes = readonly number[]

/**
 * Whether an operation makes a tensor of this shape of its inputs: a file may declare any, and what a program reads and writes
 * must lie within its tensors. Calls look for themselves.
 */
export function fits(operation: GraphOperation, inputs: readonly GraphValue[], shape: Sizes): boolean {
  const [first] = inputs
  switch (operation.kind) {
    case 'chain':
      return inputs.every((input) => stretches(input.shape, shape))
    case 'move':
      return sizeOf(operation.sizes) === sizeOf(shape) && readsWithin(operation, first.shape)
    case 'concat': {
      const { axis } = operation
      const total = inputs.reduce((sum, input) => sum + input.shape[axis], 0)
      return (
        total === shape[axis] &&
        inputs.every((input) => isSameShape(input.shape.toSpliced(axis, 1), shape.toSpliced(axis, 1)))
      )
    }
    case 'dense': {
      const [inner, columns] = operation.weights.shape
      const isBias = !operation.bias || isSameShape(operation.bias.shape, [columns])
      return isBias && first.shape.at(-1) === inner && isSameShape(shape, first.shape.with(-1, columns))
    }
    case 'window':
      return slides(operation, first.shape, shape)
    case 'call':
    case 'groups':
      // The axes that it works along are those of all its tensors.
      return !operation.axes || inputs.every((input) => input.shape.length <= shape.length)
  }
}

const stretches = (from: Sizes, to: Sizes): boolean =>
  from.length <= to.length && from.every((size, axis) => size === 1 || size === to[axis + to.length - from.length])

/** Along each axis from the first cell that is read to the last one. */
function readsWithin({ sizes, along, begin }: MoveOperation, shape: Sizes): boolean {
  const numbers = [...begin, ...sizes, ...along.map(({ step }) => step)]
  if (along.length !== sizes.length || !numbers.every(Number.isInteger)) return false
  const [least, most] = [begin.slice(), begin.slice()]
  along.forEach(({ axis, step }, loop) => {
    if (axis === undefined) return
    const end = (sizes[loop] - 1) * step
    if (end < 0) least[axis] += end
    else most[axis] += end
  })
  return shape.every((size, axis) => least[axis] >= 0 && most[axis] < size)
}

function slides({ geometry, groups, outChannels, weights, bias }: WindowOperation, from: Sizes, to: Sizes): boolean {
  const { op, axes } = geometry
  const [batch, channels] = from
  const isFrom = isSameShape(from, [batch, channels, ...axes.map(({ input }) => input)])
  const isTo = isSameShape(to, [batch, outChannels, ...axes.map(({ output }) => output)])
  if (!isFrom || !isTo) return false
  if (!weights) return channels === outChannels
  const kernel = axes.map((axis) => axis.kernel)
  const [rows, columns] = op === 'convTranspose' ? [channels, outChannels] : [outChannels, channels]
  if (rows % groups !== 0 || columns % groups !== 0) return false
  return (
    isSameShape(weights.shape, [rows, columns / groups, ...kernel]) && (!bias || sizeOf(bias.shape) === outChannels)
  )
}
