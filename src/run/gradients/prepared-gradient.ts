import { SamepadError, Verbatim } from '../../geometry/error.ts'
import { checkOptions } from '../../geometry/options.ts'
import { readsResidual } from '../../reference/epilogue.ts'
import { foldPadding } from '../../reference/fold-padding.ts'
import { inputOf, outputOf } from '../../reference/problem.ts'
import { allocate, checkTensor, inLayout, type Tensor, type TensorLike, valuesOf } from '../../tensor/tensor.ts'
import { fillPadding } from '../layers/fill-padding.ts'
import { checkInput, type Input, type SizedInput } from '../layers/layer.ts'
import type { LayerDefinition, Task } from '../layers/prepared-layer.ts'
import { Values } from '../memory/memory.ts'
import { sharesMemory } from '../memory/result.ts'
import type { GradientName, Gradients } from './gradient-names.ts'
import type { InputGradientOf } from './input-gradient.ts'
import { LayerGradients } from './layer-gradients.ts'

/** Which gradients are computed, and where to. */
export interface GradientRun<Of extends GradientName = GradientName> {
  /** Default: those for which there is a tensor in `into`; without it the input's, and of convolutions those of weights and bias. */
  readonly of?: readonly Of[] | undefined
  /** Tensors to write into, by name, each in its shape, none overlapping what is read; new ones by default. */
  readonly into?: { readonly [Name in GradientName]?: Tensor | undefined } | undefined
  /**
   * What the layer gave for this input. relu, relu6, clip, and leakyRelu and prelu with slopes of 0 or more tell by it where
   * gradients pass; without it, and for other activations, the layer is computed once more.
   */
  readonly output?: TensorLike | undefined
}

/** The gradients of a layer, with its plans kept, its weights packed for them, and its programs compiled. */
export interface LayerGradient {
  /**
   * @param input as the layer took it
   * @param outputGradient how a loss changes with each element of the layer's output, in its shape
   * @returns how the loss changes with what the layer took
   * @throws SamepadError as the layer's `run` does, on tensors of other shapes, and on names that the layer has not
   */
  run<Of extends GradientName = GradientName>(
    input: TensorLike,
    outputGradient: TensorLike,
    options?: GradientRun<Of>,
  ): { readonly [Name in Of]: Tensor }
  /** Frees the program memory that it holds, and lets its programs go. A later run takes them again. */
  release(): void
}

/** What depends on the input's size alone. */
interface Sized {
  readonly input: SizedInput
  readonly task: Task
  readonly output: readonly number[]
  readonly gradients: LayerGradients
}

/** Lets go of what gradients held that were dropped without `release`. */
const dropped = new FinalizationRegistry<{ sized: Sized | undefined }>(({ sized }) => sized?.gradients.release())

/** The class behind `prepareGradient`. */
export class PreparedGradient implements LayerGradient {
  readonly #stage: string
  readonly #definition: LayerDefinition
  readonly #inputGradient: InputGradientOf
  readonly #once: boolean
  readonly #held: { sized: Sized | undefined } = { sized: undefined }

