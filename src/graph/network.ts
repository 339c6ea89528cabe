import { openSource, type SourceLike } from '../bytes/source.ts'
import { Verbatim } from '../geometry/error.ts'
import { SamepadError } from '../geometry/index.ts'
import { checkBoolean, checkChoice, checkInteger, checkObject, checkOptions } from '../geometry/options.ts'
import { inputsOf, type ValueInfo } from '../network/model.ts'
import { elementTypeName } from '../operators/element-types.ts'
import type { Dimension } from '../operators/fact.ts'
import { together } from '../run/programs/parallel.ts'
import { roundingAlike } from '../run/programs/rounding.ts'
import { needThreads } from '../run/threads/threads.ts'
import {
  allocate,
  checkShape,
  checkTensor,
  type Layout,
  layouts,
  type Tensor,
  type TensorLike,
  valuesOf,
} from '../tensor/tensor.ts'
import type { RunningOptions } from './bind/binding.ts'
import type { BoundStep, GraphSchedule } from './bind/schedule.ts'
import { describeSchedule, type NetworkPlan, operationName } from './describe.ts'
import { checkScope } from './lower/in-scope.ts'
import { sizeOf } from './lower/operation.ts'
import { foldAffine } from './model/fold.ts'
import { type ExternalFiles, loadWeighted, type WeightedModel } from './model/load.ts'
import { fusePatterns } from './model/match.ts'
import { NetworkPart } from './part.ts'

/** Options of `loadNetwork`. */
export interface LoadOptions {
  /**
   * The same bits on every machine, as that of `prepareConv`, of everything that programs compute. Functions that JavaScript
   * computes (`Log`, `Sin`, `Pow`) are as exact as the engine's own. Default: false.
   */
  readonly deterministic?: boolean | undefined
  /**
   * At most so many threads compute a step. Workers are started where there are fewer, as by `setThreads`, waited for, and stay for
   * others; where memory cannot be shared there is one thread. Default: as many as `setThreads` has started.
   */
  readonly threads?: number | undefined
  /**
   * How tensors lie that convolutions and pools read: channels before (`nchw`) or behind (`nhwc`) the cells of the picture. What is
   * given and returned lies as the model has it. Default: whichever is quicker for this model, see `plan`.
   */
  readonly layout?: Layout | undefined
  /** Files that weights lie in, by the names that the model has for them. Those beside a path need not be given. */
  readonly externalData?: ExternalFiles | undefined
}

/** An input or output of a network. */
export interface NetworkValue {
  readonly name: string
  /** Sizes, names of sizes that are open, or undefined; undefined where not even their number is known. */
  readonly shape: readonly Dimension[] | undefined
  /** What the file holds it in, such as `float32` or `int64`; undefined where it does not say. Tensors are float32 all. */
  readonly type: string | undefined
}

/** Tensors by their names. */
export type NamedTensors = Readonly<Record<string, Tensor>>

/** How long a step took. */
export interface StepTime {
  /** The node of the model. */
  readonly node: string
  /** What was run for it, such as `window` or `chain`. */
  readonly operation: string
  readonly milliseconds: number
}

/** A model that runs. */
export interface LoadedNetwork {
  readonly inputs: readonly NetworkValue[]
  readonly outputs: readonly NetworkValue[]
  /**
   * Runs the network on inputs of any size that it can take. A new size is planned first.
   *
   * @param inputs a tensor for each input by its name; a model's image is `[batch, channels, height, width]` as a rule
   * @param outputs tensors to write outputs into, of the right shapes, by their names; new ones by default
   * @returns all outputs by their names
   * @throws SamepadError on inputs that are missing or unknown, and on sizes that do not fit the model
   */
  run(inputs: Readonly<Record<string, TensorLike>>, outputs?: Readonly<Record<string, Tensor>>): NamedTensors
  /** How the network runs on inputs of such shapes, by their names: steps, and where values lie. Nothing is computed. */
  plan(shapes: Readonly<Record<string, readonly number[]>>): NetworkPlan
  /** Runs the network, and tells how long each step took. */
  profile(inputs: Readonly<Record<string, TensorLike>>): readonly StepTime[]
  /** Frees its program memory. A later run takes it again. */
  release(): void
}

const STAGE = 'loadNetwork'

