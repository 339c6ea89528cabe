import { emitMaxPoolGradient } from '../../emit/max-pool-gradient.ts'
import { Geometry, padded, taps } from '../../geometry/index.ts'
import { planMaxPoolGradient } from '../../plan/max-pool-gradient.ts'
import { threeAxes } from '../../reference/loops.ts'
import { maxPoolGradient as maximumReference } from '../../reference/pool-gradient.ts'
import { type Filter, outputOf, type Problem } from '../../reference/problem.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { inLayout, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { probeFeatures } from '../../wasm/engine.ts'
import { multiplications, SMALL } from '../layers/once.ts'
import { type AveragePoolOptions, average, maximum, type PoolOptions, poolLayer } from '../layers/pool.ts'
import { Values } from '../memory/memory.ts'
import { Room } from '../memory/room.ts'
import { Computation } from '../programs/computation.ts'
import { computeAgain, computeParts, PlannedPart } from '../programs/compute-parts.ts'
import { computedBy } from '../programs/engine.ts'
import { PlacedPlan, runPlaced } from '../programs/run-placed.ts'
import type { GradientSetting, InputGradient, InputGradientOf } from './input-gradient.ts'
import { leadingBack } from './leading-back.ts'
import { gradientOnce } from './prepared-gradient.ts'

/**
 * How a loss changes with the input of `maxPool`: each window passes the gradient of its output on to its largest cell, the first
 * of those that are equal, as PyTorch and TensorFlow do, or the last NaN, as PyTorch does. Gradients pass through scale, shift and activation as in `convGradient`.
 *
 * @param input as `maxPool` took it
 * @param outputGradient how the loss changes with each element of the output of `maxPool`, in its shape
 * @param options those of `maxPool`
 * @returns the gradient, in the input's shape
 * @throws SamepadError as `maxPool` does, and when the gradient does not have the output's shape
 */
export function maxPoolGradient(
  input: TensorLike,
  outputGradient: TensorLike,
  options: PoolOptions,
): Tensor<ArrayBuffer> {
  const definition = poolLayer('maxPoolGradient', maximum, options)
  return gradientOnce(definition, maximumGradient, input, outputGradient, ['input']).input
}

/**
 * How a loss changes with the input of `averagePool`: each window shares the gradient of its output out among the cells that it
 * averaged. Gradients pass through scale, shift and activation as in `convGradient`.
 *
 * @param input as `averagePool` took it; without an activation only its shape matters
 * @param outputGradient how the loss changes with each element of the output of `averagePool`, in its shape
 * @param options those of `averagePool`
 * @returns the gradient, in the input's shape
 * @throws SamepadError as `averagePool` does, and when the gradient does not have the output's shape
 */
export function averagePoolGradient(
  input: TensorLike,
  outputGradient: TensorLike,
  options: AveragePoolOptions,
): Tensor<ArrayBuffer> {
  const definition = poolLayer('averagePoolGradient', average, options)
  return gradientOnce(definition, averageGradient, input, outputGradient, ['input']).input
}

/** The gradient of the input of a maximum pool. */
export const maximumGradient: InputGradientOf = ({ problem, once }) => {
  const isSmall = once && multiplications(problem) < SMALL
  const plan = isSmall || !probeFeatures().simd ? undefined : planMaxPoolGradient(problem)
  const placed = plan && new PlacedPlan(plan, () => emitMaxPoolGradient(plan), [0, 0, 0])
  return {
    run(input, change, gradient) {
      const ran = placed && runPlaced([{ placed, inputs: [input, change] }], gradient)
      if (!ran) maximumReference(problem, input.data, change.data, gradient.data.fill(0))
      computedBy(ran ? 'program' : 'reference')
    },
    release: () => placed?.release(),
  }
}

/** The gradient of the input of an average pool. */
export const averageGradient: InputGradientOf = (setting) => new AverageGradient(setting)

/** The adjoint of a convolution of each channel by ones, once every window's gradient is divided as the window was. */
class AverageGradient implements InputGradient {
  readonly #counts: Values
  readonly #compute: typeof computeAgain
  readonly #share: PlannedPart
  readonly #room: Room
  readonly #back: Computation

  constructor({ problem, once, threads }: GradientSetting) {
    const { geometry, inChannels } = problem
    this.#compute = once ? computeParts : computeAgain
    const ones = geometry.axes.reduce((product, { kernel }) => product * kernel, 1)
    const weights = new Float32Array(inChannels * ones).fill(1)
    const filter: Filter = { weights, steps: { group: ones, out: ones, in: ones, tap: 1 }, bias: undefined }
    const sums = { ...problem, epilogue: undefined, geometry: new Geometry('conv', geometry.axes) }
    const back = leadingBack(sums, filter)
    this.#back = new Computation({ ...back, threads }, once && multiplications(back.problem) < SMALL)
    this.#counts = new Values(countsOf(problem))
    const { layout } = problem
    const sizes = inLayout(outputOf(problem), layout)
    const whole = { offset: 0, steps: denseSteps(sizes) }
    const spatial = denseSteps(geometry.axes.map(({ output }) => output))
    const ofCells = { offset: 0, steps: inLayout({ batch: 0, channels: 0, spatial }, layout) }
    const steps = [{ name: 'divide', operands: [{ input: 1 }] }] as const
    this.#share = new PlannedPart({ sizes, output: whole, inputs: [whole, ofCells], steps, numbers: [] })
    this.#room = new Room(sizes.reduce((product, size) => product * size, 1))
  }

  run(_: Values, change: Values, gradient: Values): void {
    const shares = this.#room.values
    this.#compute([{ part: this.#share, inputs: [change, this.#counts] }], shares)
    this.#back.run(shares, gradient)
  }

  release(): void {
    this.#room.release()
    this.#share.release()
    this.#back.release()
  }
}

/** How many cells each window was divided by; 1 of windows without any. */
function countsOf({ geometry, countIncludePad }: Problem): Float32Array {
  const [depths, heights, widths] = threeAxes(geometry).map((axis) => {
    const counted = countIncludePad ? padded(axis) : axis
    return Array.from({ length: axis.output }, (_, output) => {
      const { begin, end } = taps(counted, output)
      return end - begin
    })
  })
  return Float32Array.from(
    depths.flatMap((depth) => heights.flatMap((height) => widths.map((width) => depth * height * width || 1))),
  )
}
