import { Remembered } from '../../analysis/remembered.ts'
import { emitResize } from '../../emit/resize.ts'
import { SamepadError, Verbatim } from '../../geometry/error.ts'
import { checkBoolean, checkChoice, checkOptions, eachAxis, perAxis } from '../../geometry/options.ts'
import { FLOAT, LANES } from '../../plan/plan.ts'
import { planResize } from '../../plan/resize.ts'
import {
  coordinates,
  type Interpolation,
  type ResampledAxis,
  type Resampling,
  resample,
  roundings,
} from '../../reference/resample.ts'
import { type ResizeProblem, resize as reference, resizeSteps } from '../../reference/resize.ts'
import { inLayout, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { checkInput, type Input, type LayoutOptions, type SizedInput } from '../layers/layer.ts'
import { Values } from '../memory/memory.ts'
import { type ProgramTensor, programTensor } from '../memory/program-tensor.ts'
import { checkApart, checkGrown, type OutputOptions, resultOf } from '../memory/result.ts'
import { PLANNED } from '../programs/compute-parts.ts'
import { computedBy } from '../programs/engine.ts'
import { isTooSmall, roundsAlike, SMALL, usableFeatures } from '../programs/rounding.ts'
import { PlacedPlan, runPlaced } from '../programs/run-placed.ts'

export type { Interpolation }

/** Each of them may be left out, or undefined. */
type GivenInterpolation = { readonly [Name in keyof Interpolation]?: Interpolation[Name] | undefined }

/** Options of `resize`. One of sizes and scales must be given. */
export interface ResizeOptions<Output extends Tensor = Tensor>
  extends OutputOptions<Output>,
    LayoutOptions,
    GivenInterpolation {
  /** Cells of each spatial axis of the output; a number stands for all axes. */
  readonly sizes?: number | readonly number[] | undefined
  /** How many times as many cells as the input each axis of the output has, rounded down. */
  readonly scales?: number | readonly number[] | undefined
}

/** The options that say how, which have ONNX's defaults. */
const names = ['mode', 'coordinates', 'nearest', 'cubicCoefficient', 'excludeOutside', 'antialias']

/**
 * A picture of another size, as ONNX's Resize has it: each cell of the output has a place between the cells of the input, and is the
 * nearest of these, or a weighted sum of those around. `docs/layers.md` has the options of other frameworks.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`, on one to three axes
 * @throws SamepadError when both or none of sizes and scales are given, and when nothing would be left of an axis
 */
export function resize(input: TensorLike, options: ResizeOptions & { readonly output?: undefined }): Tensor<ArrayBuffer>
export function resize<Output extends Tensor>(input: TensorLike, options: ResizeOptions<Output>): Output
export function resize(input: TensorLike, options: ResizeOptions): Tensor {
  const stage = 'resize'
  checkOptions(stage, options, ['sizes', 'scales', 'layout', 'output', ...names])
  const x = checkInput(stage, input, options)
  const how = checkInterpolation(stage, options)
  const scaling = scalingOf(stage, x, options)
  const sizes = scaling.map(({ length }) => Math.floor(length))
  const shape = inLayout({ ...x, spatial: sizes }, x.layout)
  checkGrown(stage, shape)
  const result = resultOf(stage, options.output, shape)
  checkApart(stage, 'input', x, result)
  const resizing: Resizing = { x, scaling, how }
  const [from, to] = [new Values(x.data), new Values(result.data)]
  const outputs = outputsOfPart(resizing)
  if (outputs < sizes[0]) computedBy(inParts(resizing, outputs, from, to) ? 'program' : 'reference')
  else {
    const text = `${x.layout};${x.shape};${scaling.map(({ length, scale }) => [length, scale])};${Object.values(how)}`
    const { problem, placed } = planned.get(`${text};${roundsAlike()}`, () =>
      plan(problemOf(resizing), result.data.length),
    )
    const ran = placed && runPlaced([{ placed, inputs: [from] }], to)
    if (!ran) reference(problem, from.data, to.data)
    computedBy(ran ? 'program' : 'reference')
  }
  return options.output ?? result
}

function checkInterpolation(stage: string, options: ResizeOptions): Interpolation {
  const { mode = 'nearest', coordinates: place = 'half_pixel', nearest = 'round_prefer_floor' } = options
  const { cubicCoefficient = -0.75, excludeOutside = false, antialias = false } = options
  checkChoice(stage, 'mode', mode, ['nearest', 'linear', 'cubic'])
  checkChoice(stage, 'coordinates', place, Object.keys(coordinates) as (keyof typeof coordinates)[])
  checkChoice(stage, 'nearest', nearest, Object.keys(roundings) as (keyof typeof roundings)[])
  checkBoolean(stage, 'excludeOutside', excludeOutside)
  checkBoolean(stage, 'antialias', antialias)
  if (!Number.isFinite(cubicCoefficient)) {
    throw new SamepadError(stage, 'cubicCoefficient must be a number', cubicCoefficient)
  }
  return { mode, coordinates: place, nearest, cubicCoefficient, excludeOutside, antialias }
}

/** How long an axis of the output is, which scales may make no integer. */
type Scaling = Pick<ResampledAxis, 'length' | 'scale'>

function scalingOf(stage: string, { spatial }: Input, { sizes, scales }: ResizeOptions): Scaling[] {
  if ((sizes === undefined) === (scales === undefined)) {
    throw new SamepadError(
      stage,
      'one of sizes and scales must be given',
      new Verbatim(sizes === undefined ? 'neither' : 'both'),
    )
  }
  if (sizes !== undefined) {
    return perAxis(stage, 'sizes', sizes, spatial.length, 1).map((length) => ({ length }))
  }
  return eachAxis(stage, 'scales', scales, spatial.length, (scale, axis) => {
    // As runtimes compute it, in float32.
    const length = typeof scale === 'number' && scale > 0 ? Math.fround(spatial[axis] * Math.fround(scale)) : Number.NaN
    if (length >= 1 && length < Number.MAX_SAFE_INTEGER) return { length, scale: Math.fround(scale as number) }
    throw new SamepadError(stage, `scale of axis ${axis} must leave at least one of ${spatial[axis]} cells`, scale)
  })
}

/** What is resized, and how. */
export interface Resizing {
  readonly x: SizedInput
  readonly scaling: readonly Scaling[]
  readonly how: Interpolation
}

/** Some outputs of the first axis. */
interface SomeOutputs {
  readonly first: number
  readonly outputs: number
}

function problemOf({ x, scaling, how }: Resizing, range?: SomeOutputs): ResizeProblem {
  const { batch, channels, spatial, layout } = x
  const axes = spatial.map((input, axis): Resampling => {
    const { length, scale } = scaling[axis]
    const whole = { input, output: Math.floor(length), length, scale }
    return axis === 0 && range ? resample(whole, how, range.first, range.outputs) : resample(whole, how)
  })
  let [outer, inner] = layout === 'nchw' ? [batch * channels, 1] : [batch, channels]
  // Inner and outer axes that stay as they are belong to what is around them.
  while (axes.length > 1 && isUnchanged(axes[axes.length - 1])) inner *= (axes.pop() as Resampling).input
  if (range) return { outer, axes, inner, part: { first: range.first, outputs: Math.floor(scaling[0].length) } }
  while (axes.length > 1 && isUnchanged(axes[0])) outer *= (axes.shift() as Resampling).input
  return { outer, axes, inner }
}

/**
 * The most outputs of an axis whose cells are listed as a whole and remembered. Of a longer one so many are listed at a time, in
 * each run anew, so that no list takes more memory than the tensors.
 */
const [MOST_LISTED, LISTED] = [2 ** 20, 2 ** 17]

/** How many outputs of the first axis are resized at once. */
function outputsOfPart({ x, scaling: [{ length }], how }: Resizing): number {
  const each = how.antialias ? Math.max(1, x.spatial[0] / length) : 1
  return length * each <= MOST_LISTED ? Math.floor(length) : Math.max(LANES, Math.floor(LISTED / each))
}

/** Resizes some outputs of the first axis after the others; whether programs did. */
function inParts(resizing: Resizing, most: number, from: Values, to: Values): boolean {
  const copies = [from, to].map(copyOf)
  // Addresses stay where they are when program memory grows.
  const [source, result] = [from, to].map((values, index) => {
    const copy = copies[index]
    return copy ? new Values(copy.data) : values
  })
  const whole = Math.floor(resizing.scaling[0].length)
  let ran = true
  for (let first = 0; first < whole; first += most) {
    const { problem, placed } = plan(problemOf(resizing, { first, outputs: Math.min(most, whole - first) }), SMALL)
    const runs = placed !== undefined && runPlaced([{ placed, inputs: [source] }], result)
    if (!runs) reference(problem, source.data, result.data)
    ran &&= runs
    placed?.release()
  }
  if (copies[1]) to.data.set(result.data)
  for (const copy of copies) copy?.release()
  return ran
}

/** Values in program memory, so that not each part copies them; undefined where they are there, or there is no room. */
function copyOf({ address, data }: Values): ProgramTensor | undefined {
  if (address !== undefined) return undefined
  try {
    return programTensor([data.length], data)
  } catch {
    return undefined
  }
}

function isUnchanged({ input, taps, cells }: Resampling): boolean {
  return taps === 1 && cells.length === input && cells.every((cell, index) => cell === index)
}

/** A resizing, and its plan with the places of its tensors where a program can do it. */
export interface PlannedResize {
  readonly problem: ResizeProblem
  readonly placed: PlacedPlan | undefined
}

const planned = new Remembered<PlannedResize>({
  weigh: ({ placed }) => PLANNED + 16 * (placed?.tables.length ?? 0),
})

/** The plan of all outputs at once; undefined where their cells are too many to be listed. */
export function planResizing(resizing: Resizing): PlannedResize | undefined {
  const sizes = resizing.scaling.map(({ length }) => Math.floor(length))
  if (outputsOfPart(resizing) < sizes[0]) return undefined
  const { batch, channels } = resizing.x
  return plan(
    problemOf(resizing),
    sizes.reduce((product, size) => product * size, batch * channels),
  )
}

function plan(problem: ResizeProblem, elements: number): PlannedResize {
  const { simd, relaxed } = usableFeatures()
  const { begin } = resizeSteps(problem)
  const found = simd && !isTooSmall(elements) ? planResize(problem, relaxed) : undefined
  return { problem, placed: found && new PlacedPlan(found, () => emitResize(found), [begin * FLOAT, 0]) }
}
