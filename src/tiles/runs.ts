import { SamepadError } from '../geometry/error.ts'
import { type Followed, follow } from '../network/followed.ts'
import type { Model } from '../network/model.ts'
import { isMixed, type Marks, marksOf } from './marks.ts'

// Networks that halve and double take only some sizes.

/** A picture that is to be cut along some axes of an input. */
export interface CutPicture {
  readonly model: Model
  /** Shapes of all inputs. */
  readonly shapes: Readonly<Record<string, readonly number[]>>
  readonly input: string
  /** All axes of the input that are cut. */
  readonly spatial: readonly number[]
}

/**
 * Refuses a picture on which the network does not run, and names those next to it on which it does.
 *
 * @param whole the network on the picture
 * @param marks where the cells of the axis lie
 */
export function checkRuns({ model, shapes, input, spatial }: CutPicture, whole: Followed, marks: Marks): void {
  const why = faultOf(whole, marks)
  if (why === undefined) return
  const shape = shapes[input]
  const steps = spatial.map((axis) => marksOf(whole, input, axis, false).step)
  const nearest = [Math.floor, Math.ceil].flatMap((round) => {
    const near = shape.map((size, axis) => {
      const step = steps[spatial.indexOf(axis)]
      return step === undefined ? size : round(size / step) * step
    })
    if (near.every((size, axis) => size === shape[axis]) || near.includes(0)) return []
    return follow(model, { ...shapes, [input]: near }).conflicts.length === 0 ? [`[${near.join(', ')}]`] : []
  })
  const runs = nearest.length > 0 ? `; it runs on ${nearest.join(' and on ')}` : ''
  throw new SamepadError('tiles', `the network must run on the picture (${why}${runs})`, shape)
}

/** Why a network does not run; undefined where it does. */
function faultOf({ conflicts: [conflict], nodes, scope }: Followed, marks: Marks): string | undefined {
  if (conflict) return `${conflict.name}: ${conflict.message}`
  const isEmpty = (value: string): boolean =>
    marks.of(value).some((mark, at) => {
      const size = scope.fact(value)?.shape?.[at]
      return mark && (isMixed(mark) ? size === 0 : !((size as number) > 0))
    })
  const empty = nodes.flatMap(({ node }) => node.outputs).find(isEmpty)
  return empty === undefined ? undefined : `'${empty}' would have no cell`
}
