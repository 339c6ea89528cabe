import type { Span } from '../bytes/bytes.ts'
import type { Pads } from '../geometry/index.ts'
import type { Dimension, Shape } from '../operators/fact.ts'

export type { Dimension, Shape, Span }

/**
 * Where a message lies in the file. `begin` to `end` is its content; the tag and the length stand before it. The chain
 * of parents is the chain of lengths that change with its content.
 */
export interface Frame extends Span {
  /** First byte of its tag: from here to `end` is the whole field. 0 for the model itself, which has no tag. */
  readonly start: number
  /** First byte of its length; equal to `begin` for the model itself. */
  readonly prefix: number
  /** The message that it is a part of; none for the model itself. */
  readonly parent?: Frame | undefined
}

/**
 * A model as its file has it, in the words of ONNX's operators whatever its format, without the values of large tensors. It is
 * not changed: edits are made on the bytes of the file.
 */
export interface Model {
  /** Bytes of the file. */
  readonly size: number
  /** Where it was read from, if that was a path. */
  readonly path?: string | undefined
  readonly frame: Frame
  /** 0 where the file does not say. */
  readonly irVersion: number
  /** Who wrote it, `pytorch`, `tf2onnx`, ...; empty where the file does not say. */
  readonly producerName: string
  readonly producerVersion: string
  /** The format of its file, as people call it; undefined where it was not read from one. */
  readonly format?: string | undefined
  /** The framework whose conventions the paddings of its windows are named in; ONNX's own where nothing is said. */
  readonly framework?: string | undefined
  /** Version of each operator set by domain; ONNX's own is `''`. */
  readonly opsets: ReadonlyMap<string, number>
  readonly graph: Graph
  readonly functions: readonly FunctionDefinition[]
  /** How its format writes padding; undefined where files of the format are not rewritten. */
  readonly respell?: Respell | undefined
  /** How its format writes open sizes; undefined where files of the format are not rewritten so. */
  readonly reopen?: ((opening: Opening) => readonly Edit[]) | undefined
  /** Files beside it that hold small constants, such as pads and axes, and could not be read. */
  readonly missing?: readonly string[] | undefined
  /** Edits that follow from others, such as those of a checksum. */
  readonly following?: ((edits: readonly Edit[]) => readonly Edit[]) | undefined
}

/** Bytes that take the place of others, at offsets of the original file. */
export interface Edit {
  /** First byte that is replaced. Equal to `end` where bytes are only put in. */
  readonly begin: number
  readonly end: number
  readonly bytes: Uint8Array
  /** The innermost message whose content this lies in, in formats that write lengths: they change, and those around. */
  readonly within?: Frame | undefined
}

/** What is to be written: padding as numbers or by a rule, and what goes with it. */
export interface Rewrite {
  readonly padding: readonly Pads[] | SameWord
  /** A rule that would do as well as the numbers, in formats that have no numbers. */
  readonly word?: SameWord | undefined
  /** Transposed: cells added at the end. */
  readonly outputPadding?: readonly number[] | undefined
  /** What an average has to say of its divisor. */
  readonly countIncludePad?: boolean | undefined
  /** The `Pad` that is taken out with its pads, and the nodes between it and the one that is rewritten. */
  readonly folded?: FoldedPad | undefined
  /** The `Pad` that is put in front. */
  readonly inFront?: NewPad | undefined
}
export type SameWord = 'SAME_UPPER' | 'SAME_LOWER'

/** A `Pad` that is worked into the node behind it. */
export interface FoldedPad {
  readonly node: Node
  readonly body: Body
  readonly pads: readonly Pads[] | undefined
  readonly through: readonly Node[]
}

/** A `Pad` that is written in front of a node: zeros, the least value of the type, or another value, by its name. */
export interface NewPad {
  readonly pads: readonly Pads[]
  readonly holds: { readonly kind: 'zeros' | 'least' | 'named'; readonly name?: string }
}

/** What a model's file says otherwise so that it takes any size. */
export interface Opening {
  /** Inputs and outputs with their new shapes. */
  readonly values: readonly { readonly info: ValueInfo; readonly shape: Shape }[]
  /** What the file says of values whose sizes are open now. */
  readonly stale: readonly ValueInfo[]
  /** Resizes that are told factors in place of sizes. */
  readonly resizes: readonly { readonly node: Node; readonly scales: readonly number[] }[]
  /** Reshapes that only move axes of one, as the order of axes of a `Transpose`. */
  readonly transposes: readonly { readonly node: Node; readonly order: readonly number[] }[]
  /** Reshapes with another target: 0 takes the size of the input, -1 what is left. */
  readonly reshapes: readonly { readonly node: Node; readonly target: readonly number[] }[]
}

/** A node that is rewritten. */
export interface RewriteSite {
  readonly node: Node
  readonly body: Body
  readonly opset: number
  readonly elementType: number
}

