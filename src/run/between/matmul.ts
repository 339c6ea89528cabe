import { SamepadError } from '../../geometry/error.ts'
import { checkBoolean, checkOptions } from '../../geometry/options.ts'
import { joined } from '../../plan/axes.ts'
import { conv as reference } from '../../reference/conv.ts'
import type { SharedAxis } from '../../reference/reduce.ts'
import { checkShape, checkTensor, elementsOf, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { type FilterOptions, filterLayer, type PrepareOptions } from '../layers/filter-layer.ts'
import { computeOnce } from '../layers/once.ts'
import { type Layer, PreparedLayer } from '../layers/prepared-layer.ts'
import { settled, Values } from '../memory/memory.ts'
import { checkApart, checkGrown, type OutputOptions, resultOf } from '../memory/result.ts'
import { planFilter } from '../programs/strategies.ts'
import { broadcastShape, broadcastSteps } from './broadcast.ts'
import { type ActivationStep, type ElementwiseStep, runChain } from './elementwise.ts'
import { type MatrixStack, matricesOf, productOf } from './matrix-stack.ts'
import { transpose } from './move.ts'

/** Options of `matmul`. */
export interface MatmulOptions<Output extends Tensor = Tensor> extends OutputOptions<Output> {
  /** Whether the last two dimensions of the first operand are exchanged. Default: false. */
  readonly transposeA?: boolean | undefined
  /** The same of the second operand. */
  readonly transposeB?: boolean | undefined
  /** Is added to the product, to whose shape it is broadcast: one number for each column, as a rule. */
  readonly bias?: TensorLike | undefined
  /** What values are sent through at the end. Default: nothing. */
  readonly activation?: ActivationStep | undefined
}

/**
 * The product of matrices, or of stacks of matrices that are broadcast, as NumPy's `matmul`: a tensor of one dimension is a row on
 * the left, a column on the right. One operand is packed in each call; `prepareMatmul` packs it once.
 *
 * @param a `[..., rows, inner]`
 * @param b `[..., inner, columns]`
 * @returns `[..., rows, columns]`
 * @throws SamepadError on shapes that do not fit, and a result of more than 2 GiB
 */
export function matmul(
  a: TensorLike,
  b: TensorLike,
  options?: MatmulOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function matmul<Output extends Tensor>(a: TensorLike, b: TensorLike, options: MatmulOptions<Output>): Output
export function matmul(a: TensorLike, b: TensorLike, options: MatmulOptions = {}): Tensor {
  const stage = 'matmul'
  checkOptions(stage, options, ['transposeA', 'transposeB', 'bias', 'activation', 'output'])
  const { transposeA = false, transposeB = false, bias, activation, output } = options
  checkBoolean(stage, 'transposeA', transposeA)
  checkBoolean(stage, 'transposeB', transposeB)
  const left = matricesOf(stage, 'a', checkTensor(stage, 'a', a), transposeA, 'row')
  const right = matricesOf(stage, 'b', checkTensor(stage, 'b', b), transposeB, 'column')
  if (left.columns !== right.rows) {
    throw new SamepadError(stage, `b must have ${left.columns} rows, as a has columns`, right.rows)
  }
  const { stack, axes } = stacksOf(stage, left, right)
  const shape = [...stack, ...(left.isVector ? [] : [left.rows]), ...(right.isVector ? [] : [right.columns])]
  checkGrown(stage, shape)
  // Programs want rows in memory of many matrices on the right, or where those on the left lie by columns too.
  if (right.isTransposed && (left.isTransposed || axes.some(({ steps }) => steps[2] > 0))) {
    const order = [...right.shape.keys()]
    const turned = transpose(b, [...order.slice(0, -2), ...order.slice(-2).toReversed()])
    return matmul(a, turned, { ...options, transposeB: false })
  }
  const result = resultOf(stage, output, shape)
  checkApart(stage, 'a', left, result)
  checkApart(stage, 'b', right, result)
  multiply(axes, left, right, result)
  const steps: ElementwiseStep[] = bias === undefined ? [] : [{ add: bias }]
  if (activation !== undefined) steps.push(activation)
  const filled = output ?? result
  return steps.length > 0 ? runChain(stage, filled, steps, { output: filled }) : filled
}

/** The dimensions around matrices, broadcast, and as axes: in matrices of the result, of the left, and of the right. */
function stacksOf(
  stage: string,
  left: MatrixStack,
  right: MatrixStack,
): { stack: readonly number[]; axes: SharedAxis[] } {
  const around = (what: string, { data, stack }: MatrixStack) => ({ what, tensor: { data, shape: stack } })
  const stack = broadcastShape(stage, [around('the stack of a', left), around('the stack of b', right)])
  const steps = [stack, left.stack, right.stack].map((own) => broadcastSteps(own, stack))
  return { stack, axes: joined(stack.map((size, axis) => ({ size, steps: steps.map((list) => list[axis]) }))) }
}

/** Multiplies all matrices: the innermost axis of the stacks at once where it can be, the others one after the other. */
function multiply(axes: readonly SharedAxis[], left: MatrixStack, right: MatrixStack, result: Tensor): void {
  const { problem, weights, steps, isWhole } = productOf(left, right, axes.at(-1))
  let places = [[0, 0, 0]]
  for (const { size, steps } of isWhole ? axes.slice(0, -1) : axes) {
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, index) => place.map((at, tensor) => at + index * steps[tensor])),
    )
  }
  const { batch, groups, inChannels, outChannels, geometry } = problem
  const cells = batch * geometry.axes[0].input
  const [filter, input] = weights === 'left' ? [left, right] : [right, left]
  const part = (matrices: MatrixStack, place: readonly number[], length: number): Float32Array => {
    const begin = place[matrices === left ? 1 : 2] * matrices.rows * matrices.columns
    return matrices.data.subarray(begin, begin + length)
  }
  // All are looked up before the first runs: program memory may move then.
  const runs = places.map((place) => {
    const begin = place[0] * left.rows * right.columns
    return {
      weights: settled(part(filter, place, (outChannels * inChannels) / groups)),
      input: new Values(part(input, place, inChannels * cells)),
      output: new Values(result.data.subarray(begin, begin + outChannels * cells)),
    }
  })
  const operation = { plan: planFilter, reference }
  for (const { weights, input, output } of runs) {
    computeOnce({ operation, filter: { weights, steps, bias: undefined } }, problem, input, output)
  }
}

