import { openSource, type SourceLike } from '../bytes/source.ts'
import { Verbatim } from '../geometry/error.ts'
import { SamepadError } from '../geometry/index.ts'
import { checkBoolean, checkInteger, checkObject, checkOptions } from '../geometry/options.ts'
import { inputsOf, type ValueInfo } from '../network/model.ts'
import { elementTypeName } from '../operators/element-types.ts'
import type { Dimension } from '../operators/fact.ts'
import { roundingAlike } from '../run/rounding.ts'
import { needThreads } from '../run/threads.ts'
import { allocate, checkShape, checkTensor, type Tensor, type TensorLike, valuesOf } from '../tensor/tensor.ts'
import { planArena } from './arena.ts'
import { bindStep } from './bind.ts'
import type { RunningOptions } from './binding.ts'
import { describeSchedule, type NetworkPlan, operationDetail, operationName } from './describe.ts'
import { foldAffine } from './fold.ts'
import { checkScope } from './in-scope.ts'
import { LayerStore } from './layer-store.ts'
import { type ExternalFiles, loadWeighted, type WeightedModel } from './load.ts'
import { type ConstantSource, type LoweredGraph, type LoweringTools, lowerGraph } from './lower.ts'
import { fusePatterns } from './match.ts'
import { mergeSteps } from './merge.ts'
import type { GraphStep, GraphValue } from './operation.ts'
import { type GraphSchedule, scheduleOf } from './schedule.ts'

/** Options of `loadNetwork`. */
export interface LoadOptions {
  /**
   * The same bits on every machine, as that of `prepareConv`, of everything that programs compute. Functions that JavaScript
   * computes (`Log`, `Sin`, `Pow`) are as exact as the engine's own. Default: false.
   */
  readonly deterministic?: boolean | undefined
  /**
   * At most so many threads compute a step. Workers are started where there are fewer, as by `setThreads`, and stay for others;
   * where memory cannot be shared there is one thread. Default: as many as `setThreads` has started.
   */
  readonly threads?: number | undefined
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
  checkOptions(STAGE, options, ['deterministic', 'threads', 'externalData'])
  const deterministic = checkBoolean(STAGE, 'deterministic', options.deterministic ?? false)
  const { threads, externalData = {} } = options
  if (threads !== undefined) needThreads(checkInteger(STAGE, 'threads', threads, 1))
  checkObject(STAGE, externalData)
  const opened = openSource(source)
  try {
    const weighted = await loadWeighted(opened, externalData)
    checkScope(weighted.model)
    return new RunningNetwork(foldAffine(fusePatterns(weighted)), weighted.isOfFixedSizes, { deterministic, threads })
  } finally {
    if (opened !== source) opened.close()
  }
}

/** What lies in program memory for a network. */
interface Held {
  readonly layers: LayerStore
  schedule: GraphSchedule | undefined
}

/** Frees what networks held that were dropped without `release`. */
const dropped = new FinalizationRegistry<Held>(releaseAll)

function releaseAll({ layers, schedule }: Held): void {
  layers.release()
  schedule?.release()
}

class RunningNetwork implements LoadedNetwork {
  readonly inputs: readonly NetworkValue[]
  readonly outputs: readonly NetworkValue[]
  readonly #weighted: WeightedModel
  readonly #isOfFixedSizes: boolean
  readonly #how: RunningOptions
  readonly #held: Held = { layers: new LayerStore(), schedule: undefined }
  readonly #constants = new Map<string, GraphValue>()
  /** What was computed of constants alone, by the node and its place among them. */
  readonly #computed = new Map<string, Computed>()