  /** @param once whether it runs once: then programs are not made for small problems */
  constructor(stage: string, definition: LayerDefinition, inputGradient: InputGradientOf, once = false) {
    this.#stage = stage
    this.#definition = definition
    this.#inputGradient = inputGradient
    this.#once = once
    dropped.register(this, this.#held)
  }

  run<Of extends GradientName = GradientName>(
    input: TensorLike,
    outputGradient: TensorLike,
    options: GradientRun<Of> = {},
  ): { readonly [Name in Of]: Tensor } {
    const stage = this.#stage
    checkOptions(stage, options, ['of', 'into', 'output'])
    const { into = {}, output } = options
    const names = this.#names(options)
    const last = this.#held.sized
    const known = last && valuesOf(input, last.input.shape)
    const x = known ? { ...last.input, data: known } : checkInput(stage, input, this.#definition.layout)
    const sized = known ? last : this.#size(x)
    const dy = checked(stage, 'outputGradient', outputGradient, sized.output)
    const y = output && checked(stage, 'output', output, sized.output)
    const found: { [Name in GradientName]?: Tensor } = {}
    for (const name of names) {
      const shape = this.#shapeOf(name, sized)
      const target = into[name]
      found[name] = target ?? allocate(stage, `the gradient of ${name}`, shape)
      if (target) checkTarget(stage, `into.${name}`, target, shape, [x.data, dy, y])
    }
    this.#compute(sized, x, dy, y, found)
    return found as { readonly [Name in Of]: Tensor }
  }

  release(): void {
    this.#held.sized?.gradients.release()
    this.#held.sized = undefined
  }

  #compute(
    { task, gradients }: Sized,
    x: Input,
    dy: Float32Array,
    y: Float32Array | undefined,
    found: { readonly [Name in GradientName]?: Tensor },
  ): void {
    const { fill, problem } = task
    // What lies in program memory is known by its address from here on: taking more may move all of it.
    const given = new Values(x.data)
    const [change, output] = [new Values(dy), y && new Values(y)]
    const targets: { [Name in GradientName]?: Values } = {}
    for (const [name, { data }] of Object.entries(found)) targets[name as GradientName] = new Values(data)
    if (!fill) {
      gradients.run(given, change, output, targets)
      return
    }
    const source = new Values(fillPadding(this.#stage, x, fill.geometry, fill.values).data)
    const wide = targets.input && allocate(this.#stage, 'the gradient', inLayout(inputOf(problem), problem.layout)).data
    gradients.run(source, change, output, { ...targets, input: wide && new Values(wide) })
    if (!wide || !targets.input) return
    targets.input.data.fill(0)
    foldPadding(fill.geometry, x, problem.layout, fill.values, wide, targets.input.data)
  }

  #size(x: Input): Sized {
    const { batch, channels, spatial, shape, layout } = x
    const input = { batch, channels, spatial, shape, layout }
    const task = this.#definition.solve(input)
    const { problem } = task
    if (readsResidual(problem.epilogue ?? [])) {
      throw new SamepadError(this.#stage, 'the layer must take no residual', new Verbatim('one that does'))
    }
    task.check?.()
    const output = inLayout(outputOf(problem), problem.layout)
    const setting = { ...this.#definition, stage: this.#stage, problem, once: this.#once }
    const gradients = new LayerGradients(setting, this.#inputGradient)
    this.release()
    this.#held.sized = { input, task, output, gradients }
    return this.#held.sized
  }

  /** The names of the gradients that are wanted, each of which the layer must have. */
  #names({ of, into }: GradientRun): readonly GradientName[] {
    const { learned, filter } = this.#definition
    const has: Readonly<Record<GradientName, boolean>> = {
      ...{ input: true, weights: learned !== undefined, bias: learned !== undefined },
      ...{ scale: learned?.scale !== undefined, shift: learned?.shift !== undefined },
      slopes: learned !== undefined && (filter.operands ?? []).length > 0,
    }
    const there = (Object.keys(has) as GradientName[]).filter((name) => has[name])
    const given = into && Object.keys(into).filter((name) => into[name as GradientName] !== undefined)
    const names: unknown = of ?? given ?? there.slice(0, 3)
    const isName = (name: unknown): name is GradientName => there.some((known) => known === name)
    if (Array.isArray(names) && names.every(isName)) return names
    throw new SamepadError(this.#stage, `of must be a list of ${there.join(', ')}`, names)
  }

  #shapeOf(name: GradientName, { input, task }: Sized): readonly number[] {
    if (name === 'input') return input.shape
    return (name === 'weights' && this.#definition.learned?.shape) || [task.problem.outChannels]
  }
}

/** The gradients of a layer that runs once. */
export function gradientOnce<Of extends GradientName>(
  definition: LayerDefinition,
  inputGradient: InputGradientOf,
  input: TensorLike,
  outputGradient: TensorLike,
  of: readonly Of[] | undefined,
): Gradients<Of> {
  const gradient = new PreparedGradient(definition.stage, definition, inputGradient, true)
  try {
    return gradient.run(input, outputGradient, { of }) as Gradients<Of>
  } finally {
    gradient.release()
  }
}

/** The values of a tensor that must have a shape. */
function checked(stage: string, what: string, value: unknown, shape: readonly number[]): Float32Array {
  const data = valuesOf(value, shape)
  if (data) return data
  const { shape: given } = checkTensor(stage, what, value)
  throw new SamepadError(stage, `${what} must have the output's shape [${shape}]`, given)
}

function checkTarget(
  stage: string,
  what: string,
  value: Tensor,
  shape: readonly number[],
  read: readonly (Float32Array | undefined)[],
): void {
  const data = valuesOf(value, shape)
  if (!data) throw new SamepadError(stage, `${what} must have shape [${shape}]`, checkTensor(stage, what, value).shape)
  if (!read.some((other) => other && sharesMemory(data, other))) return
  throw new SamepadError(stage, `${what} must not overlap what is read`, new Verbatim('shared memory'))
}
