import { SamepadError, Verbatim } from '../geometry.ts'
import { inputsOf, type Model } from '../models.ts'
import type { CommandOption, Request } from './command.ts'

/** The option that gives the sizes that a file leaves open. */
export const inputOption: CommandOption = {
  value: 'NAME=SHAPE',
  about: 'the shape of an input that the file leaves open: x=1x3x224x224, or 1x3x224x224 where there is one input',
  many: true,
}

/** Shapes as they were typed; the one input of a model needs no name. */
export type GivenShapes = ReadonlyMap<string | undefined, readonly number[]>

/**
 * Reads `--input`.
 *
 * @param isOther tells of values that are no shapes, and are read elsewhere
 */
export function readShapes(
  stage: string,
  { options }: Request,
  isOther: (text: string) => boolean = () => false,
): GivenShapes {
  const text = options.input
  const shapes = new Map<string | undefined, readonly number[]>()
  if (typeof text !== 'string') return shapes
  // Sizes with commas between them, as in code, would be several inputs.
  if (/(^|=)\d+(,\d+)+$/.test(text)) {
    throw new SamepadError(stage, '--input must be a shape such as x=1x3x224x224', text)
  }
  for (const part of text.split(',')) {
    if (isOther(part)) continue
    const at = part.lastIndexOf('=')
    const [name, shape] = [at < 0 ? undefined : part.slice(0, at), part.slice(at + 1)]
    if (!/^\d+(x\d+)*$/.test(shape) || shape.split('x').some((size) => Number(size) < 1 || Number(size) > 2 ** 31)) {
      throw new SamepadError(stage, '--input must be a shape such as x=1x3x224x224', part)
    }
    if (shapes.has(name)) {
      throw new SamepadError(stage, `--input must give ${name ?? 'the input'} one shape`, new Verbatim('a second one'))
    }
    shapes.set(name, shape.split('x').map(Number))
  }
  return shapes
}

/**
 * The shapes for one model.
 *
 * @param isOne whether there is no other model, for which a name may be meant
 */
export function shapesFor(
  stage: string,
  model: Model,
  given: GivenShapes,
  isOne: boolean,
): Record<string, readonly number[]> {
  const names = inputsOf(model).map(({ name }) => name)
  // Nothing is inherited: an input may be called `constructor`.
  const shapes: Record<string, readonly number[]> = Object.create(null)
  for (const [name, shape] of given) {
    const meant = name ?? (names.length === 1 ? names[0] : undefined)
    if (meant === undefined) {
      throw new SamepadError(
        stage,
        `--input must name one of the inputs ${names.join(', ')}`,
        new Verbatim('a shape alone'),
      )
    }
    if (name === undefined && given.has(meant))
      throw new SamepadError(stage, `--input must give ${meant} one shape`, new Verbatim('a second one'))
    if (names.includes(meant)) shapes[meant] = shape
    else if (isOne) throw new SamepadError(stage, `--input must name one of the inputs ${names.join(', ')}`, meant)
  }
  return shapes
}