/** Options of `prepareMatmul`. */
export interface PrepareMatmulOptions
  extends Pick<FilterOptions, 'bias' | 'activation'>,
    Omit<PrepareOptions, 'residual'> {
  /** Whether the matrix is `[columns, inner]`, as PyTorch and TensorFlow Lite have dense layers. Default: false. */
  readonly transposeB?: boolean | undefined
}

/**
 * Packs the matrix on the right of a product once: a dense layer. `run` takes `[..., inner]` and gives `[..., columns]`.
 *
 * @param b `[inner, columns]`; copied
 * @throws SamepadError on what is no matrix, or a bias that has not one number for each column
 */
export function prepareMatmul(b: TensorLike, options: PrepareMatmulOptions = {}): Layer {
  const stage = 'prepareMatmul'
  checkOptions(stage, options, ['transposeB', 'bias', 'activation', 'deterministic', 'threads'])
  const { transposeB = false, ...others } = options
  checkBoolean(stage, 'transposeB', transposeB)
  const { data, shape } = checkTensor(stage, 'b', b)
  if (shape.length !== 2) throw new SamepadError(stage, 'b must have two dimensions', shape)
  return new DenseLayer({ data, shape }, transposeB, others)
}

/** A convolution with a kernel of one tap, to which all but the last dimension are cells of one image. */
class DenseLayer extends PreparedLayer {
  readonly #inner: number
  readonly #columns: number

  constructor({ data, shape }: Tensor, isTransposed: boolean, options: Omit<PrepareMatmulOptions, 'transposeB'>) {
    const [columns, inner] = isTransposed ? shape : shape.toReversed()
    const weights = { data, shape: isTransposed ? [columns, 1, inner] : [1, inner, columns] }
    const weightsLayout = isTransposed ? 'ohwi' : 'hwio'
    const all = { ...options, layout: 'nhwc', weightsLayout } as const
    super(filterLayer('prepareMatmul', { op: 'conv', reference }, weights, all, ['deterministic', 'threads']))
    this.#inner = inner
    this.#columns = columns
  }

  override async ready(shape: readonly number[]): Promise<void> {
    const sizes = this.#checked(checkShape('prepareMatmul', 'input', shape, 1))
    const cells = elementsOf('prepareMatmul', 'input', sizes) / this.#inner
    await super.ready([1, cells, this.#inner])
  }

  #checked(shape: readonly number[]): readonly number[] {
    if (shape.at(-1) === this.#inner) return shape
    throw new SamepadError('prepareMatmul', `input must have ${this.#inner} as its last dimension`, shape)
  }

  override run(input: TensorLike, output?: undefined): Tensor<ArrayBuffer>
  override run<Output extends Tensor>(input: TensorLike, output: Output): Output
  override run(input: TensorLike, output?: Tensor): Tensor {
    const { x, y, shape } = this.#flat(input, output)
    if (!y) return { ...super.run(x), shape }
    super.run(x, y)
    return output as Tensor
  }

  override runAsync(input: TensorLike, output?: undefined): Promise<Tensor<ArrayBuffer>>
  override runAsync<Output extends Tensor>(input: TensorLike, output: Output): Promise<Output>
  override async runAsync(input: TensorLike, output?: Tensor): Promise<Tensor> {
    const { x, y, shape } = this.#flat(input, output)
    if (!y) return { ...(await super.runAsync(x)), shape }
    await super.runAsync(x, y)
    return output as Tensor
  }

  /** The tensors of a run as those of a convolution. */
  #flat(input: TensorLike, output: Tensor | undefined): { x: Tensor; y: Tensor | undefined; shape: readonly number[] } {
    const stage = 'prepareMatmul'
    const { data, shape: given } = checkTensor(stage, 'input', input)
    const shape = this.#checked(given).with(-1, this.#columns)
    const cells = data.length / this.#inner
    const x = { data, shape: [1, cells, this.#inner] }
    const y = output && { data: resultOf(stage, output, shape).data, shape: [1, cells, this.#columns] }
    return { x, y, shape }
  }
}