/**
 * Loads a model of ONNX, to run it: float32 networks of vision and audio without recurrence. Weights that are float16 or
 * bfloat16 become float32.
 *
 * @param source a path or a `file:` URL (in Node), a Blob or bytes; weights in files of their own are read beside a path
 * @throws UnsupportedModelError that names the nodes that samepad does not run, before anything is computed
 * @throws SamepadError where the file is damaged
 */
export async function loadNetwork(source: SourceLike, options: LoadOptions = {}): Promise<LoadedNetwork> {
  checkOptions(STAGE, options, ['deterministic', 'threads', 'layout', 'externalData'])
  const deterministic = checkBoolean(STAGE, 'deterministic', options.deterministic ?? false)
  const { threads, layout, externalData = {} } = options
  if (layout !== undefined) checkChoice(STAGE, 'layout', layout, layouts)
  checkObject(STAGE, externalData)
  // Workers start while the file is read.
  const started = threads === undefined ? undefined : needThreads(checkInteger(STAGE, 'threads', threads, 1))
  const opened = openSource(source)
  try {
    const weighted = await loadWeighted(opened, externalData)
    checkScope(weighted.model)
    const network = foldAffine(fusePatterns(weighted))
    await started
    return new RunningNetwork(network, weighted.isOfFixedSizes, { deterministic, threads, layout })
  } finally {
    if (opened !== source) opened.close()
  }
}

/** Frees what networks held that were dropped without `release`. */
const dropped = new FinalizationRegistry<NetworkPart>((part) => part.release())

class RunningNetwork implements LoadedNetwork {
  readonly inputs: readonly NetworkValue[]
  readonly outputs: readonly NetworkValue[]
  readonly #isOfFixedSizes: boolean
  readonly #how: RunningOptions
  readonly #first: NetworkPart

