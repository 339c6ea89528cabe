import { Verbatim } from '../../geometry/error.ts'
import { type Geometry, SamepadError } from '../../geometry/index.ts'
import { readsResidual } from '../../reference/epilogue.ts'
import { type Filter, outputOf, type Problem } from '../../reference/problem.ts'
import { allocate, checkTensor, inLayout, type Tensor, type TensorLike, valuesOf } from '../../tensor/tensor.ts'
import { Values } from '../memory/memory.ts'
import { sharesMemory } from '../memory/result.ts'
import { compute } from '../programs/compute.ts'
import { computedBy, computedOn, type Engine } from '../programs/engine.ts'
import { Holdings } from '../programs/holdings.ts'
import type { Operation } from '../programs/operation.ts'
import { Schedule } from '../programs/schedule.ts'
import { fillPadding, type PaddingValues } from './fill-padding.ts'
import type { LearnedNumbers } from './fold-scale.ts'
import { checkInput, checkInputShape, type LayoutOptions, type SizedInput } from './layer.ts'

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
   * @param residual of a layer with `residual`, and of no other: a tensor of the output's shape, which may be the output
   * @returns the output
   */
  run(input: TensorLike, output?: undefined, residual?: TensorLike): Tensor<ArrayBuffer>
  run<Output extends Tensor>(input: TensorLike, output: Output, residual?: TensorLike): Output
  run(input: TensorLike, output?: Tensor, residual?: TensorLike): Tensor
  /**
   * The same while this thread does something else, as a page has to: workers compute what is worth it (`setThreads`), one run after
   * the other, and neither input, residual nor output may be changed until the promise is fulfilled; `updateLayer` refuses to change
   * the layer. Without workers, and where more than 16 MB would have to be copied into program memory, this thread computes after all.
   *
   * @throws SamepadError (the promise is rejected) as `run` does, and when workers end or die meanwhile
   */
  runAsync(input: TensorLike, output?: undefined, residual?: TensorLike): Promise<Tensor<ArrayBuffer>>
  runAsync<Output extends Tensor>(input: TensorLike, output: Output, residual?: TensorLike): Promise<Output>
  runAsync(input: TensorLike, output?: Tensor, residual?: TensorLike): Promise<Tensor>
  /**
   * Plans for inputs of a shape, packs weights, and compiles the programs on threads of the engine, so that a page does not wait
   * for the first run. The promise is fulfilled as well where no program can be compiled: the first run then sees to it.
   *
   * @param shape of an input, in the layer's layout
   * @throws SamepadError (the promise is rejected) on a shape that `run` would refuse
   */
  ready(shape: readonly number[]): Promise<void>
  /** What computed the last run; undefined before the first. */
  readonly engine: Engine | undefined
  /** Frees the program memory that holds the weights, and lets the program go. A later run takes them again. */
  release(): void
}

/** What makes a layer. */
export interface LayerDefinition {
  readonly stage: string
  readonly operation: Operation
  readonly layout: LayoutOptions
  readonly filter: Filter
  /** Of convolutions what they were made with, which may be learned. */
  readonly learned?: LearnedNumbers | undefined
  readonly deterministic: boolean
  /** At most so many threads; all that there are where nothing is said. */
  readonly threads?: number | undefined
  /** Checks an input's sizes and solves them. */
  readonly solve: (input: SizedInput) => Task
}

/** What depends on the input's size alone. */
interface Sized extends Task {
  readonly input: SizedInput
  readonly output: readonly number[]
  readonly schedule: Schedule
  readonly takesResidual: boolean
  checked: boolean
}

/** Lets go of what layers held that were dropped without `release`. */
const dropped = new FinalizationRegistry<Holdings>((holdings) => holdings.release())

/** The class behind every `prepare...`. */
export class PreparedLayer implements Layer {
  readonly definition: LayerDefinition
  readonly #holdings: Holdings
  #sized: Sized | undefined
  #engine: Engine | undefined
  #running = 0

