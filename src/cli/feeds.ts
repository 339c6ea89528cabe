import { resolve } from 'node:path'
import { SamepadError, Verbatim } from '../geometry.ts'
import type { Safetensors } from '../index.ts'
import { inputsOf, type Model } from '../models.ts'
import type { Request } from './command.ts'
import { numberFor, randomNumbers } from './drawn-numbers.ts'
import { isInputFile, readInputFiles, safetensorsIn } from './input-files.ts'
import type { Feeds, Runtime } from './onnxruntime.ts'
import { wholeNumber } from './read-numbers.ts'
import { readShapes, shapesFor } from './read-shapes.ts'

/** The inputs of a model that are no constants, in their order. */
export const inputNames = (model: Model): string[] => inputsOf(model).map(({ name }) => name)

/** Another export's inputs have other names: those that it does not know are given in their order. */
export function renamed(feeds: Feeds, names: readonly string[], others: readonly string[]): Feeds {
  if (others.every((name) => Object.hasOwn(feeds, name)))
    return Object.fromEntries(others.map((name) => [name, feeds[name]]))
  if (names.length === others.length)
    return Object.fromEntries(others.map((name, index) => [name, feeds[names[index]]]))
  throw new SamepadError('verify', `the models must have the same inputs, ${names.join(', ')}`, others)
}

/**
 * What is fed to the models: random numbers, and once more such that are below zero all of them, since a zero that should
 * not be in the padding of a maximum wins there alone. What was given is fed alone. Integers and truths are whole numbers.
 *
 * @param stage the command that asks
 */
export function feedsFor(
  stage: string,
  request: Request,
  model: Model,
  runtime: Pick<Runtime, 'tensor'>,
  cwd: string,
): Feeds[] {
  const shapes = shapesFor(stage, model, readShapes(stage, request, isInputFile), true)
  const files = readInputFiles(stage, request, model, shapes, cwd)
  const { data } = request.options
  const file = typeof data === 'string' ? safetensorsIn(resolve(cwd, data)) : undefined
  const names = inputNames(model)
  if (file && !names.some((name) => file.has(name))) {
    throw new SamepadError(stage, `--data must have a tensor of one of the inputs ${names.join(', ')}`, file.names)
  }
  const fills = readFills(stage, request, names)
  const seed = wholeNumber(stage, request, 'seed', 0) ?? 1
  const feeds = (draw: () => number): Feeds =>
    Object.fromEntries(
      inputsOf(model).map(({ name, shape, elementType }) => {
        const given = files.get(name) ?? tensorOf(file, name)
        const dims = given?.shape ?? shapes[name] ?? shapeOf(stage, name, shape)
        const count = dims.reduce((product, size) => product * size, 1)
        if (count > 2 ** 30) throw new SamepadError(stage, `the input ${name} must have at most 2^30 cells`, count)
        const fill = fills.get(name)
        const number = numberFor(model, name, elementType)
        const value = (index: number): number => given?.data[index] ?? fill ?? number(draw())
        return [name, runtime.tensor(elementType, dims, value)]
      }),
    )
  const isGiven = names.every((name) => files.has(name) || file?.has(name) || fills.has(name))
  const [mixed, negative] = [randomNumbers(seed), randomNumbers(seed)]
  return isGiven ? [feeds(mixed)] : [feeds(mixed), feeds(() => -Math.abs(negative()))]
}

/** Shapes of all inputs of a model: as they were typed, or as the file has them. */
export function sizesFor(stage: string, request: Request, model: Model): Record<string, readonly number[]> {
  const shapes = shapesFor(stage, model, readShapes(stage, request), true)
  return Object.fromEntries(
    inputsOf(model).map(({ name, shape }) => [name, shapes[name] ?? shapeOf(stage, name, shape)] as const),
  )
}

const tensorOf = (file: Safetensors | undefined, name: string) => (file?.has(name) ? file.get(name) : undefined)

/** What a file leaves open is one cell where it is the batch, and has to be given elsewhere. */
function shapeOf(stage: string, name: string, shape: Model['graph']['inputs'][number]['shape']): number[] {
  const dims = shape?.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? 1 : undefined))
  if (dims?.every((size) => size !== undefined)) return dims
  const said = shape ? `[${shape.map((size) => size ?? '?').join(', ')}]` : '?'
  throw new SamepadError(
    stage,
    `--input ${name}=SHAPE must say the size of what the file leaves open`,
    new Verbatim(said),
  )
}

function readFills(stage: string, { options }: Request, names: readonly string[]): Map<string, number> {
  const { value } = options
  if (typeof value !== 'string') return new Map()
  return new Map(
    value.split(',').map((part) => {
      const at = part.lastIndexOf('=')
      const [name, number] = [part.slice(0, at), Number(part.slice(at + 1))]
      if (at > 0 && names.includes(name) && part.slice(at + 1) !== '' && Number.isFinite(number)) return [name, number]
      throw new SamepadError(stage, `--value must be NAME=NUMBER for one of the inputs ${names.join(', ')}`, part)
    }),
  )
}
