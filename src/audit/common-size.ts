import { inputsOf, type Model } from '../network/model.ts'
import { type InputAxes, inputAxes } from './input-axes.ts'

/** Shapes of inputs by their names. */
type Shapes = Readonly<Record<string, readonly number[]>>

/** At which size the second of two files is read, and why not at its own. */
export interface CommonSize {
  readonly inputs: Shapes
  /** A sentence without its end; undefined where both files say the same size, or one was given. */
  readonly note: string | undefined
}

/** The most dimensions of an input whose axes are asked for. */
const MOST_DIMENSIONS = 6

/**
 * The size of the first file for the second one, along the axes on which windows slide: files of other layouts have these
 * at other places, and at two sizes no two layers would be alike.
 *
 * @param given shapes for the inputs of the first file
 * @returns undefined where a file has not one input, or the axes of both are not the same ones
 */
export function commonSize(a: Model, b: Model, given: Shapes): CommonSize | undefined {
  if (sizesIn(a, given) === sizesIn(b, {})) return undefined
  const [one, two] = [axesOf(a, given), axesOf(b, {})]
  if (!one || !two || namesOf(one) !== namesOf(two)) return undefined
  const sizes = one.axes.map(({ given }) => given)
  const own = two.axes.map(({ given }) => given)
  if (!sizes.every((size) => size !== undefined) || own.join() === sizes.join()) return undefined
  const isSaid = Object.keys(given).length === 0 && own.every((size) => size !== undefined)
  const note = `The files say inputs of ${sizes.join('x')} and ${own.join('x')}; both are compared at ${sizes.join('x')}`
  return { inputs: two.shapes(sizes), note: isSaid ? note : undefined }
}

/** The sizes of a file's inputs, wherever they stand in a layout. */
const sizesIn = (model: Model, given: Shapes): string =>
  inputsOf(model)
    .map(({ name, shape }) => [...(given[name] ?? shape ?? ['?'])].map((size) => size ?? '?').sort())
    .join(';')

function axesOf(model: Model, given: Shapes): InputAxes | undefined {
  const inputs = inputsOf(model)
  const rank = inputs[0]?.shape?.length ?? Number.POSITIVE_INFINITY
  return inputs.length === 1 && rank <= MOST_DIMENSIONS ? inputAxes(model, given) : undefined
}

const namesOf = ({ axes }: InputAxes): string => axes.map(({ name }) => name).join()
