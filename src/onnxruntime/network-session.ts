import { SamepadError, Verbatim } from '../geometry/error.ts'
import type { LoadedNetwork, NetworkValue, TensorLike } from '../graph.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { elementsOfTensor, fillElements, fromRuntime, isTaken, toElements } from './elements.ts'
import type {
  RuntimeFetches,
  RuntimeTensor,
  RuntimeTensorClass,
  RuntimeTensors,
  RuntimeType,
  RuntimeValue,
  SessionValues,
} from './runtime.ts'

/** An input or output whose type samepad takes. */
interface TypedValue extends NetworkValue {
  readonly type: RuntimeType
}

/** A network of samepad with the inputs and outputs of a session. */
export class NetworkSession implements SessionValues {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly inputMetadata: readonly RuntimeValue[]
  readonly outputMetadata: readonly RuntimeValue[]
  readonly #network: LoadedNetwork
  readonly #Tensor: RuntimeTensorClass
  readonly #inputs: readonly TypedValue[]
  readonly #outputs: ReadonlyMap<string, TypedValue>

  /**
   * @param Tensor the class of the outputs
   * @throws SamepadError where an input or output is of a type that samepad does not take
   */
  constructor(network: LoadedNetwork, Tensor: RuntimeTensorClass) {
    this.#network = network
    this.#Tensor = Tensor
    this.#inputs = network.inputs.map((value) => typed('input', value))
    const outputs = network.outputs.map((value) => typed('output', value))
    this.#outputs = new Map(outputs.map((value) => [value.name, value]))
    this.inputNames = network.inputs.map(({ name }) => name)
    this.outputNames = network.outputs.map(({ name }) => name)
    this.inputMetadata = this.#inputs.map(described)
    this.outputMetadata = outputs.map(described)
  }

  /**
   * Runs the network.
   *
   * @param fetches the outputs that are wanted, with null, or with tensors to write into
   * @throws SamepadError on tensors of other types or shapes, and on sizes that samepad refuses
   */
  run(feeds: RuntimeTensors, fetches: RuntimeFetches): RuntimeTensors {
    const inputs: Record<string, TensorLike> = {}
    for (const { name, type } of this.#inputs) inputs[name] = fromRuntime(`input ${name}`, feeds[name], type)
    const wanted = Object.entries(fetches)
    const targets: Record<string, Tensor> = {}
    for (const [name, target] of wanted) {
      const data = target && elementsOfTensor(`output ${name}`, target, this.#typeOf(name))
      if (target && data instanceof Float32Array) targets[name] = { data, shape: target.dims }
    }
    const results = this.#network.run(inputs, targets)
    return Object.fromEntries(wanted.map(([name, target]) => [name, this.#given(name, results[name], target)]))
  }

  release(): void {
    this.#network.release()
  }

  /** A result in the caller's tensor, or in a new one. */
  #given(name: string, { data, shape }: Tensor, target: RuntimeTensor | null): RuntimeTensor {
    const type = this.#typeOf(name)
    if (!target) return new this.#Tensor(type, toElements(data, type), shape)
    const into = elementsOfTensor(`output ${name}`, target, type)
    if (String(target.dims) !== String(shape)) {
      throw new SamepadError('run', `output ${name} must have shape [${shape}]`, target.dims)
    }
    if (into !== data) fillElements(into, data)
    return target
  }

  #typeOf(name: string): RuntimeType {
    const type = this.#outputs.get(name)?.type
    if (type) return type
    throw new SamepadError('run', `an output must be one of ${this.outputNames.join(', ')}`, name)
  }
}

function typed(kind: string, value: NetworkValue): TypedValue {
  const { name, type } = value
  if (isTaken(type)) return { ...value, type }
  throw new SamepadError(
    'onnxruntime',
    `${kind} ${name} must be of a type that samepad takes`,
    new Verbatim(type ?? 'none'),
  )
}

/** As onnxruntime says it: an open size by its name, which may be empty, and no sizes where their number is open. */
function described({ name, type, shape = [] }: TypedValue): RuntimeValue {
  return { name, isTensor: true, type, shape: shape.map((size) => size ?? '') }
}