  /** Weights, bias, scale and shift are copied. */
  constructor(definition: LayerDefinition) {
    const { learned } = definition
    const filter = copied(definition.filter)
    const own = learned && {
      ...{ ...learned, scale: learned.scale?.slice(), shift: learned.shift?.slice() },
      plain: learned.plain === definition.filter ? filter : copied(learned.plain),
    }
    this.definition = { ...definition, filter, learned: own }
    this.#holdings = new Holdings(filter)
    dropped.register(this, this.#holdings)
  }

  get engine(): Engine | undefined {
    return this.#engine
  }

  /** Whether workers may still read what was packed, or are still to. */
  get isRunning(): boolean {
    return this.#running > 0
  }

  run(input: TensorLike, output?: undefined, residual?: TensorLike): Tensor<ArrayBuffer>
  run<Output extends Tensor>(input: TensorLike, output: Output, residual?: TensorLike): Output
  run(input: TensorLike, output?: Tensor, residual?: TensorLike): Tensor {
    const { problem, schedule, source, destination, joined, result } = this.#begin(input, output, residual)
    this.#engine = compute(this.definition, problem, schedule, this.#holdings, source, destination, joined)
    return result
  }

  runAsync(input: TensorLike, output?: undefined, residual?: TensorLike): Promise<Tensor<ArrayBuffer>>
  runAsync<Output extends Tensor>(input: TensorLike, output: Output, residual?: TensorLike): Promise<Output>
  async runAsync(input: TensorLike, output?: Tensor, residual?: TensorLike): Promise<Tensor> {
    const { problem, schedule, source, destination, joined, result } = this.#begin(input, output, residual)
    this.#running++
    try {
      const threads = await schedule.runApart(this.#holdings, source, destination, joined)
      computedOn(threads)
      this.#engine =
        threads > 0
          ? computedBy('program')
          : compute(this.definition, problem, schedule, this.#holdings, source, destination, joined)
    } finally {
      this.#running--
    }
    return result
  }

  /** Checks what a run is given. */
  #begin(input: TensorLike, output: Tensor | undefined, residual: TensorLike | undefined) {
    const { stage, layout } = this.definition
    // What comes as before needs no check but that it does.
    const known = this.#sized && valuesOf(input, this.#sized.input.shape)
    const sized = known ? (this.#sized as Sized) : this.#size(checkInput(stage, input, layout))
    const data = known ?? input.data
    const { problem, schedule, fill, output: shape } = sized
    const result = output === undefined ? allocate(stage, 'output', shape) : output
    const target = output === undefined ? result.data : checkOutput(stage, output, shape, data)
    const third = checkResidual(stage, sized, residual, target)
    if (!sized.checked) sized.check?.()
    sized.checked = true
    const source = new Values(
      fill ? fillPadding(stage, { ...sized.input, data }, fill.geometry, fill.values).data : data,
    )
    const destination = new Values(target)
    return { problem, schedule, source, destination, joined: third && new Values(third), result }
  }

  async ready(shape: readonly number[]): Promise<void> {
    const { stage, layout } = this.definition
    await this.#size(checkInputShape(stage, shape, layout)).schedule.prepare(this.#holdings)
  }

  release(): void {
    this.#holdings.release()
  }

  /** Solves and plans for an input's size; the last one is remembered. */
  #size({ batch, channels, spatial, shape, layout }: SizedInput): Sized {
    const input = { batch, channels, spatial, shape, layout }
    const task = this.definition.solve(input)
    const { problem } = task
    const output = inLayout(outputOf(problem), problem.layout)
    const schedule = new Schedule(problem, this.definition)
    this.#holdings.keep(schedule.plans)
    const takesResidual = readsResidual(problem.epilogue ?? [])
    this.#sized = { ...task, schedule, input, output, takesResidual, checked: false }
    return this.#sized
  }
}

function copied(filter: Filter): Filter {
  return { ...filter, weights: filter.weights.slice(), bias: filter.bias?.slice(), revision: { number: 0 } }
}

function checkOutput(stage: string, value: Tensor, shape: readonly number[], input: Float32Array): Float32Array {
  const data = valuesOf(value, shape) ?? refused(stage, 'output', value, shape)
  if (!sharesMemory(data, input)) return data
  throw new SamepadError(stage, 'output must not overlap the input', new Verbatim('shared memory'))
}

/** A residual is there if the layer takes one, and is the output or lies elsewhere. */
function checkResidual(
  stage: string,
  { takesResidual, output: shape }: Sized,
  value: TensorLike | undefined,
  output: Float32Array,
): Float32Array | undefined {
  if (value === undefined && !takesResidual) return undefined
  if (!takesResidual) throw new SamepadError(stage, "there must be an option 'residual' to run with one", value)
  if (value === undefined) throw new SamepadError(stage, 'run must be given the residual', value)
  const data = valuesOf(value, shape) ?? refused(stage, 'residual', value, shape)
  if (data.byteOffset === output.byteOffset || !sharesMemory(data, output)) return data
  throw new SamepadError(stage, 'the residual must be the output or not overlap it', new Verbatim('shared memory'))
}

/** Says what is wrong with a tensor. */
function refused(stage: string, what: string, value: TensorLike, shape: readonly number[]): never {
  const { shape: given } = checkTensor(stage, what, value)
  throw new SamepadError(stage, `${what} must have shape [${shape}]`, given)
}