  constructor(weighted: WeightedModel, isOfFixedSizes: boolean, how: RunningOptions) {
    this.#isOfFixedSizes = isOfFixedSizes
    this.#how = how
    this.#first = new NetworkPart(weighted, how)
    const named = ({ name, shape, elementType }: ValueInfo): NetworkValue => {
      return { name, shape, type: elementTypeName(elementType) }
    }
    this.inputs = inputsOf(weighted.model).map(named)
    this.outputs = weighted.model.graph.outputs.map(named)
    dropped.register(this, this.#first)
  }

  run(inputs: Readonly<Record<string, TensorLike>>, outputs: Readonly<Record<string, Tensor>> = {}): NamedTensors {
    const schedule = this.#ready(inputs)
    checkObject('run', outputs)
    const names = this.outputs.map(({ name }) => name)
    const unknown = Object.keys(outputs).find((name) => !names.includes(name))
    if (unknown !== undefined) throw new SamepadError('run', `an output must be one of ${names.join(', ')}`, unknown)
    const results: Record<string, Tensor> = {}
    this.#through(schedule, inputs, {
      begin: ({ graph, ...part }) => {
        graph.names.forEach((name, index) => {
          if (!names.includes(name)) return
          const { shape } = part.outputs[index]
          results[name] = Object.hasOwn(outputs, name) ? checkOutput(name, outputs[name], shape) : room(name, shape)
        })
      },
      step: ({ run }) => run(),
      end: ({ graph, ...part }) => {
        for (const [index, name] of graph.names.entries()) {
          if (names.includes(name)) results[name].data.set(part.outputs[index].data)
        }
      },
    })
    return Object.fromEntries(names.map((name) => [name, results[name]]))
  }

  plan(shapes: Readonly<Record<string, readonly number[]>>): NetworkPlan {
    checkObject('plan', shapes)
    const given = Object.entries(shapes).map(([name, shape]) => [name, checkShape('plan', name, shape, 0)] as const)
    const laid = this.#rounding(() => this.#first.lower(this.#shapes('plan', new Map(given))))
    return describeSchedule(laid)
  }

  profile(inputs: Readonly<Record<string, TensorLike>>): readonly StepTime[] {
    const times: StepTime[] = []
    this.#through(this.#ready(inputs), inputs, {
      step: ({ step, run }) => {
        const begin = performance.now()
        run()
        times.push({ node: step.node, operation: operationName(step), milliseconds: performance.now() - begin })
      },
    })
    return times
  }

  release(): void {
    this.#first.release()
  }

  /** Goes through all steps: those of the first part, and of what could be planned only when they had run. */
  #through(schedule: GraphSchedule, inputs: Readonly<Record<string, TensorLike>>, visitor: Visitor): void {
    let running: Running | undefined = { part: this.#first, inputs, schedule }
    while (running) running = this.#pass(running, visitor)
  }

  /** Goes through the steps of a part; what comes behind it. */
  #pass({ part, inputs, schedule }: Running, { begin, step, end }: Visitor): Running | undefined {
    begin?.(schedule)
    return this.#rounding(() => {
      const steps = (): void => {
        part.feed(schedule, inputs)
        for (const one of schedule.steps) step(one)
      }
      together(schedule, steps, this.#how.threads)
      end?.(schedule)
      const { rest } = schedule.graph
      if (!rest) return undefined
      const computed = new Map<string, Tensor>()
      for (const [index, name] of schedule.graph.names.entries()) {
        const { data, shape } = schedule.outputs[index]
        if (rest.reads.has(name)) computed.set(name, { data: data.slice(), shape })
      }
      const next = part.next(computed)
      const shapes = Object.entries(next.inputs).map(([name, { shape }]) => [name, shape])
      return { ...next, schedule: next.part.scheduleOf(next.inputs) ?? next.part.plan(Object.fromEntries(shapes)) }
    })
  }

  /** Runs something that plans or computes. */
  #rounding<T>(run: () => T): T {
    return this.#how.deterministic ? roundingAlike(run) : run()
  }

  /** The schedule of the inputs' sizes. */
  #ready(inputs: Readonly<Record<string, TensorLike>>): GraphSchedule {
    checkObject('run', inputs)
    const known = Object.keys(inputs).length === this.inputs.length ? this.#first.scheduleOf(inputs) : undefined
    if (known) return known
    const given = Object.entries(inputs).map(
      ([name, value]) => [name, checkTensor('run', name, value, 0).shape] as const,
    )
    return this.#rounding(() => this.#first.plan(this.#shapes('run', new Map(given))))
  }

  /** Shapes for all inputs, checked. */
  #shapes(stage: string, given: ReadonlyMap<string, readonly number[]>): Record<string, readonly number[]> {
    const names = this.inputs.map(({ name }) => name)
    const unknown = [...given.keys()].find((name) => !names.includes(name))
    if (unknown !== undefined) throw new SamepadError(stage, `an input must be one of ${names.join(', ')}`, unknown)
    return Object.fromEntries(
      this.inputs.map(({ name, shape }) => {
        const sizes = given.get(name)
        if (!sizes) throw new SamepadError(stage, `there must be an input ${name}`, new Verbatim('none'))
        if (shape && shape.length !== sizes.length) {
          throw new SamepadError(stage, `${name} must have ${shape.length} dimensions`, [...sizes])
        }
        if (this.#isOfFixedSizes && shape?.some((size, axis) => typeof size === 'number' && size !== sizes[axis])) {
          const fixed = shape.map((size) => size ?? '?')
          throw new SamepadError(stage, `${name} must be ${fixed.join('x')}, by which the file chooses branches`, [
            ...sizes,
          ])
        }
        return [name, sizes]
      }),
    )
  }
}

/** A part of the network while it runs. */
interface Running {
  readonly part: NetworkPart
  readonly inputs: Readonly<Record<string, TensorLike>>
  readonly schedule: GraphSchedule
}

/** What is done with the schedules of a run. */
interface Visitor {
  readonly begin?: (schedule: GraphSchedule) => void
  readonly step: (step: BoundStep) => void
  readonly end?: (schedule: GraphSchedule) => void
}

/** A new tensor, which may have no elements. */
function room(name: string, shape: readonly number[]): Tensor {
  return sizeOf(shape) === 0 ? { data: new Float32Array(0), shape } : allocate('run', name, shape)
}

function checkOutput(name: string, value: Tensor, shape: readonly number[]): Tensor {
  if (valuesOf(value, shape)) return value
  const { shape: given } = checkTensor('run', name, value)
  throw new SamepadError('run', `output ${name} must have shape [${shape}]`, [...given])
}
