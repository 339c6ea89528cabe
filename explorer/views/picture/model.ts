import type { Engine, Tensor } from 'samepad'
import { type Answer, answersOf } from '../../layer/answers.ts'
import type { Sizes } from '../../layer/state.ts'
import { messageOf } from '../../state/message.ts'
import { convolve } from './convolve.ts'
import { type Filter, type Weights, weightsOf } from './filters.ts'
import { differenceOf, differencePixels, type Pixels, pixelsOf } from './paint.ts'
import type { Gain } from './state.ts'

// All that the view shows of a picture, worked out without a page.

/** What is to be computed. */
export interface Order {
  readonly rules: readonly string[]
  readonly filter: Filter
  readonly sizes: Omit<Sizes, 'input'>
  readonly gain: Gain
  /** How many times the layer is run, each time on what it made before. */
  readonly depth: number
}

/** What a convention makes of the picture. */
export interface Shot {
  readonly rule: string
  /** Why there is no picture. */
  readonly refusal?: string
  readonly made?: Made
}

export interface Made {
  readonly pixels: Pixels
  readonly engine: Engine
  /** Milliseconds; see `Computed`. */
  readonly first: number
  readonly again: number
  readonly runs: number
  /** Cells before and after the rows, and the columns. */
  readonly pads: readonly (readonly [begin: number, end: number])[]
}

/** A convention beside the first one that gives a picture. */
export interface Beside {
  readonly rules: readonly [first: string, second: string]
  readonly pixels: Pixels
  readonly most: number
  readonly mean: number
  readonly share: number
  /** Levels that are as bright as can be. */
  readonly full: number
  /** How many pixels of the input earlier the second's windows begin, down and across. */
  readonly earlier: readonly [down: number, across: number]
  readonly strides: readonly [down: number, across: number]
  /** What each layer adds to that. */
  readonly steps: readonly [down: readonly Step[], across: readonly Step[]]
  /** Whether one has more rows or columns than the other. */
  readonly sameSize: boolean
}

/** What a layer adds to a shift along an axis. */
export interface Step {
  /** Pixels that the first convention's layer gets. */
  readonly input: number
  /** How many of them earlier the second's windows begin. */
  readonly earlier: number
  /** How many pixels of the photo one of them is. */
  readonly pixel: number
}

export interface Shown {
  readonly weights: Weights
  /** Added to every value before it is shown. */
  readonly grey: number
  readonly shots: readonly Shot[]
  readonly besides: readonly Beside[]
}

const WHITE = 255

/**
 * Runs every convention on an image.
 *
 * @param image `[1, 3, rows, columns]`, values from 0 to 255
 * @param pause awaited before every run; false ends the work, for there is something newer to do
 * @throws SamepadError where there are no weights to run
 */
export async function shownOf(
  image: Tensor,
  { rules, filter, sizes, gain, depth }: Order,
  pause: () => Promise<boolean> = async () => true,
): Promise<Shown | undefined> {
  const weights = weightsOf(filter, sizes.kernel)
  const grey = greyOf(weights)
  const results: Result[] = []
  for (const rule of rules) {
    let result: Result | undefined
    for (let layer = 0; layer < depth && !result?.refusal; layer++) {
      if (!(await pause())) return undefined
      result = resultOf(rule, weights, sizes, image, result)
    }
    if (result) results.push(result)
  }
  const [base, ...others] = results.filter((result) => result.computed)
  return {
    ...{ weights, grey },
    shots: results.map((result) => shotOf(result, grey)),
    besides: others.map((other) => besideOf(base, other, gain)),
  }
}

interface Result {
  /** What the rule does with rows and columns, layer by layer. */
  readonly layers: readonly (readonly Answer[])[]
  readonly refusal?: string
  readonly computed?: ReturnType<typeof convolve>
}

/** What a rule makes of the picture, or of what its layers before have made. */
function resultOf(rule: string, weights: Weights, sizes: Order['sizes'], image: Tensor, before?: Result): Result {
  const input = before?.computed?.output ?? image
  const answers = [weights.rows, weights.columns].map(
    (kernel, axis) => answersOf([rule], 'conv', { ...sizes, kernel, input: input.shape[2 + axis] }, axis)[0],
  )
  const layers = [...(before?.layers ?? []), answers]
  const refusal = answers.find((answer) => answer.refusal)?.refusal
  if (refusal) return { layers, refusal }
  try {
    return { layers, computed: convolve(input, weights, answers) }
  } catch (error) {
    return { layers, refusal: messageOf(error) }
  }
}

/** Kernels whose weights add up to nothing leave 0 where a picture is flat: grey shows both sides of it. */
function greyOf({ data }: Weights): number {
  const sum = data.reduce((total, weight) => total + weight, 0)
  const all = data.reduce((total, weight) => total + Math.abs(weight), 0)
  return all > 0 && Math.abs(sum) < all * 1e-6 ? WHITE / 2 : 0
}

function shotOf({ layers: [answers], refusal, computed }: Result, grey: number): Shot {
  const { rule } = answers[0]
  if (!computed) return { rule, refusal }
  const { output, ...how } = computed
  const pads = answers.map(({ solved }) => [solved!.axis.padBegin, solved!.axis.padEnd] as const)
  return { rule, made: { ...how, pads, pixels: pixelsOf(output, grey) } }
}

function besideOf(first: Result, second: Result, gain: Gain): Beside {
  const [a, b] = [first.computed!.output, second.computed!.output]
  const difference = differenceOf(a, b)
  const { most, mean, share } = difference
  const full = gain === 'auto' ? most || WHITE : WHITE / Number(gain)
  const [down, across] = [0, 1].map((axis) => stepsOf(first, second, axis))
  const moved = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + step.earlier * step.pixel, 0)
  const strideOf = (axis: number): number =>
    first.layers.reduce((product, both) => product * both[axis].solved!.axis.stride, 1)
  return {
    rules: [first.layers[0][0].rule, second.layers[0][0].rule],
    ...{ most, mean, share, full },
    pixels: differencePixels(difference, full),
    earlier: [moved(down), moved(across)],
    strides: [strideOf(0), strideOf(1)],
    steps: [down, across],
    sameSize: a.shape.every((size, axis) => size === b.shape[axis]),
  }
}

/** What each layer adds to how much earlier the second's windows begin along an axis. */
function stepsOf(first: Result, second: Result, axis: number): Step[] {
  let pixel = 1
  return first.layers.map((answers, layer): Step => {
    const [one, two] = [answers, second.layers[layer]].map((both) => both[axis].solved!.axis)
    const step = { input: one.input, earlier: two.padBegin - one.padBegin, pixel }
    pixel *= one.stride
    return step
  })
}