  constructor(weighted: WeightedModel, isOfFixedSizes: boolean, how: RunningOptions) {
    this.#weighted = weighted
    this.#isOfFixedSizes = isOfFixedSizes
    this.#how = how
    const named = ({ name, shape, elementType }: ValueInfo): NetworkValue => {
      return { name, shape, type: elementTypeName(elementType) }
    }
    this.inputs = inputsOf(weighted.model).map(named)
    this.outputs = weighted.model.graph.outputs.map(named)
    dropped.register(this, this.#held)
  }

  run(inputs: Readonly<Record<string, TensorLike>>, outputs: Readonly<Record<string, Tensor>> = {}): NamedTensors {
    const schedule = this.#rounding(() => this.#ready(inputs))
    checkObject('run', outputs)
    const names = this.outputs.map(({ name }) => name)
    const unknown = Object.keys(outputs).find((name) => !names.includes(name))
    if (unknown !== undefined) throw new SamepadError('run', `an output must be one of ${names.join(', ')}`, unknown)
    const results = this.outputs.map(({ name }, index) => {
      const { shape } = schedule.outputs[index]
      return Object.hasOwn(outputs, name) ? checkOutput(name, outputs[name], shape) : allocate('run', name, shape)
    })
    this.#feed(schedule, inputs)
    this.#rounding(() => {
      for (const { run } of schedule.steps) run()
    })
    return Object.fromEntries(
      results.map((result, index) => {
        result.data.set(schedule.outputs[index].data)
        return [this.outputs[index].name, result]
      }),
    )
  }

  plan(shapes: Readonly<Record<string, readonly number[]>>): NetworkPlan {
    checkObject('plan', shapes)
    const given = Object.entries(shapes).map(([name, shape]) => [name, checkShape('plan', name, shape, 1)] as const)
    const graph = this.#rounding(() => this.#lower(this.#shapes('plan', new Map(given))))
    return describeSchedule(graph, planArena(graph))
  }

  profile(inputs: Readonly<Record<string, TensorLike>>): readonly StepTime[] {
    const schedule = this.#rounding(() => this.#ready(inputs))
    this.#feed(schedule, inputs)
    return schedule.steps.map(({ step, run }) => {
      const begin = performance.now()
      this.#rounding(run)
      return { node: step.node, operation: operationName(step), milliseconds: performance.now() - begin }
    })
  }

  release(): void {
    releaseAll(this.#held)
  }

  /** Runs something that plans or computes. */
  #rounding<T>(run: () => T): T {
    return this.#how.deterministic ? roundingAlike(run) : run()
  }

  /** The schedule of the inputs' sizes. */
  #ready(inputs: Readonly<Record<string, TensorLike>>): GraphSchedule {
    const { schedule } = this.#held
    checkObject('run', inputs)
    const isAsBefore =
      schedule &&
      Object.keys(inputs).length === this.inputs.length &&
      this.inputs.every(({ name }, index) => {
        return Object.hasOwn(inputs, name) && valuesOf(inputs[name], schedule.inputs[index].shape)
      })
    if (isAsBefore) return schedule
    const given = Object.entries(inputs).map(([name, value]) => [name, checkTensor('run', name, value).shape] as const)
    const graph = this.#lower(this.#shapes('run', new Map(given)))
    const { layers } = this.#held
    schedule?.release()
    layers.forget()
    this.#held.schedule = scheduleOf(graph, layers, this.#how)
    layers.tidy()
    return this.#held.schedule
  }

  /** The steps for inputs of such shapes. */
  #lower(shapes: Readonly<Record<string, readonly number[]>>): LoweredGraph {
    const compute = this.#computing()
    return mergeSteps(lowerGraph(this.#weighted, shapes, { compute, constant: (name) => this.#constant(name) }))
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

  /** Copies the inputs to their places. The memory is taken first, which may move a tensor of the caller's. */
  #feed({ inputs, memory }: GraphSchedule, given: Readonly<Record<string, TensorLike>>): void {
    memory.floats
    for (const [index, { name }] of this.inputs.entries()) inputs[index].data.set(given[name].data)
  }

  #constant(name: string): GraphValue | undefined {
    const known = this.#constants.get(name)
    const elements = this.#weighted.constants.get(name)
    if (known || !elements) return known
    const { data, shape } = elements
    const value = { name, shape, constant: data instanceof Float32Array ? data : Float32Array.from(data) }
    this.#constants.set(name, value)
    return value
  }

  /** Computes steps on constants; what was computed for another size of the same constants is there. */
  #computing(): LoweringTools['compute'] {
    let count = 0
    return (step, sources) => {
      const key = `${step.node} ${count++}`
      const known = this.#computed.get(key)
      if (known && isSame(known.step, step) && isFixed(known.sources, sources)) return known.results
      const inputs = step.inputs.map(({ constant, shape }) => ({ data: constant as Float32Array, shape }))
      const outputs = step.outputs.map(({ shape }) => allocate('run', step.node, shape))
      const layers = new LayerStore()
      bindStep(step, inputs, outputs, { ...this.#how, layers, isJoined: () => false })()
      layers.release()
      const results = outputs.map(({ data }) => data)
      this.#computed.set(key, { step, sources, results })
      return results
    }
  }
}

interface Computed {
  readonly step: GraphStep
  readonly sources: readonly ConstantSource[]
  readonly results: readonly Float32Array[]
}

/** Whether a node reads the same constants, and nothing that follows from the sizes. */
function isFixed(a: readonly ConstantSource[], b: readonly ConstantSource[]): boolean {
  return a.every((source, index) => source !== undefined && source === b[index])
}

/** Whether two steps compute the same of the same constants, as far as that can be seen. */
function isSame(a: GraphStep, b: GraphStep): boolean {
  const alike = (x: readonly GraphValue[], y: readonly GraphValue[]): boolean =>
    x.length === y.length &&
    x.every(({ shape, constant }, at) => constant === y[at].constant && String(shape) === String(y[at].shape))
  if (operationName(a) !== operationName(b) || !alike(a.inputs, b.inputs)) return false
  const shapes = (step: GraphStep): string => step.outputs.map(({ shape }) => `[${shape}]`).join()
  return shapes(a) === shapes(b) && operationDetail(a) === operationDetail(b)
}

function checkOutput(name: string, value: Tensor, shape: readonly number[]): Tensor {
  if (valuesOf(value, shape)) return value
  const { shape: given } = checkTensor('run', name, value)
  throw new SamepadError('run', `output ${name} must have shape [${shape}]`, [...given])
}
