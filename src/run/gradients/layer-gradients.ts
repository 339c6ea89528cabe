import { outputOf } from '../../reference/problem.ts'
import { inLayout } from '../../tensor/tensor.ts'
import { computeReduction } from '../between/reduce.ts'
import { type LearnedNumbers, unfolded } from '../layers/fold-scale.ts'
import { Values } from '../memory/memory.ts'
import { Room } from '../memory/room.ts'
import type { Computation } from '../programs/computation.ts'
import { BehindEpilogue, type LayerSetting, lengthOf, slopedProducts } from './behind-epilogue.ts'
import type { GradientName } from './gradient-names.ts'
import type { InputGradient, InputGradientOf } from './input-gradient.ts'
import { WeightsGradient, weightsGradientOnce } from './weights-gradient.ts'

/** Where gradients go. */
type Targets = { readonly [Name in GradientName]?: Values | undefined }

/** The gradients of a layer for an input of one size: what each of them takes is made when it is asked for. */
export class LayerGradients {
  readonly #layer: LayerSetting & { readonly learned?: LearnedNumbers | undefined }
  readonly #inputGradientOf: InputGradientOf
  readonly #behind: BehindEpilogue | undefined
  #input: InputGradient | undefined
  #weights: WeightsGradient | undefined
  #slopes: { readonly products: Computation; readonly room: Room } | undefined

  constructor(layer: LayerSetting & { readonly learned?: LearnedNumbers | undefined }, inputGradient: InputGradientOf) {
    this.#layer = layer
    this.#inputGradientOf = inputGradient
    this.#behind = BehindEpilogue.isNeeded(layer.problem.epilogue) ? new BehindEpilogue(layer) : undefined
  }

  /**
   * @param input as the layer took it, its padding filled
   * @param outputGradient behind its epilogue
   * @param output what it gave, if that is known
   */
  run(input: Values, outputGradient: Values, output: Values | undefined, targets: Targets): void {
    if (targets.slopes) this.#runSlopes(input, outputGradient, targets.slopes)
    if (!Object.entries(targets).some(([name, target]) => target && name !== 'slopes')) return
    const change = this.#behind?.run(input, outputGradient, output) ?? outputGradient
    if (targets.input) {
      this.#input ??= this.#inputGradientOf(this.#layer)
      this.#input.run(input, change, targets.input)
    }
    if (this.#layer.learned) this.#runLearned(this.#layer.learned, input, change, targets)
  }

  release(): void {
    this.#behind?.release()
    this.#input?.release()
    if (!this.#layer.once) this.#weights?.release()
    this.#slopes?.products.release()
    this.#slopes?.room.release()
  }

  /** Of weights and bias as they were before scale and shift were worked in. */
  #runLearned(learned: LearnedNumbers, input: Values, change: Values, { weights, bias, scale, shift }: Targets): void {
    const { problem, filter, once } = this.#layer
    const ofWeights = weights ?? (scale && new Values(new Float32Array(filter.weights.length)))
    if (ofWeights) {
      const { steps } = filter
      this.#weights ??= once ? weightsGradientOnce(problem, steps) : new WeightsGradient(problem, steps, false)
      this.#weights.run(input, change, ofWeights)
    }
    const sums = shift ?? bias ?? (scale && new Values(new Float32Array(problem.outChannels)))
    if (sums) this.#sumCells(change, sums)
    if (learned.scale) unfolded(learned, ofWeights?.data, sums?.data, { scale: scale?.data, bias: bias?.data })
    else if (bias && sums !== bias) bias.data.set((sums as Values).data)
  }

  #runSlopes(input: Values, outputGradient: Values, target: Values): void {
    this.#slopes ??= { products: slopedProducts(this.#layer), room: new Room(lengthOf(this.#layer)) }
    const products = this.#slopes.room.values
    this.#slopes.products.run(input, products, outputGradient)
    this.#sumCells(products, target)
  }

  /** The sum of all cells of each channel. */
  #sumCells(values: Values, sums: Values): void {
    const { problem } = this.#layer
    const isReduced = inLayout(
      { batch: true, channels: false, spatial: problem.geometry.axes.map(() => true) },
      problem.layout,
    )
    computeReduction('sum', inLayout(outputOf(problem), problem.layout), isReduced, values, sums)
  }
}
