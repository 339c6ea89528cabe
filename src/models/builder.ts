import { linesOf } from '../bytes/lines.ts'
import type {
  Attribute,
  Dimension,
  Frame,
  FunctionDefinition,
  Graph,
  Model,
  Node,
  Shape,
  Span,
  StoredTensor,
  ValueInfo,
} from '../network/model.ts'

/** The value of an attribute: an integer or integers, a float or floats, or a text. */
export type AttributeInput =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | undefined

/** A range of bytes of the file, or none where a reader has no place. */
const frameOf = ({ begin, end }: Span): Frame => ({ start: begin, prefix: begin, begin, end })
const nowhere: Frame = frameOf({ begin: 0, end: 0 })

/** What a model says of itself. */
export interface Head {
  readonly producerName?: string | undefined
  readonly producerVersion?: string | undefined
  /** The framework whose conventions the paddings of its windows are named in. */
  readonly framework: string
  /** How the format writes padding, where its files are rewritten. */
  readonly respell?: Model['respell']
  readonly following?: Model['following']
}

/** A file by what a model says of it. */
export type File = Pick<Model, 'size' | 'path'>

/** Puts a model together, node by node, in the words of the operators' rows. What every reader does stands here once. */
export class ModelBuilder {
  readonly #inputs: ValueInfo[] = []
  readonly #outputs: ValueInfo[] = []
  readonly #initializers: StoredTensor[] = []
  readonly #constants = new Map<string, StoredTensor>()
  readonly #values: ValueInfo[] = []
  readonly #nodes: Node[] = []
  readonly #functions: FunctionDefinition[] = []
  readonly #lineOf: ((place: number) => number) | undefined
  #made = 0

  /** @param text the whole file where that is a text, whose lines are then told */
  constructor(text?: Uint8Array) {
    this.#lineOf = text && linesOf(text)
  }

  input(name: string, shape: Shape | undefined, elementType = 0): string {
    this.#inputs.push({ frame: nowhere, name, elementType, shape })
    return name
  }

  output(name: string, shape?: Shape | undefined): void {
    this.#outputs.push({ frame: nowhere, name, elementType: 0, shape })
  }

  /** What the file says of a value between. */
  value(name: string, shape: Shape | undefined, elementType = 0): void {
    this.#values.push({ frame: nowhere, name, elementType, shape })
  }

  /** A constant. Its values are read when something computes with them. */
  constant(
    name: string,
    dims: readonly number[],
    values: () => readonly number[] | undefined = () => undefined,
    elementType = 0,
    data: Span | undefined = undefined,
  ): string {
    const tensor = { frame: data ? frameOf(data) : nowhere, name, dims, elementType, data, values }
    this.#initializers.push(tensor)
    this.#constants.set(name, tensor)
    return name
  }

  /** A constant without a name of its own, such as weights in the order [out, in / groups, ...kernel]. */
  made(dims: readonly number[], values?: readonly number[]): string {
    return this.constant(`#${++this.#made}`, dims, values && (() => values))
  }

  /** Pads written as a row of [begin, end] for each axis, in ONNX's order: all begins before all ends. */
  flatPads(rows: string): string {
    const [turned, flat] = [`#${++this.#made}`, `#${++this.#made}`]
    this.node('Transpose', [rows], [turned], { perm: [1, 0] })
    this.node('Reshape', [turned, this.made([1], [-1])], [flat])
    return flat
  }

  /** The values of a constant that was added before, where they are known. */
  valuesOf(name: string): readonly number[] | undefined {
    return this.#constants.get(name)?.values()
  }

  dimsOf(name: string): readonly number[] | undefined {
    return this.#constants.get(name)?.dims
  }

  /** Puts other nodes in the place of those that were added. */
  rewrite(change: (nodes: readonly Node[]) => readonly Node[]): void {
    this.#nodes.splice(0, this.#nodes.length, ...change(this.#nodes))
  }

  function(definition: FunctionDefinition): void {
    this.#functions.push(definition)
  }

  /** What was added, as the body of a function. A function has no initializers, so its constants are nodes. */
  functionOf(domain: string, name: string, inputs: readonly string[], outputs: readonly string[]): FunctionDefinition {
    const constants = this.#initializers.map(
      (tensor): Node => ({
        ...{
          frame: nowhere,
          name: tensor.name,
          opType: 'Constant',
          domain: '',
          overload: '',
          inputs: [],
          inputFrames: [],
        },
        outputs: [tensor.name],
        attributes: [{ frame: nowhere, name: 'value', tensor }],
      }),
    )
    return {
      ...{ name, domain, overload: '', frame: nowhere, nodes: [...constants, ...this.#nodes], values: this.#values },
      ...{ inputs, outputs, opsets: new Map(), defaults: [] },
    }
  }

  node(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, AttributeInput>> = {},
    place: { readonly name?: string; readonly span?: Span | undefined; readonly domain?: string } = {},
  ): void {
    const frame = place.span ? frameOf(place.span) : nowhere
    this.#nodes.push({
      ...{ frame, line: place.span && this.#lineOf?.(place.span.begin), name: place.name ?? '' },
      ...{ opType, domain: place.domain ?? '', overload: '', inputs, outputs },
      inputFrames: inputs.map(() => nowhere),
      attributes: Object.entries(attributes).flatMap(([name, value]) => attributeOf(name, value, frame)),
    })
  }

  /** @param file the file that it was read from */
  model({ size, path }: File, { producerName = '', producerVersion = '', framework, respell, following }: Head): Model {
    const graph: Graph = {
      ...{ name: '', frame: nowhere, nodes: this.#nodes, values: this.#values },
      ...{ initializers: this.#initializers, inputs: this.#inputs, outputs: this.#outputs },
    }
    const frame = frameOf({ begin: 0, end: size })
    return {
      ...{ size, path, frame, irVersion: 0, producerName, producerVersion, framework },
      ...{ respell, following },
      ...{ opsets: new Map([['', 27]]), graph, functions: this.#functions },
    }
  }
}

function attributeOf(name: string, value: AttributeInput, frame: Frame): Attribute[] {
  if (value === undefined) return []
  if (typeof value === 'number') return [{ frame, name, int: value }]
  if (typeof value === 'string') return [{ frame, name, string: value }]
  if ('float' in value) return [{ frame, name, float: value.float }]
  if ('floats' in value) return [{ frame, name, floats: value.floats }]
  return [{ frame, name, ints: value }]
}

/** A size as readers find it: negative ones are open. */
export const openSize = (size: number): Dimension => (size >= 0 ? size : undefined)
