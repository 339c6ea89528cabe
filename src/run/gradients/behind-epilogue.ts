import { bitsOf, numberOf } from '../../functions/float32.ts'
import { add, minimum, multiply } from '../../functions/plain.ts'
import { derivativeOf } from '../../functions/row.ts'
import { functions } from '../../functions/rows.ts'
import { SamepadError } from '../../geometry/index.ts'
import type { ChainStep, Operand } from '../../reference/elementwise.ts'
import type { Epilogue, EpilogueStep } from '../../reference/epilogue.ts'
import { outputOf } from '../../reference/problem.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { inLayout } from '../../tensor/tensor.ts'
import { multiplications, SMALL } from '../layers/once.ts'
import { Values } from '../memory/memory.ts'
import { Room } from '../memory/room.ts'
import { Computation } from '../programs/computation.ts'
import { computeAgain, computeParts, PlannedPart } from '../programs/compute-parts.ts'
import type { Operation } from '../programs/operation.ts'
import type { GradientSetting } from './input-gradient.ts'

/** A layer's problem, and what computes it. */
export interface LayerSetting extends GradientSetting {
  readonly stage: string
  readonly operation: Operation
}

const isLinear = ({ row }: EpilogueStep): boolean => row === multiply || row === add
const byResidual: EpilogueStep = { row: multiply, operands: [{ residual: true }] }

/** An epilogue without residuals in parts: products and sums of each channel, then an activation, if any. */
interface EpilogueParts {
  readonly linear: Epilogue
  readonly factors: Epilogue
  readonly activation: EpilogueStep | undefined
}

function partsOf(epilogue: Epilogue = []): EpilogueParts {
  const linear = epilogue.filter(isLinear)
  const factors = linear.filter(({ row }) => row === multiply)
  return { linear, factors, activation: epilogue.find((step) => !isLinear(step)) }
}

/**
 * The gradient of what a layer's epilogue was given, from that of its outputs. Where the outputs tell how the activation changes,
 * and are there, it is made of them; else they are computed anew, up to the activation, whose derivative takes its place.
 */
export class BehindEpilogue {
  readonly #layer: LayerSetting
  readonly #parts: EpilogueParts
  readonly #room: Room
  #anew: Computation | undefined
  #chain: PlannedPart | undefined

  /** @throws SamepadError where the activation has no derivative */
  constructor(layer: LayerSetting) {
    this.#layer = layer
    this.#parts = partsOf(layer.problem.epilogue)
    const { activation } = this.#parts
    if (activation && !activation.row.derivative) {
      throw new SamepadError(layer.stage, 'activation must have a derivative', activation.row.name)
    }
    this.#room = new Room(lengthOf(layer))
  }

  /** Whether an epilogue does anything to gradients. */
  static isNeeded(epilogue: Epilogue | undefined): boolean {
    const { factors, activation } = partsOf(epilogue)
    return factors.length > 0 || activation !== undefined
  }

  run(input: Values, change: Values, output: Values | undefined): Values {
    const { activation } = this.#parts
    const gradient = this.#room.values
    if (activation && !(output && this.#isOfResult(activation))) {
      this.#anew ??= this.#computation()
      this.#anew.run(input, gradient, change)
      return gradient
    }
    this.#chain ??= new PlannedPart(this.#chainProblem())
    const lists = (this.#layer.filter.operands ?? []).map((list) => new Values(list))
    const inputs = [activation ? (output as Values) : change, change, ...lists]
    const compute = this.#layer.once ? computeParts : computeAgain
    compute([{ part: this.#chain, inputs }], gradient)
    return gradient
  }

  release(): void {
    this.#room.release()
    this.#anew?.release()
    this.#chain?.release()
  }

  /** Whether the activation's derivative follows from its results, with what it takes in every channel. */
  #isOfResult({ row, operands }: EpilogueStep): boolean {
    const { isOfResult } = row.derivative ?? {}
    if (!isOfResult || functions[row.name as keyof typeof functions] !== row) return false
    const lists = this.#layer.filter.operands ?? []
    const channels = operands.some((operand) => 'channels' in operand) ? this.#layer.problem.outChannels : 1
    for (let channel = 0; channel < channels; channel++) {
      const numbers = operands.map((operand) => {
        if ('bits' in operand) return numberOf(operand.bits)
        return 'channels' in operand ? lists[operand.channels][channel] : Number.NaN
      })
      if (!isOfResult(...numbers)) return false
    }
    return true
  }

  /** The layer itself, with the derivative where its activation was, times the gradient of its outputs. */
  #computation(): Computation {
    const { linear, factors, activation } = this.#parts
    const { row, operands } = activation as EpilogueStep
    const derivative = { row: derivativeOf(row) as EpilogueStep['row'], operands }
    return computationWith(this.#layer, [...linear, derivative, ...factors, byResidual])
  }

  /** Outputs through the derivative, times their gradients, times factors; inputs are those two and the filter's lists. */
  #chainProblem() {
    const { factors, activation } = this.#parts
    const numbers: number[] = []
    const { filter, problem } = this.#layer
    const sizes = inLayout(outputOf(problem), problem.layout)
    const whole = { offset: 0, steps: denseSteps(sizes) }
    const spatial = problem.geometry.axes.map(() => 0)
    const ofChannels = { offset: 0, steps: inLayout({ batch: 0, channels: 1, spatial }, problem.layout) }
    const operandsOf = ({ operands }: EpilogueStep): Operand[] =>
      operands.map((operand) => {
        if ('channels' in operand) return { input: operand.channels + 2 }
        return { number: numbers.push('bits' in operand ? numberOf(operand.bits) : Number.NaN) - 1 }
      })
    const through: ChainStep[] = activation
      ? [
          { name: `${activation.row.name as keyof typeof functions}'`, operands: operandsOf(activation) },
          { name: multiply.name, operands: [{ input: 1 }] },
        ]
      : []
    const steps = [
      ...through,
      ...factors.map((step): ChainStep => ({ name: multiply.name, operands: operandsOf(step) })),
    ]
    const lists = (filter.operands ?? []).map(() => ofChannels)
    return { sizes, output: whole, inputs: [whole, whole, ...lists], steps, numbers }
  }
}

/** The layer with another epilogue. */
function computationWith(layer: LayerSetting, epilogue: Epilogue): Computation {
  const isSmall = layer.once && multiplications(layer.problem) < SMALL
  return new Computation({ ...layer, problem: { ...layer.problem, epilogue } }, isSmall)
}

/** What slopes below 0 were multiplied by, times the gradients of outputs. */
export function slopedProducts(layer: LayerSetting): Computation {
  const below = { row: minimum, operands: [{ bits: bitsOf(0) }] }
  // No step takes the slopes, so that the plan has no room for them.
  const filter = { ...layer.filter, operands: undefined }
  return computationWith({ ...layer, filter }, [below, byResidual])
}

/** Elements of a layer's output. */
export function lengthOf({ problem }: Pick<LayerSetting, 'problem'>): number {
  return inLayout(outputOf(problem), problem.layout).reduce((product, size) => product * size, 1)
}