/**
 * The edits that write a node otherwise, all else untouched; none where it is written so already.
 *
 * @returns as a clause why the format cannot say it, or why it cannot be said where the node stands
 */
export type Respell = (site: RewriteSite, rewrite: Rewrite) => readonly Edit[] | Refused
export interface Refused {
  readonly refused: string
}

/** What has nodes: a graph, one that is the attribute of a node, or the body of a function. */
export interface Body {
  readonly name: string
  readonly frame: Frame
  readonly nodes: readonly Node[]
  /** Types of values within. */
  readonly values: readonly ValueInfo[]
  /** What leaves it; a function has names only. */
  readonly outputs: readonly (ValueInfo | string)[]
}

/** The model's graph, or one that is an attribute (a branch of `If`, a body of `Loop` or `Scan`). */
export interface Graph extends Body {
  readonly initializers: readonly StoredTensor[]
  /** Files before IR version 4 list the initializers here too. */
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
}

/** An operator that the model defines by nodes. */
export interface FunctionDefinition extends Body {
  readonly domain: string
  readonly overload: string
  /** Names only: a function has the types of its callers. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Its own operator sets. */
  readonly opsets: ReadonlyMap<string, number>
  /** Attributes with a default. */
  readonly defaults: readonly Attribute[]
}

/** An application of an operator. */
export interface Node {
  readonly frame: Frame
  /** The line of a text that it begins on, from 1; undefined where the file is no text. */
  readonly line?: number | undefined
  readonly name: string
  readonly opType: string
  readonly domain: string
  readonly overload: string
  /** Names of values; `''` is an optional input that is left out. */
  readonly inputs: readonly string[]
  /** Where each input's name lies. */
  readonly inputFrames: readonly Frame[]
  readonly outputs: readonly string[]
  readonly attributes: readonly Attribute[]
}

/**
 * An attribute; one of the values is there, the one that the exporter wrote. Lists and texts of more than 4096 entries
 * or bytes are left out.
 */
export interface Attribute {
  readonly frame: Frame
  readonly name: string
  readonly int?: number | undefined
  readonly float?: number | undefined
  readonly string?: string | undefined
  readonly tensor?: StoredTensor | undefined
  readonly graph?: Graph | undefined
  readonly ints?: readonly number[] | undefined
  readonly floats?: readonly number[] | undefined
  readonly strings?: readonly string[] | undefined
  readonly tensors?: readonly StoredTensor[] | undefined
  readonly graphs?: readonly Graph[] | undefined
  /** Inside a function: the attribute of the call whose value this takes. */
  readonly reference?: string | undefined
}

/** Values in a file of their own. */
export interface ExternalData {
  /** Path within the model's folder, with `/`. */
  readonly location: string
  /** First byte in that file. */
  readonly offset: number
  /** Bytes; undefined where the file's end is meant. */
  readonly length: number | undefined
}

/** A tensor of the file: an initializer, or the value of an attribute. */
export interface StoredTensor {
  readonly frame: Frame
  readonly name: string
  readonly dims: readonly number[]
  /** ONNX's number for the type of its elements: 1 is float32, 7 is int64. */
  readonly elementType: number
  /** Where the values lie: in this file, in another, or nowhere (no elements, texts). */
  readonly data: Span | ExternalData | undefined
  /** Whether they are a list of protocol buffers' numbers (ONNX's `int64_data`), and no little-endian elements in a row. */
  readonly isTyped?: boolean | undefined
  /**
   * The values in row-major order, read when first asked for. Undefined where there are more than 512 of them, where they
   * lie in another file, and where they are no real numbers. Integers beyond 2^53 are rounded.
   */
  values(): readonly number[] | undefined
}

/** What the file says of a value. */
export interface ValueInfo {
  readonly frame: Frame
  readonly name: string
  /** ONNX's number for the type of elements, 0 where it is not a tensor or not said. */
  readonly elementType: number
  /** Undefined where not even the rank is said. */
  readonly shape: Shape | undefined
}

/** What a node is called: by its name, or by what it is: `Conv 'y'`. */
export function labelOf({ name, opType, outputs }: Node): string {
  return name || `${opType} '${outputs[0] ?? ''}'`
}

/** The attribute of a name. */
export function attributeOf(node: Node, name: string): Attribute | undefined {
  return node.attributes.find((attribute) => attribute.name === name)
}

/** Whose words a model's paddings are in, where nothing is said. */
const OWN = 'onnx'

/** The framework in whose words the paddings of a model's windows are. */
export const frameworkOfModel = ({ framework = OWN }: Pick<Model, 'framework'>): string => framework

/** The inputs of a model that are no constants of the file: files before IR version 4 list their initializers too. */
export function inputsOf({ graph }: Pick<Model, 'graph'>): ValueInfo[] {
  const constants = new Set(graph.initializers.map(({ name }) => name))
  return graph.inputs.filter(({ name }) => !constants.has(name))
}
