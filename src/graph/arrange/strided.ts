import { isSameShape } from '../../run/memory/result.ts'
import type { LoweredGraph } from '../lower/lower.ts'
import { type GraphStep, type GraphValue, rootOf } from '../lower/operation.ts'

/** How a step may read and fill values whose elements lie apart along an axis. */
interface Apart {
  readonly reads: (index: number, axis: number) => boolean
  readonly fills: (axis: number) => boolean
}

const never = (): boolean => false
const always = (): boolean => true

function apartOf({ operation, inputs, outputs }: GraphStep): Apart {
  switch (operation.kind) {
    case 'window': {
      const channels = operation.layout === 'nhwc' ? outputs[0].shape.length - 1 : 1
      // A residual lies as the output does.
      return {
        reads: (index, axis) => index === 0 && axis === channels,
        fills: (axis) => inputs.length === 1 && axis === channels,
      }
    }
    case 'chain':
      return { reads: always, fills: always }
    case 'concat':
      return { reads: always, fills: (axis) => axis === operation.axis }
    case 'move':
      return { reads: always, fills: () => isSameShape(operation.sizes, outputs[0].shape) }
    default:
      return { reads: never, fills: never }
  }
}

/** Tells of a value whether all that fill and read it could do so if its elements lay apart along an axis, as parts of a tensor do. */
export function mayLieApart({ inputs, outputs, steps }: LoweredGraph): (value: GraphValue, axis: number) => boolean {
  const [fillers, readers] = [new Map<GraphValue, Apart>(), new Map<GraphValue, [apart: Apart, index: number][]>()]
  /** Those that are seen in other shapes, and those of the caller. */
  const dense = new Set<GraphValue>([...inputs, ...outputs.map(rootOf)])
  for (const step of steps) {
    const apart = apartOf(step)
    for (const output of step.outputs) fillers.set(output, apart)
    for (const [index, input] of step.inputs.entries()) {
      if (input.of) dense.add(rootOf(input))
      else readers.set(input, [...(readers.get(input) ?? []), [apart, index]])
    }
  }
  return (value, axis) =>
    !dense.has(value) &&
    fillers.get(value)?.fills(axis) === true &&
    (readers.get(value) ?? []).every(([apart, index]) => apart.reads(index, axis))
}
