import type { Frame, Shape, Span } from '../../network/model.ts'

/** The value of an attribute; one of them is there. */
export interface TfAttribute {
  readonly text?: string | undefined
  readonly int?: number | undefined
  readonly bool?: boolean | undefined
  readonly ints?: readonly number[] | undefined
  readonly shape?: Shape | undefined
  readonly tensor?: TfTensor | undefined
  /** The name of a function. */
  readonly call?: string | undefined
}

/** A constant. */
export interface TfTensor {
  readonly dims: readonly number[]
  /** Its elements, of small ones of integers. */
  values(): readonly number[] | undefined
}

/** Where a node of a binary file has its padding, as far as it is written. */
export interface NodePlaces {
  readonly frame: Frame
  /** The value of its attribute `padding`, and of `explicit_paddings`. */
  readonly padding: Frame | undefined
  readonly numbers: Frame | undefined
}

/** A node of a graph as the file has it. */
export interface TfNode {
  readonly name: string
  readonly op: string
  /** As they are written: `x`, `x:1`, `^control`, within a function `x:output:0`. */
  readonly inputs: readonly string[]
  readonly attributes: ReadonlyMap<string, TfAttribute>
  readonly place: Span
  /** Where it lies in a binary file. */
  readonly places?: NodePlaces
}

/** A function that nodes call by its name. */
export interface TfFunction {
  readonly name: string
  readonly inputs: readonly string[]
  /** What it returns, as references within it. */
  readonly outputs: readonly string[]
  readonly nodes: readonly TfNode[]
}

/** A graph of TensorFlow, whichever file it comes from. */
export interface TfGraph {
  readonly nodes: readonly TfNode[]
  readonly functions: readonly TfFunction[]
  /** Constants that lie outside of the nodes, by the name of their node. */
  readonly constants: ReadonlyMap<string, TfTensor>
  /** Who wrote it. */
  readonly producer: string
}

/** The value that a reference names: `x:0` and `x:output:0` are `x`, the first output; control inputs are none. */
export function referenced(reference: string): string | undefined {
  if (reference.startsWith('^')) return undefined
  const parts = reference.split(':')
  const output = parts.length > 1 ? parts[parts.length - 1] : '0'
  return output === '0' ? parts[0] : `${parts[0]}:${output}`
}
