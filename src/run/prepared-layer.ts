import { Verbatim } from '../geometry/error.ts'
import { type Geometry, SamepadError } from '../geometry/index.ts'
import type { Plan } from '../plan/choose.ts'
import { type Filter, outputOf, type Problem } from '../reference/problem.ts'
import { allocate, checkTensor, inLayout, type Tensor, type TensorLike, valuesOf } from '../tensor/tensor.ts'
import { compute } from './compute.ts'
import type { Engine } from './engine.ts'
import { fillPadding, type PaddingValues } from './fill-padding.ts'
import { checkInput, type Input, type LayoutOptions } from './layer.ts'
import { free, isThere, Values } from './memory.ts'
import { planOf } from './plans.ts'
import { keepFilter, type ResidentFilter } from './programs.ts'
import { packingOf } from './strategies.ts'

/** An operation on an input of a certain size. */
export interface Task {
  /** What is computed: where padding is filled with values, on an input that has them already. */
  readonly problem: Problem
  /** The padding to fill with values, and which; undefined where it is zeros, which programs need not be given. */
  readonly fill?: { readonly geometry: Geometry; readonly values: Exclude<PaddingValues, 'zeros'> } | undefined
  /** What remains to be checked once the output is allocated, which bounds how long it takes. */
  readonly check?: (() => void) | undefined
}

/** A layer with its weights packed and its programs compiled. */
export interface Layer {
  /**
   * Runs the layer; padding is worked out from the input that arrives.
   *
   * @param input as the operation takes it, of any size; one in program memory is not copied
   * @param output a tensor of the right shape to write into, not overlapping the input; a new one by default
   * @returns the output
   */
  run(input: TensorLike, output?: undefined): Tensor<ArrayBuffer>
  run<Output extends Tensor>(input: TensorLike, output: Output): Output
  run(input: TensorLike, output?: Tensor): Tensor
  /** What computed the last run; undefined before the first. */
  readonly engine: Engine | undefined
  /** Frees the program memory that holds the weights. A later run takes it again. */
  release(): void
}

/** What makes a layer. */
export interface LayerDefinition {
  readonly stage: string
  readonly layout: LayoutOptions
  readonly filter: Filter
  readonly deterministic: boolean
  /** Checks an input's sizes and solves them. */
  readonly solve: (input: Input) => Task
}

/** What depends on the input's size alone. */
interface Sized extends Task {
  readonly input: Omit<Input, 'data'>
  readonly output: readonly number[]
  readonly plan: Plan | undefined
  checked: boolean
}

/** Frees the weights of layers that were dropped without `release`. */
const dropped = new FinalizationRegistry<{ resident: ResidentFilter | undefined }>(({ resident }) => {
  if (resident) free(resident.block)
})

/** The class behind every `prepare...`. */
export class PreparedLayer implements Layer {
  readonly #definition: LayerDefinition
  /** Packed weights in program memory and the content of what they are packed for; shared with the registry. */
  readonly #kept: { resident: ResidentFilter | undefined; packing: string } = { resident: undefined, packing: '' }
  #sized: Sized | undefined
  #engine: Engine | undefined

  /** Weights and bias are copied. */
  constructor(definition: LayerDefinition) {
    const { weights, bias, steps } = definition.filter
    this.#definition = { ...definition, filter: { weights: weights.slice(), bias: bias?.slice(), steps } }
    dropped.register(this, this.#kept)
  }

  get engine(): Engine | undefined {
    return this.#engine
  }

  run(input: TensorLike, output?: undefined): Tensor<ArrayBuffer>
  run<Output extends Tensor>(input: TensorLike, output: Output): Output
  run(input: TensorLike, output?: Tensor): Tensor {
    const { stage, layout, filter } = this.#definition
    // What comes as before needs no check but that it does.
    const known = this.#sized && valuesOf(input, this.#sized.input.shape)
    const sized = known ? (this.#sized as Sized) : this.#size(checkInput(stage, input, layout))
    const data = known ?? input.data
    const { problem, plan, fill, output: shape } = sized
    const result = output === undefined ? allocate(stage, 'output', shape) : output
    const target = output === undefined ? result.data : checkOutput(stage, output, shape, data)
    if (!sized.checked) sized.check?.()
    sized.checked = true
    const source = new Values(
      fill ? fillPadding(stage, { ...sized.input, data }, fill.geometry, fill.values).data : data,
    )
    const destination = new Values(target)
    const resident = plan && this.#resident(plan)
    this.#engine = compute(problem, plan, resident, source, filter, destination)
    return result
  }

  release(): void {
    if (this.#kept.resident) free(this.#kept.resident.block)
    this.#kept.resident = undefined
  }

  /** Solves and plans for an input's size; the last one is remembered. */
  #size(x: Input): Sized {
    const task = this.#definition.solve(x)
    const { problem } = task
    const output = inLayout(outputOf(problem), problem.layout)
    const plan = planOf(problem, this.#definition.deterministic)
    if (plan) this.#repack(JSON.stringify(packingOf(plan)))
    const { data: _, ...input } = x
    this.#sized = { ...task, plan, input, output, checked: false }
    return this.#sized
  }

  /** Drops weights that are packed for other plans. */
  #repack(packing: string): void {
    if (packing !== this.#kept.packing) this.release()
    this.#kept.packing = packing
  }

  #resident(plan: Plan): ResidentFilter | undefined {
    const { resident } = this.#kept
    if (resident && isThere(resident.block)) return resident
    this.#kept.resident = keepFilter(plan, this.#definition.filter)
    return this.#kept.resident
  }
}

function checkOutput(stage: string, value: Tensor, shape: readonly number[], input: Float32Array): Float32Array {
  const data = valuesOf(value, shape) ?? refused(stage, value, shape)
  if (data.buffer === input.buffer && data.byteOffset < input.byteOffset + input.byteLength) {
    if (input.byteOffset < data.byteOffset + data.byteLength) {
      throw new SamepadError(stage, 'output must not overlap the input', new Verbatim('shared memory'))
    }
  }
  return data
}

/** Says what is wrong with an output. */
function refused(stage: string, value: Tensor, shape: readonly number[]): never {
  const { shape: given } = checkTensor(stage, 'output', value)
  throw new SamepadError(stage, `output must have shape [${shape}]`, given)
}
